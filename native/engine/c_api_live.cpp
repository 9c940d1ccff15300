// The bodies of the C API's part on playing.
#include "engine/c_api_handles.h"

#include <array>
#include <new>

using amp::engine::LiveOutput;
using amp::engine::Telemetry;
using amp::engine::Xrun;
using amp::engine::XrunCause;

static_assert(static_cast<int>(XrunCause::node_late) == AMP_XRUN_NODE_LATE &&
              static_cast<int>(XrunCause::thread_not_run) == AMP_XRUN_THREAD_NOT_RUN &&
              static_cast<int>(XrunCause::device_not_run) == AMP_XRUN_DEVICE_NOT_RUN &&
              static_cast<int>(XrunCause::anchor) == AMP_XRUN_ANCHOR);

static_assert(static_cast<int>(amp::engine::GateState::closed) == AMP_GATE_CLOSED &&
              static_cast<int>(amp::engine::GateState::open) == AMP_GATE_OPEN &&
              static_cast<int>(amp::engine::GateState::closing) == AMP_GATE_CLOSING &&
              static_cast<int>(amp::engine::GateState::opening) == AMP_GATE_OPENING);

amp_streamer_settings amp_streamer_settings_live(int32_t block, int32_t workers) {
    amp_streamer_settings settings{};
    settings.block = block;
    settings.workers = workers;
    settings.in_flight = 1;
    settings.real_time = 1;
    settings.journal = 1;
    settings.live = 1;
    return settings;
}

double amp_streamer_sample_rate(const amp_streamer* streamer) { return streamer->streamer->sample_rate(); }

int32_t amp_streamer_block(const amp_streamer* streamer) { return streamer->streamer->block(); }

int amp_streamer_output_descriptor(const amp_streamer* streamer) {
    const LiveOutput* const output = streamer->streamer->live_output();
    return output == nullptr ? -1 : output->memory().descriptor();
}

amp_status amp_streamer_start_clock(amp_streamer* streamer) {
    LiveOutput* const output = streamer->streamer->live_output();
    if (output == nullptr) {
        return AMP_E_UNSUPPORTED;
    }
    return output->start_clock().ok() ? AMP_OK : AMP_E_THREAD;
}

int64_t amp_streamer_event_frame(const amp_streamer* streamer, int64_t arrival_ns) {
    const LiveOutput* const output = streamer->streamer->live_output();
    return output == nullptr ? 0 : output->event_frame(arrival_ns);
}

int64_t amp_streamer_frame_time(const amp_streamer* streamer, int64_t frame) {
    const LiveOutput* const output = streamer->streamer->live_output();
    return output == nullptr ? 0 : output->frame_time(frame + streamer->streamer->output_latency());
}

amp_status amp_streamer_read_output(const amp_streamer* streamer, int64_t frame, float* out, int32_t frames,
                                    int32_t* copied) {
    const LiveOutput* const output = streamer->streamer->live_output();
    if (output == nullptr) {
        return AMP_E_UNSUPPORTED;
    }
    if (out == nullptr || frame < 0 || frames < 0) {
        return AMP_E_ARGUMENT;
    }
    const auto samples = static_cast<std::size_t>(frames) * static_cast<std::size_t>(streamer->streamer->channels());
    const auto count = output->read(frame, {out, samples});
    if (copied != nullptr) {
        *copied = count.value_or(0);
    }
    return count ? AMP_OK : AMP_E_NOT_FOUND;
}

amp_live_status amp_streamer_live_status(const amp_streamer* streamer, int64_t load_since) {
    const amp::engine::AmpGraphStreamer& made = *streamer->streamer;
    amp_live_status status{};
    status.workers = made.workers();
    status.real_time_workers = made.real_time_workers();
    const auto counts = made.event_counts();
    status.late_events = counts.late;
    status.lost_events = counts.lost;
    status.shed_voices = made.shed_voices();
    const LiveOutput* const output = made.live_output();
    if (output == nullptr) {
        return status;
    }
    const amp::io::OutputHeader& header = output->header();
    status.made = output->made();
    status.clock = header.clock.load(std::memory_order_relaxed);
    status.owner = header.owner.load(std::memory_order_relaxed);
    status.callbacks = header.callbacks.load(std::memory_order_relaxed);
    status.last_callback_ns = header.last_callback_ns.load(std::memory_order_relaxed);
    status.device_frames = header.device_frames.load(std::memory_order_relaxed);
    status.lookahead = header.lookahead.load(std::memory_order_relaxed);
    status.event_delay = output->event_delay();
    status.missed_frames = header.missed_frames.load(std::memory_order_relaxed);
    status.anchors = header.anchors.load(std::memory_order_relaxed);
    status.device_underflows = header.device_underflows.load(std::memory_order_relaxed);
    status.device_losses = header.device_losses.load(std::memory_order_relaxed);
    const auto load = made.telemetry()->load_since(load_since);
    status.mean_load = load.mean;
    status.worst_load = load.worst;
    status.load_until = load.until * made.block();
    return status;
}

size_t amp_streamer_xruns(amp_streamer* streamer, amp_xrun* out, size_t most) {
    Telemetry* const telemetry = streamer->streamer->telemetry();
    size_t moved = 0;
    Xrun xrun;
    while (telemetry != nullptr && moved < most && telemetry->xruns().read({&xrun, 1}) == 1) {
        amp_xrun& told = out[moved++];
        told.frame = xrun.frame;
        told.frames = xrun.frames;
        told.cause = static_cast<int32_t>(xrun.cause);
        told.node = xrun.node;
        told.cpu_seconds = xrun.cpu_seconds;
        told.wall_seconds = xrun.wall_seconds;
        told.budget_seconds = xrun.budget_seconds;
    }
    return moved;
}

amp_status amp_streamer_snapshot(const amp_streamer* streamer, amp_snapshot* snapshot) {
    const Telemetry* const telemetry = streamer->streamer->telemetry();
    if (telemetry == nullptr) {
        return AMP_E_UNSUPPORTED;
    }
    if (snapshot == nullptr || snapshot->version != AMP_SNAPSHOT_VERSION) {
        return AMP_E_ARGUMENT;
    }
    const auto plan = streamer->streamer->find_plan();
    return telemetry->read(*plan->telemetry, *snapshot) ? AMP_OK : AMP_E_TIMEOUT;
}

size_t amp_streamer_gates(const amp_streamer* streamer, amp_gate_status* out, size_t most) {
    const auto plan = streamer->streamer->find_plan();
    for (std::uint32_t i = 0; i < std::min<size_t>(plan->graph->gates(), most); ++i) {
        const amp::engine::GateStatus gate = plan->graph->gate_status(i);
        out[i] = {static_cast<int32_t>(gate.state), gate.opens ? 1 : 0, gate.change_frame, gate.held};
    }
    return plan->graph->gates();
}

size_t amp_streamer_heat(const amp_streamer* streamer, amp_heat* out, size_t most) {
    const auto plan = streamer->streamer->find_plan();
    size_t count = 0;
    for (const auto& node : plan->graph->nodes()) {
        const amp::engine::Thermal& thermal = node->thermal;
        thermal.for_each_group([&](const amp::engine::HeatOfGroup& group) {
            if (count < most) {
                out[count] = {node->index, group.input, group.power, group.heat, thermal.shown_gain()};
            }
            ++count;
        });
    }
    return count;
}

amp_status amp_streamer_levels(const amp_streamer* streamer, float* peak, float* rms) {
    const LiveOutput* const output = streamer->streamer->live_output();
    if (output == nullptr) {
        return AMP_E_UNSUPPORTED;
    }
    try {
        for (const LiveOutput::Level& level : output->levels()) {
            *peak++ = level.peak;
            *rms++ = level.rms;
        }
    } catch (const std::bad_alloc&) {
        return AMP_E_MEMORY;
    }
    return AMP_OK;
}

// The bodies of the C API: arguments are checked here, and nothing is thrown across it.
#include "engine/c_api_events.h"
#include "engine/c_api_failure.h"
#include "engine/c_api_handles.h"
#include "engine/describe.h"
#include "plan/reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string>

using amp::engine::fail;
using amp::engine::guarded;
using amp::engine::status_of;

namespace {

// Copies what `make` gives, as far as it fits; 0 if there is no memory for it.
template <class Make>
size_t copy_text(Make&& make, char* text, size_t size) {
    try {
        const std::string content = make();
        if (text != nullptr && size > 0) {
            const size_t copied = std::min(content.size(), size - 1);
            std::memcpy(text, content.data(), copied);
            text[copied] = '\0';
        }
        return content.size();
    } catch (const std::bad_alloc&) {
        return 0;
    }
}

// True if the plan has what the event sets.
bool has_target(const amp::engine::PlanInstance& plan, const amp_event& event) {
    switch (event.kind) {
    case AMP_EVENT_SET_EDGE_GAIN:
        return plan.has_edge(event.node);
    case AMP_EVENT_SET_GATE:
        return event.node < plan.graph->gates();
    case AMP_EVENT_DRAIN_NODE:
        return plan.has_node(event.node);
    case AMP_EVENT_SHED_VOICE:
        return plan.has_voice(event.node, event.parameter);
    default:
        return plan.has_parameter(event.node, event.parameter);
    }
}

// An applied event as the host posted it, but for its frame.
amp_applied_event told(const amp::control::AppliedEvent& applied) {
    const amp::control::Event& event = applied.event;
    const bool of_edge = event.kind == amp::control::EventKind::set_edge_gain;
    amp_applied_event out{};
    out.event.frame = event.frame;
    out.event.kind = static_cast<int32_t>(event.kind);
    out.event.plan = event.plan;
    out.event.channel = event.channel;
    out.event.note = event.note;
    out.event.node = of_edge ? event.parameter : event.node;
    const bool tells_parameter =
        event.kind == amp::control::EventKind::set_parameter || event.kind == amp::control::EventKind::shed_voice;
    out.event.parameter = tells_parameter ? event.parameter : 0;
    out.event.value = event.value;
    out.event.rate = event.rate;
    out.event.acceleration = event.acceleration;
    out.event.area = event.area;
    out.event.at_once = event.at_once ? 1 : 0;
    out.sequence = event.sequence;
    out.was_late = applied.was_late ? 1 : 0;
    return out;
}

} // namespace

const char* amp_status_text(amp_status status) {
    switch (status) {
    case AMP_OK:
        return "done";
    case AMP_E_ARGUMENT:
        return "an argument is out of its range";
    case AMP_E_PLAN:
        return "the plan is corrupted or means nothing";
    case AMP_E_UNSUPPORTED:
        return "not supported by this engine";
    case AMP_E_MEMORY:
        return "not enough memory";
    case AMP_E_THREAD:
        return "the system gives no threads";
    case AMP_E_TIMEOUT:
        return "the time ran out first";
    case AMP_E_NOT_FOUND:
        return "there is no node of that name, or its plan plays no more";
    case AMP_E_FULL:
        return "the event queue is full";
    case AMP_E_BUSY:
        return "something that was asked for before is not done";
    }
    return "an unknown status";
}

const char* amp_version(void) { return "0.1.0"; }

const char* amp_instruction_set(void) {
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VL__)
    return "x86-64-v4";
#elif defined(__AVX2__)
    return "x86-64-v3";
#elif defined(__SSE4_2__)
    return "x86-64-v2";
#elif defined(__x86_64__)
    return "x86-64";
#else
    return "aarch64";
#endif
}

amp_status amp_plan_read(const void* bytes, size_t size, amp_plan** plan, amp_error* error) {
    if (bytes == nullptr || plan == nullptr) {
        return fail(error, AMP_E_ARGUMENT, "bytes and plan must not be null");
    }
    return guarded(error, [&] {
        auto read = amp::plan::read({static_cast<const std::byte*>(bytes), size});
        if (!read.ok()) {
            return fail(error, status_of(read.error().kind), read.error().message);
        }
        *plan = new amp_plan{std::move(read.value())};
        return AMP_OK;
    });
}

void amp_plan_free(amp_plan* plan) { delete plan; }

size_t amp_plan_json(const amp_plan* plan, char* text, size_t size) {
    return copy_text([&] { return amp::engine::describe_plan(plan->description); }, text, size);
}

size_t amp_node_types_json(char* text, size_t size) { return copy_text(amp::engine::describe_node_types, text, size); }

amp_streamer_settings amp_streamer_settings_offline(int32_t block, int32_t workers) {
    // Enough blocks at once that workers meet seldom; one worker gains nothing from more than one.
    amp_streamer_settings settings{};
    settings.block = block;
    settings.workers = workers;
    settings.in_flight = workers > 1 ? 8 : 1;
    settings.output_frames = 16384;
    return settings;
}

amp_status amp_streamer_create(const amp_plan* plan, const amp_streamer_settings* settings, amp_streamer** streamer,
                               amp_error* error) {
    if (plan == nullptr || settings == nullptr || streamer == nullptr) {
        return fail(error, AMP_E_ARGUMENT, "plan, settings and streamer must not be null");
    }
    return guarded(error, [&] {
        amp::engine::StreamerSettings wanted;
        wanted.block = settings->block;
        wanted.workers = settings->workers;
        wanted.in_flight = settings->in_flight;
        wanted.first_frame = settings->first_frame;
        wanted.output_frames = settings->output_frames;
        wanted.real_time = settings->real_time != 0;
        wanted.journal = settings->journal != 0;
        wanted.live = settings->live != 0;
        auto made = amp::engine::AmpGraphStreamer::create(plan->description, wanted);
        if (!made.ok()) {
            return fail(error, status_of(made.error().kind), made.error().message);
        }
        *streamer = new amp_streamer{std::move(made.value())};
        return AMP_OK;
    });
}

void amp_streamer_free(amp_streamer* streamer) { delete streamer; }

int32_t amp_streamer_channels(const amp_streamer* streamer) { return streamer->streamer->channels(); }

int32_t amp_streamer_latency(const amp_streamer* streamer) { return streamer->streamer->output_latency(); }

amp_status amp_streamer_take(amp_streamer* streamer, float* out, int32_t frames, int64_t timeout_ns, int32_t* taken) {
    if (out == nullptr || frames < 0) {
        return AMP_E_ARGUMENT;
    }
    if (streamer->streamer->live_output() != nullptr) {
        return AMP_E_UNSUPPORTED;
    }
    const auto samples = static_cast<std::size_t>(frames) * static_cast<std::size_t>(streamer->streamer->channels());
    const int copied = streamer->streamer->take({out, samples}, timeout_ns);
    if (taken != nullptr) {
        *taken = copied;
    }
    return copied == frames ? AMP_OK : AMP_E_TIMEOUT;
}

amp_status amp_streamer_post(amp_streamer* streamer, const amp_event* event, uint32_t* sequence) {
    if (!amp::engine::has_fitting_numbers(*event)) {
        return AMP_E_ARGUMENT;
    }
    const bool of_plan = amp::engine::is_of_plan(*event);
    const std::uint32_t present = streamer->streamer->present_plan();
    const std::uint32_t number = event->plan == 0 ? present : event->plan;
    const auto plan = streamer->streamer->find_plan(of_plan ? number : present);
    // The plan may have ended: then its events are looked at where they are translated.
    if (of_plan && (plan ? !has_target(*plan, *event) : number >= present)) {
        return AMP_E_ARGUMENT;
    }
    amp::control::Event posted = amp::engine::control_event(*event);
    if (of_plan) {
        posted.plan = number;
    }
    if (event->kind == AMP_EVENT_SET_EDGE_GAIN) {
        posted.node = plan ? plan->edge_target(event->node) : 0;
        posted.parameter = event->node;
    }
    if (event->kind == AMP_EVENT_DRAIN_NODE) {
        posted.parameter = plan ? plan->graph->component_of(event->node) : 0;
    }
    const auto given = streamer->streamer->post(posted);
    if (given && sequence != nullptr) {
        *sequence = *given;
    }
    return given ? AMP_OK : AMP_E_FULL;
}

size_t amp_streamer_applied_events(amp_streamer* streamer, amp_applied_event* out, size_t most) {
    constexpr size_t kAtOnce = 64;
    std::array<amp::control::AppliedEvent, kAtOnce> some;
    size_t moved = 0;
    while (moved < most) {
        const size_t count = streamer->streamer->applied_events({some.data(), std::min(kAtOnce, most - moved)});
        for (size_t i = 0; i < count; ++i) {
            out[moved++] = told(some[i]);
        }
        if (count == 0) {
            break;
        }
    }
    return moved;
}

amp_status amp_streamer_find_node(const amp_streamer* streamer, const char* id, uint32_t* node) {
    const auto found = id == nullptr ? std::nullopt : streamer->streamer->find_plan()->find_node(id);
    if (!found) {
        return AMP_E_NOT_FOUND;
    }
    *node = *found;
    return AMP_OK;
}

amp_status amp_wait_node_completion(amp_streamer* streamer, uint32_t node, int64_t frame, amp_completion_mode mode,
                                    int64_t timeout_ns) {
    return amp_wait_plan_node_completion(streamer, 0, node, frame, mode, timeout_ns);
}

amp_status amp_wait_plan_node_completion(amp_streamer* streamer, uint32_t wanted, uint32_t node, int64_t frame,
                                         amp_completion_mode mode, int64_t timeout_ns) {
    using Wait = amp::engine::AmpGraphStreamer::Wait;
    std::uint32_t number = 0;
    {
        const auto plan = streamer->streamer->find_plan(wanted);
        if (!plan) {
            return AMP_E_NOT_FOUND;
        }
        if (!plan->has_node(node)) {
            return AMP_E_ARGUMENT;
        }
        number = plan->number;
    }
    const auto answer = [](Wait wait) {
        switch (wait) {
        case Wait::done:
            return AMP_OK;
        case Wait::timed_out:
            return AMP_E_TIMEOUT;
        case Wait::plan_is_over:
            break;
        }
        return AMP_E_NOT_FOUND;
    };
    const auto waited = [&](std::int64_t timeout) {
        return answer(streamer->streamer->wait_finished(number, node, frame, timeout));
    };
    switch (mode) {
    case AMP_COMPLETION_POLL:
        return waited(0);
    case AMP_COMPLETION_WAIT:
        return waited(timeout_ns);
    case AMP_COMPLETION_DRAIN: {
        const auto drained =
            frame < 0 ? std::nullopt : streamer->streamer->wait_drained(number, node, frame, timeout_ns);
        return frame < 0 ? AMP_E_ARGUMENT : !drained ? AMP_E_FULL : answer(*drained);
    }
    }
    return AMP_E_ARGUMENT;
}

amp_arena_stats amp_streamer_arena_stats(const amp_streamer* streamer) {
    const auto stats = streamer->streamer->arena_stats();
    const auto growths = streamer->streamer->growths().counts();
    return {stats.reserved,  stats.committed,  stats.used,          stats.largest_hole,
            growths.growths, growths.failures, growths.moved_bytes, growths.waited_nanoseconds};
}

size_t amp_streamer_cohorts_json(const amp_streamer* streamer, char* text, size_t size) {
    const auto plan = streamer->streamer->find_plan();
    return copy_text([&] { return amp::engine::describe_cohorts(plan->graph->cohorts()); }, text, size);
}

size_t amp_streamer_node_faults(amp_streamer* streamer, amp_node_fault* out, size_t most) {
    size_t count = 0;
    amp::engine::NodeFault fault;
    while (count < most && streamer->streamer->node_faults().read({&fault, 1}) == 1) {
        out[count++] = {fault.kind == amp::engine::NodeFaultKind::latency ? AMP_NODE_LATENCY : AMP_NODE_NOT_FINITE,
                        fault.plan,
                        fault.node,
                        fault.batch,
                        fault.channel,
                        fault.frame,
                        fault.declared,
                        fault.measured};
    }
    return count;
}

size_t amp_streamer_growths(amp_streamer* streamer, amp_growth* out, size_t most) {
    size_t count = 0;
    amp::engine::Growth growth;
    while (count < most && streamer->streamer->growths().read({&growth, 1}) == 1) {
        out[count++] = {growth.frame,        growth.plan,
                        growth.node,         growth.output,
                        growth.bytes_before, growth.bytes_after,
                        growth.moved_ahead,  growth.moved_between,
                        growth.nanoseconds,  growth.waited_nanoseconds};
    }
    return count;
}

amp_event_counts amp_streamer_event_counts(const amp_streamer* streamer) {
    const auto counts = streamer->streamer->event_counts();
    return {counts.late, counts.lost};
}

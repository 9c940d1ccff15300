#include "engine/amp_graph_streamer.h"

#include "base/cycle_counter.h"
#include "base/floating_point.h"
#include "base/monotonic_clock.h"
#include "base/thread_role.h"
#include "plan/layout.h"
#include "plan/units.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <system_error>

namespace amp::engine {

namespace {

// The time that is left of a time-out; negative: no limit.
class Deadline {
public:
    explicit Deadline(std::int64_t timeout) {
        const std::int64_t now = monotonic_nanoseconds();
        end_ = timeout < 0 || timeout > INT64_MAX - now ? INT64_MAX : now + timeout;
    }
    std::int64_t left() const {
        return end_ == INT64_MAX ? -1 : std::max<std::int64_t>(0, end_ - monotonic_nanoseconds());
    }
    bool passed() const { return end_ != INT64_MAX && monotonic_nanoseconds() >= end_; }

private:
    std::int64_t end_;
};

// The components' dependencies, and the streamer's own last step behind all outputs.
std::vector<run::Dependency> dependencies_of(const plan::Description& plan, const plan::Layout& layout) {
    std::vector<run::Dependency> dependencies = layout.dependencies;
    for (const plan::Node& node : plan.nodes) {
        if (find_node_type(node.type)->declaration->shape == ShapeRule::output) {
            dependencies.push_back({node.component, static_cast<run::UnitIndex>(plan.components.size()), 0});
        }
    }
    return dependencies;
}

std::int64_t round_up(std::int64_t frames, std::int64_t to) { return (frames + to - 1) / to * to; }

// Frames of a ring from which blocks are taken.
std::int64_t ring_frames(const StreamerSettings& settings) {
    return round_up(std::max(settings.output_frames, settings.block), settings.block) + settings.block;
}

} // namespace

Result<std::unique_ptr<AmpGraphStreamer>> AmpGraphStreamer::create(const plan::Description& plan,
                                                                   const StreamerSettings& settings) {
    const auto outside = [](const char* what, int value, int low, int high) {
        return Error{ErrorKind::bad_argument, std::string(what) + " " + std::to_string(value) + ": " +
                                                  std::to_string(low) + " to " + std::to_string(high) + " fit"};
    };
    if (settings.block < 1 || settings.block > 4096) {
        return outside("block", settings.block, 1, 4096);
    }
    if (settings.workers < 1 || settings.workers > 64) {
        return outside("workers", settings.workers, 1, 64);
    }
    if (settings.in_flight < 1 || settings.in_flight > 64) {
        return outside("blocks in flight", settings.in_flight, 1, 64);
    }
    if (settings.output_frames < 0 || settings.output_frames > (1 << 24)) {
        return outside("output frames", settings.output_frames, 0, 1 << 24);
    }
    if (settings.live && settings.in_flight != 1) {
        return outside("blocks in flight of a streamer that a device paces", settings.in_flight, 1, 1);
    }
    // What is prepared here is part of the bits, whatever rounding the caller has.
    const FloatingPointScope floating_point;
    try {
        auto layout = plan::lay_out(plan, {settings.block, settings.in_flight});
        if (!layout.ok()) {
            return layout.error();
        }
        auto graph = Graph::build(plan, layout.value(), settings.block, settings.workers);
        if (!graph.ok()) {
            return graph.error();
        }
        std::unique_ptr<LiveOutput> live_output;
        if (settings.live) {
            auto made = LiveOutput::create(graph.value()->channels(), settings.block, plan.stream.sample_rate);
            if (!made.ok()) {
                return made.error();
            }
            live_output = std::move(made.value());
        }
        std::unique_ptr<AmpGraphStreamer> streamer(
            new AmpGraphStreamer(plan, layout.value(), std::move(graph.value()), std::move(live_output), settings));
        const run::SchedulerSettings scheduling{settings.workers, settings.in_flight, settings.real_time};
        streamer->program_.emplace(streamer->graph_->components() + 1, dependencies_of(plan, layout.value()),
                                   scheduling);
        streamer->scheduler_.emplace(static_cast<run::Work&>(*streamer), streamer->pace_, *streamer->program_,
                                     scheduling);
        if (streamer->telemetry_) {
            streamer->telemetry_->watch(streamer->scheduler_->cpu_clocks());
        }
        return streamer;
    } catch (const std::bad_alloc&) {
        return Error{ErrorKind::no_memory, "not enough memory for the plan"};
    } catch (const std::system_error& error) {
        return Error{ErrorKind::no_thread, std::string("the system gives no more threads: ") + error.what()};
    }
}

AmpGraphStreamer::AmpGraphStreamer(const plan::Description& plan, const plan::Layout& layout,
                                   std::unique_ptr<Graph> graph, std::unique_ptr<LiveOutput> live_output,
                                   const StreamerSettings& settings)
    : settings_(settings),
      channels_(graph->channels()),
      sample_rate_(plan.stream.sample_rate),
      graph_(std::move(graph)),
      sealer_(Graph::voice_groups(plan, layout), settings.block, settings.in_flight, settings.journal),
      limiter_(channels_, plan::canonical(plan.stream.ceiling, Unit::ratio, plan.stream).value_or(1),
               plan.stream.sample_rate),
      leaves_(graph_->outputs().size()),
      block_frames_(static_cast<std::size_t>(settings.block) * static_cast<std::size_t>(channels_)),
      own_output_(live_output ? 0 : static_cast<std::size_t>(ring_frames(settings) * channels_), 0.0F),
      live_output_(std::move(live_output)),
      telemetry_(live_output_ ? std::make_unique<Telemetry>(plan, layout, graph_->nodes(), settings.workers,
                                                            live_output_->header())
                              : nullptr),
      pace_(live_output_ ? live_output_->header().pace : own_pace_),
      output_(live_output_ ? live_output_->memory().frame(0) : own_output_.data()),
      output_capacity_(live_output_ ? live_output_->memory().geometry().capacity_frames : ring_frames(settings)) {}

AmpGraphStreamer::~AmpGraphStreamer() {
    expect_role(ThreadRole::ordinary);
    scheduler_.reset();
}

void AmpGraphStreamer::seal(const run::Program&, std::int64_t block) {
    expect_role(ThreadRole::worker);
    if (telemetry_) {
        telemetry_->block_begins();
    }
    sealer_.seal(block);
}

void AmpGraphStreamer::run(const run::Program&, run::UnitIndex unit, std::int64_t block, int worker) {
    expect_role(ThreadRole::worker);
    if (unit == graph_->components()) {
        deliver(block);
        return;
    }
    if (telemetry_) {
        const std::uint64_t begin = cycle_counter();
        graph_->run(unit, block, worker, sealer_.sealed(block));
        telemetry_->unit_ran(unit, worker, begin);
    } else {
        graph_->run(unit, block, worker, sealer_.sealed(block));
    }
    if (node_waiters_.load(std::memory_order_seq_cst) > 0) {
        node_finished_.wake(INT32_MAX);
    }
}

void AmpGraphStreamer::complete(std::int64_t block) {
    if (telemetry_) {
        telemetry_->block_is_complete(block);
    }
    // Whoever began to wait while the block's last units looked for waiters is seen here, or sees that they have
    // finished: this writes what the waiter writes too, so one of the two comes first. (A fence would do, but not for
    // the sanitizer.)
    if (node_waiters_.fetch_add(0, std::memory_order_seq_cst) > 0) {
        node_finished_.wake(INT32_MAX);
    }
}

// Sums the outputs of the plan, limits, and hands the frames over to whoever takes them.
void AmpGraphStreamer::deliver(std::int64_t block) {
    const std::int64_t frame = block * settings_.block;
    const int frames = settings_.block;
    for (int channel = 0; channel < channels_; ++channel) {
        std::size_t count = 0;
        for (const GraphNode* node : graph_->outputs()) {
            const Wheel& wheel = *node->outputs.front();
            if (channel < wheel.shape.channels) {
                // A block never wraps: wheels hold whole blocks.
                leaves_[count++] = {wheel.at(frame) + wheel.shape.lane(0, channel), wheel.stride, 1};
            }
        }
        float* const out = block_frames_.data() + static_cast<std::ptrdiff_t>(channel) * frames;
        sum_strided({leaves_.data(), count}, out, 1, frames);
    }
    limiter_.process(block_frames_.data(), frames, frame, frames);
    float* const to = output_ + frame % output_capacity_ * channels_;
    for (int channel = 0; channel < channels_; ++channel) {
        for (int f = 0; f < frames; ++f) {
            to[f * channels_ + channel] = block_frames_[static_cast<std::size_t>(channel * frames + f)];
        }
    }
    if (live_output_) {
        live_output_->publish(frame + frames);
    }
    made_.store(frame + frames, std::memory_order_seq_cst);
    if (frame + frames >= wanted_.load(std::memory_order_seq_cst)) {
        frames_made_.wake(1);
    }
}

void AmpGraphStreamer::allow_up_to(std::int64_t frame) {
    pace_.allow(round_up(frame, settings_.block) / settings_.block);
}

int AmpGraphStreamer::take(std::span<float> out, std::int64_t timeout_nanoseconds) {
    expect_role(ThreadRole::ordinary);
    if (live_output_) {
        return 0;
    }
    const std::int64_t begin = taken_.load(std::memory_order_relaxed);
    const std::int64_t asked = static_cast<std::int64_t>(out.size()) / channels_;
    const Deadline deadline(timeout_nanoseconds);
    std::int64_t at = begin;
    while (at < begin + asked) {
        // What is made beyond the goal, up to the end of its block, needs room too.
        const std::int64_t goal = std::min(begin + asked, at + output_capacity_ - settings_.block);
        allow_up_to(goal);
        while (made_.load(std::memory_order_seq_cst) < goal && !deadline.passed()) {
            const WakeUp::Ticket ticket = frames_made_.ticket();
            wanted_.store(goal, std::memory_order_seq_cst);
            if (made_.load(std::memory_order_seq_cst) < goal) {
                frames_made_.sleep(ticket, deadline.left());
            }
            wanted_.store(INT64_MAX, std::memory_order_seq_cst);
        }
        const std::int64_t end = std::min(goal, made_.load(std::memory_order_acquire));
        if (end == at) {
            break;
        }
        for (; at < end; ++at) {
            std::copy_n(output_ + at % output_capacity_ * channels_, channels_, out.data() + (at - begin) * channels_);
        }
        taken_.store(at, std::memory_order_release);
    }
    return static_cast<int>(at - begin);
}

std::optional<std::uint32_t> AmpGraphStreamer::find_node(std::string_view id) const {
    for (const auto& node : graph_->nodes()) {
        if (node->id == id) {
            return node->index;
        }
    }
    return std::nullopt;
}

std::int64_t AmpGraphStreamer::finished(std::uint32_t node) const {
    return graph_->nodes()[node]->finished.load(std::memory_order_acquire);
}

bool AmpGraphStreamer::wait_finished(std::uint32_t node, std::int64_t frame, std::int64_t timeout_nanoseconds) {
    expect_role(ThreadRole::ordinary);
    const Deadline deadline(timeout_nanoseconds);
    node_waiters_.fetch_add(1, std::memory_order_seq_cst);
    while (finished(node) < frame && !deadline.passed()) {
        const WakeUp::Ticket ticket = node_finished_.ticket();
        if (finished(node) < frame) {
            node_finished_.sleep(ticket, deadline.left());
        }
    }
    node_waiters_.fetch_sub(1, std::memory_order_seq_cst);
    return finished(node) >= frame;
}

} // namespace amp::engine

#include "engine/amp_graph_streamer.h"

#include "base/cycle_counter.h"
#include "base/floating_point.h"
#include "base/monotonic_clock.h"
#include "base/thread_role.h"

#include <algorithm>
#include <new>
#include <string>
#include <system_error>

namespace amp::engine::inline AMP_PRECISION {

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

constexpr std::int64_t kEndOfFrames = std::int64_t{1} << 62;

std::int64_t round_up(std::int64_t frames, std::int64_t to) { return (frames + to - 1) / to * to; }

// Frames of a ring from which blocks are taken.
std::int64_t ring_frames(const StreamerSettings& settings) {
    return round_up(std::max(settings.output_frames, settings.block), settings.block) + settings.block;
}

} // namespace

InstanceSettings instance_settings(const StreamerSettings& settings, double sample_rate) {
    const double block_time = settings.live ? settings.block / sample_rate * 1e9 : 0;
    return {settings.block,
            {settings.workers, settings.in_flight, settings.real_time, settings.first_frame / settings.block,
             static_cast<std::int64_t>(block_time)},
            settings.live};
}

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
    if (settings.first_frame < 0 || settings.first_frame >= kEndOfFrames ||
        settings.first_frame % settings.block != 0 || (settings.live && settings.first_frame != 0)) {
        return Error{ErrorKind::bad_argument, "first frame " + std::to_string(settings.first_frame) +
                                                  ": a multiple of the block below 2^62 fits, 0 if a device paces"};
    }
    if (settings.live && settings.in_flight > kMostInFlight) {
        return outside("blocks in flight of a streamer that a device paces", settings.in_flight, 1, kMostInFlight);
    }
    // What is prepared here is part of the bits, whatever rounding the caller has.
    const FloatingPointScope floating_point;
    try {
        auto built = PlanInstance::build(plan, instance_settings(settings, plan.stream.sample_rate));
        if (!built.ok()) {
            return built.error();
        }
        std::unique_ptr<LiveOutput> live_output;
        if (settings.live) {
            auto made = LiveOutput::create(built.value()->graph->channels(), settings.block, settings.in_flight,
                                           plan.stream.sample_rate);
            if (!made.ok()) {
                return made.error();
            }
            live_output = std::move(made.value());
        }
        PlanInstance& plays = *built.value();
        std::unique_ptr<AmpGraphStreamer> streamer(
            new AmpGraphStreamer(std::move(built.value()), std::move(live_output), settings));
        streamer->scheduler_.emplace(static_cast<run::Work&>(*streamer), streamer->pace_, *plays.alone,
                                     instance_settings(settings, plan.stream.sample_rate).scheduling);
        plays.graph->tell_faults_to(streamer->node_faults_, plays.number);
        plays.graph->growth().start(*streamer->scheduler_, streamer->growths_, plays.number);
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

AmpGraphStreamer::AmpGraphStreamer(std::unique_ptr<PlanInstance> plan, std::unique_ptr<LiveOutput> live_output,
                                   const StreamerSettings& settings)
    : settings_(settings),
      channels_(plan->graph->channels()),
      sample_rate_(plan->description.stream.sample_rate),
      ceiling_(plan->ceiling),
      sealer_(settings.journal),
      sequence_(numbered(std::move(plan)), sealer_, settings.block, settings.in_flight),
      mix_(channels_, settings.block),
      limiter_(channels_, ceiling_, sample_rate_),
      block_frames_(static_cast<std::size_t>(settings.block) * static_cast<std::size_t>(channels_)),
      own_output_(live_output ? 0 : static_cast<std::size_t>(ring_frames(settings) * channels_), 0.0F),
      live_output_(std::move(live_output)),
      telemetry_(live_output_ ? std::make_unique<Telemetry>(settings.workers, live_output_->header()) : nullptr),
      pace_(live_output_ ? live_output_->header().pace : own_pace_),
      output_(live_output_ ? live_output_->memory().frame(0) : own_output_.data()),
      output_capacity_(live_output_ ? live_output_->memory().geometry().capacity_frames : ring_frames(settings)),
      made_(settings.first_frame),
      taken_(settings.first_frame) {
    watch(*plans_.all().front());
}

// The plan's times are written down if a device paces.
void AmpGraphStreamer::watch(PlanInstance& plan) const {
    if (telemetry_) {
        plan.telemetry = telemetry_->of_plan(plan.description, plan.layout, plan.graph->nodes());
    }
}

PlanInstance& AmpGraphStreamer::numbered(std::unique_ptr<PlanInstance> plan) {
    plan->number = plans_.next_number();
    return plans_.add(std::move(plan));
}

AmpGraphStreamer::~AmpGraphStreamer() {
    expect_role(ThreadRole::ordinary);
    plans_.stop_growing();
    scheduler_.reset();
}

run::Obstacle AmpGraphStreamer::obstacle(std::int64_t block, bool alone) {
    expect_role(ThreadRole::worker);
    const run::Obstacle found = sequence_.obstacle(block, alone);
    if (found == run::Obstacle::preparation && telemetry_) {
        telemetry_->waits_for_memory();
    }
    return found;
}

run::Program& AmpGraphStreamer::program_for(std::int64_t, run::Program& present) {
    return sequence_.program_for(static_cast<PlanProgram&>(present));
}

void AmpGraphStreamer::seal(const run::Program& program, std::int64_t block) {
    expect_role(ThreadRole::worker);
    if (telemetry_) {
        telemetry_->block_begins(block);
        if (telemetry_->take_overload()) {
            sequence_.shed_voice(block, telemetry_->completed() * settings_.block);
        }
    }
    sequence_.seal(static_cast<const PlanProgram&>(program), block);
}

void AmpGraphStreamer::run(const run::Program& running, run::UnitIndex index, std::int64_t block, int worker) {
    expect_role(ThreadRole::worker);
    const auto& program = static_cast<const PlanProgram&>(running);
    const PlanProgram::Unit& unit = program.unit(index);
    const std::uint64_t begin = telemetry_ ? cycle_counter() : 0;
    switch (unit.step) {
    case PlanProgram::Step::deliver:
        deliver(block);
        if (telemetry_) {
            telemetry_->output_ran(block, worker, begin);
        }
        return;
    case PlanProgram::Step::take_over:
        unit.plan->hand_over->takeover.take_nodes(sequence_.switch_frame(), block);
        break;
    case PlanProgram::Step::run:
    case PlanProgram::Step::run_before:
        run_component(program, unit, block, worker);
        break;
    }
    if (node_waiters_.load(std::memory_order_seq_cst) > 0) {
        node_finished_.wake(INT32_MAX);
    }
}

// Runs what the block has of the unit's plan: nothing if it has ended.
void AmpGraphStreamer::run_component(const PlanProgram& program, const PlanProgram::Unit& unit, std::int64_t block,
                                     int worker) {
    const std::span<const SoundingPlan> plans = sequence_.sounding(block);
    const auto sounding = std::ranges::find(plans, unit.plan, &SoundingPlan::plan);
    if (sounding == plans.end()) {
        return;
    }
    std::int64_t begin = std::max(block * settings_.block, sounding->from);
    std::int64_t end = (block + 1) * settings_.block;
    if (program.switches()) {
        const PlanInstance& next = *plans.back().plan;
        if (unit.step == PlanProgram::Step::run_before) {
            end = sequence_.switch_frame();
        } else if (unit.plan == &next.hand_over->from) {
            begin = sequence_.switch_frame();
        }
    }
    if (begin >= std::min(end, sounding->until())) {
        return;
    }
    PlanInstance& plan = *unit.plan;
    if (unit.component >= plan.graph->components()) {
        plan.graph->decide(unit.component - plan.graph->components(), begin, end, plan.seals);
        return;
    }
    const std::uint64_t cycles = telemetry_ ? cycle_counter() : 0;
    plan.graph->run(unit.component, {block, begin, end}, worker, plan.seals);
    if (telemetry_) {
        telemetry_->unit_ran(*plan.telemetry, unit.component, block, worker, cycles);
    }
}

void AmpGraphStreamer::complete(std::int64_t block) {
    if (telemetry_) {
        const std::span<const SoundingPlan> plans = sequence_.sounding(block);
        for (const SoundingPlan& older : plans.first(plans.size() - 1)) {
            older.plan->telemetry->nodes.take_heaviest(block);
        }
        telemetry_->block_is_complete(block, *plans.back().plan->telemetry);
    }
    // Whoever began to wait while the block's last units looked for waiters is seen here, or sees that they have
    // finished: this writes what the waiter writes too, so one of the two comes first. (A fence would do, but not for
    // the sanitizer.)
    if (node_waiters_.fetch_add(0, std::memory_order_seq_cst) > 0) {
        node_finished_.wake(INT32_MAX);
    }
}

// Sums what sounds, limits, and hands the frames over to whoever takes them.
void AmpGraphStreamer::deliver(std::int64_t block) {
    const std::int64_t frame = block * settings_.block;
    const int frames = settings_.block;
    const std::span<const SoundingPlan> plans = sequence_.sounding(block);
    mix_.sum(plans, frame, frames, block_frames_.data());
    const SoundingPlan& newest = plans.back();
    int limited = 0;
    if (newest.plan->ceiling != ceiling_) {
        limited = static_cast<int>(std::max<std::int64_t>(0, newest.from - frame));
        limiter_.process(block_frames_.data(), frames, frame, limited);
        ceiling_ = newest.plan->ceiling;
        limiter_.set_ceiling(ceiling_);
    }
    limiter_.process(block_frames_.data() + limited, frames, frame + limited, frames - limited);
    float* const to = output_ + frame % output_capacity_ * channels_;
    for (int channel = 0; channel < channels_; ++channel) {
        for (int f = 0; f < frames; ++f) {
            to[f * channels_ + channel] =
                static_cast<float>(block_frames_[static_cast<std::size_t>(channel * frames + f)]);
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

PlanSet::Pin AmpGraphStreamer::find_plan(std::uint32_t number) const {
    while (number == 0) {
        // The present plan may be followed by another one and freed before it is found.
        if (PlanSet::Pin plan = plans_.find(present_plan())) {
            return plan;
        }
    }
    return plans_.find(number);
}

// Sleeps, as long as the condition does not hold of the plan, until units have run.
template <class Condition>
AmpGraphStreamer::Wait AmpGraphStreamer::wait_until(std::uint32_t number, std::int64_t timeout_nanoseconds,
                                                    Condition&& condition) {
    expect_role(ThreadRole::ordinary);
    const Deadline deadline(timeout_nanoseconds);
    // Looks at the plan for a moment only: whoever waits keeps no plan from being freed.
    const auto look = [&] {
        const PlanSet::Pin plan = plans_.find(number);
        if (plan && condition(*plan)) {
            return Wait::done;
        }
        return plan && !plan->is_over.load(std::memory_order_acquire) ? Wait::timed_out : Wait::plan_is_over;
    };
    node_waiters_.fetch_add(1, std::memory_order_seq_cst);
    Wait found = look();
    while (found == Wait::timed_out && !deadline.passed()) {
        const WakeUp::Ticket ticket = node_finished_.ticket();
        found = look();
        if (found == Wait::timed_out) {
            node_finished_.sleep(ticket, deadline.left());
            found = look();
        }
    }
    node_waiters_.fetch_sub(1, std::memory_order_seq_cst);
    return found;
}

AmpGraphStreamer::Wait AmpGraphStreamer::wait_finished(std::uint32_t plan, std::uint32_t node, std::int64_t frame,
                                                       std::int64_t timeout_nanoseconds) {
    return wait_until(plan, timeout_nanoseconds,
                      [&](const PlanInstance& present) { return present.finished(node) >= frame; });
}

std::optional<AmpGraphStreamer::Wait> AmpGraphStreamer::wait_drained(std::uint32_t plan, std::uint32_t node,
                                                                     std::int64_t frame,
                                                                     std::int64_t timeout_nanoseconds) {
    control::Event drain;
    bool is_drained = false;
    {
        const PlanSet::Pin present = plans_.find(plan);
        if (!present) {
            return Wait::plan_is_over;
        }
        drain.parameter = present->graph->component_of(node);
        is_drained = present->drained_since[drain.parameter].load(std::memory_order_acquire) != kNever;
    }
    drain.kind = control::EventKind::drain_node;
    drain.frame = std::max(frame, sealer_.next_frame());
    drain.plan = plan;
    drain.node = node;
    drain.value = 1;
    // Whoever waits again for what is drained already posts nothing.
    if (!is_drained && !post(drain)) {
        return std::nullopt;
    }
    return wait_until(plan, timeout_nanoseconds, [&](const PlanInstance& present) {
        const std::int64_t since = present.drained_since[drain.parameter].load(std::memory_order_acquire);
        return present.graph->is_drained(node, since);
    });
}

} // namespace amp::engine::inline AMP_PRECISION

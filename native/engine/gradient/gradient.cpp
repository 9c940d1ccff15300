#include "engine/gradient/gradient.h"

#include "base/floating_point.h"
#include "engine/amp_graph_streamer.h"
#include "engine/gradient/graph_backward.h"
#include "engine/gradient/recording.h"
#include "plan/heat.h"

#include <algorithm>
#include <new>
#include <string>

namespace amp::engine::inline AMP_PRECISION {

namespace {

plan::Description without_schedule(plan::Description plan) {
    plan.has_schedule = false;
    plan.stages.clear();
    return plan;
}

class Run final : public GradientRun {
public:
    Run(const plan::Description& plan, const GradientSettings& settings)
        : plan_(without_schedule(plan)),
          settings_(settings),
          made_((settings.frames + settings.block - 1) / settings.block * settings.block) {}

    Result<bool> build() {
        streamer_.reset(); // before what it records into
        recordings_.clear();
        auto built = AmpGraphStreamer::create(plan_, {.block = settings_.block,
                                                      .workers = settings_.workers,
                                                      .output_frames = static_cast<int>(std::min(made_, kMostAhead))});
        if (!built.ok()) {
            return built.error();
        }
        streamer_ = std::move(built.value());
        return true;
    }

    std::uint64_t bytes() const override {
        std::uint64_t bytes = 0;
        const PlanSet::Pin plan = streamer_->find_plan();
        for (const auto& node : plan->graph->nodes()) {
            bytes += NodeRecording::bytes(*node, firings_of(*plan, *node), static_cast<std::size_t>(made_)) +
                     GraphBackward::bytes(*node, made_);
        }
        return bytes;
    }

    Result<bool> record() override {
        const FloatingPointScope scope;
        try {
            for (; room_ <= kMostRoom; room_ *= 2) {
                if (streamer_ == nullptr || !recordings_.empty()) {
                    if (auto built = build(); !built.ok()) {
                        return built;
                    }
                }
                if (auto played = play(); !played.ok()) {
                    return played;
                }
                if (std::ranges::none_of(recordings_, [](const auto& each) { return each->is_full(); })) {
                    return true;
                }
            }
        } catch (const std::bad_alloc&) {
            return Error{ErrorKind::no_memory, "not enough memory to record " + std::to_string(settings_.frames) +
                                                   " frames: " + std::to_string(bytes() >> 20) + " MiB"};
        }
        return Error{ErrorKind::no_memory, "more firings than a recording has room for"};
    }

    int channels() const override { return streamer_->channels(); }

    std::vector<double> output(int channel) const override {
        std::vector<double> heard(static_cast<std::size_t>(settings_.frames), 0.0);
        for (const auto& recording : recordings_) {
            const GraphNode& node = recording->node;
            if (node.type->declaration->shape != ShapeRule::output || channel >= node.shape.channels) {
                continue;
            }
            std::vector<Block<const Sample>> inputs(node.inputs.size()), parameters(node.parameters.size());
            for (const RecordedFiring& firing : recording->firings()) {
                recording->given(firing, inputs, parameters);
                for (int f = 0; f < firing.frames; ++f) {
                    const std::int64_t frame = firing.frame + node.late + f;
                    if (frame < settings_.frames) {
                        heard[static_cast<std::size_t>(frame)] += inputs[0].frame(f)[node.shape.lane(0, channel)];
                    }
                }
            }
        }
        return heard;
    }

    Result<Gradient> backward(std::span<const double> by_output) override {
        const FloatingPointScope scope;
        const PlanSet::Pin plan = streamer_->find_plan();
        GraphBackward backward(*plan->graph, plan->description, recordings_, made_);
        backward.begin(by_output, settings_.frames);
        return backward.run();
    }

private:
    static constexpr std::size_t kMostRoom = 64;
    static constexpr std::int64_t kMostAhead = 1 << 14; // frames that are made without a pause

    // Firings that a node may need: it is cut at ticks, where wheels wrap, while something moves, and at events.
    std::size_t firings_of(const PlanInstance& plan, const GraphNode& node) const {
        constexpr std::int64_t kSpare = 64;
        const std::uint32_t component = plan.description.nodes[node.index].component;
        const std::int64_t window =
            plan.description.components[component].is_loop ? plan.layout.quanta[component] : 4096;
        const std::int64_t length = std::min({window, std::int64_t{kMovingFrames}, std::int64_t{settings_.block}});
        const std::int64_t events = static_cast<std::int64_t>(settings_.events.size());
        const std::int64_t firings = 2 * (made_ / length) + 4 * events + kSpare;
        return static_cast<std::size_t>(std::min(made_, firings * static_cast<std::int64_t>(room_)));
    }

    Result<bool> play() {
        {
            const PlanSet::Pin plan = streamer_->find_plan();
            for (const auto& node : plan->graph->nodes()) {
                recordings_.push_back(std::make_unique<NodeRecording>(*node, firings_of(*plan, *node),
                                                                      static_cast<std::size_t>(made_), numbers_));
                node->recording = recordings_.back().get();
            }
        }
        for (control::Event event : settings_.events) {
            event.plan = streamer_->present_plan();
            if (!streamer_->post(event)) {
                return Error{ErrorKind::bad_argument,
                             std::to_string(settings_.events.size()) + " events: a gradient takes fewer at once"};
            }
        }
        constexpr std::int64_t kFramesAtOnce = 1 << 16;
        std::vector<float> unused(static_cast<std::size_t>(std::min(kFramesAtOnce, made_) * streamer_->channels()));
        for (std::int64_t left = made_; left > 0;) {
            const std::int64_t frames = std::min(left, kFramesAtOnce);
            streamer_->take(std::span(unused).first(static_cast<std::size_t>(frames * streamer_->channels())), -1);
            left -= frames;
        }
        // What nobody hears may still run when all frames are there.
        for (const auto& recording : recordings_) {
            streamer_->wait_finished(streamer_->present_plan(), recording->node.index, made_, -1);
        }
        return true;
    }

    const plan::Description plan_;
    const GradientSettings settings_;
    const std::int64_t made_; // whole blocks
    std::size_t room_ = 1;
    std::atomic<std::uint64_t> numbers_{0};
    std::vector<std::unique_ptr<NodeRecording>> recordings_; // of each node
    std::unique_ptr<AmpGraphStreamer> streamer_;             // ends before what it records into
};

} // namespace

} // namespace amp::engine::inline AMP_PRECISION

namespace amp::engine {

Result<std::unique_ptr<GradientRun>> prepare_gradient(const plan::Description& plan, const GradientSettings& settings) {
    if (plan.thermal.attenuate) {
        return Error{ErrorKind::unsupported, "a thermal limit that attenuates has no gradient"};
    }
    for (const plan::Edge& edge : plan.edges) {
        if (plan::reads_heat(plan, edge)) {
            return Error{ErrorKind::unsupported, "node " + plan.nodes[edge.from_node].id + ": heat has no gradient"};
        }
    }
    auto run = std::make_unique<Run>(plan, settings);
    if (auto built = run->build(); !built.ok()) {
        return built.error();
    }
    return std::unique_ptr<GradientRun>(std::move(run));
}

} // namespace amp::engine

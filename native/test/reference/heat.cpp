#include "reference/heat.h"

#include "base/approximation.h"
#include "base/seed.h"
#include "node/node.h"
#include "plan/heat.h"
#include "plan/spectral.h"

#include <algorithm>
#include <array>

namespace amp::test::reference {

namespace {

// Whether a frame is one of the four of its tick that count: one of each quarter.
bool counts(std::int64_t frame) {
    const std::int64_t tick = frame / kTickFrames, place = frame % kTickFrames;
    const std::uint64_t hash = mixed_seed(0x68656174, static_cast<std::uint64_t>(tick));
    const std::int64_t quarter = place / 16;
    return place % 16 == static_cast<std::int64_t>(hash >> (8 * quarter) & 15);
}

double cooled_in(double seconds, double tau) {
    const double x = seconds / tau;
    return x < 1e-4 ? x * (1 - x / 2 * (1 - x / 3)) : 1 - power_of_two(-x * 1.4426950408889634);
}

} // namespace

Heat::Heat(const plan::Description& plan, std::uint32_t node)
    : budget_(plan.thermal),
      coefficients_(plan.thermal.nodes[node]),
      planned_(plan.nodes[node]),
      tick_seconds_(kTickFrames / plan.stream.sample_rate),
      reduces_(plan::reduces_heat(plan, node)),
      held_(static_cast<std::size_t>(planned_.shape.batch), planned_.voice_group == plan::kNone),
      inputs_(planned_.inputs.size()),
      heats_(planned_.inputs.size(), 0) {
    const Declaration& declared = *find_node_type(planned_.type)->declaration;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
        inputs_[i].shape = declared.shape_of(declared.inputs[i], planned_.shape, plan::option_numbers(planned_));
        inputs_[i].squares.resize(static_cast<std::size_t>(inputs_[i].shape.lanes()), 0);
    }
}

float Heat::gain(std::int64_t frame) const {
    const auto steps = static_cast<double>(frame % kTickFrames + 1);
    return static_cast<float>(from_ + (to_ - from_) * (steps / kTickFrames));
}

void Heat::hear(std::size_t input, const std::vector<float>& lanes, std::int64_t frame) {
    inputs_[input].is_fed = true;
    const Shape shape = inputs_[input].shape;
    for (int channel = 0; channel < shape.channels && counts(frame); ++channel) {
        for (int batch = 0; batch < shape.batch; ++batch) {
            const auto lane = static_cast<std::size_t>(shape.lane(batch, channel));
            if (held_[static_cast<std::size_t>(batch)]) {
                inputs_[input].squares[lane] += lanes[lane] * lanes[lane];
            }
        }
    }
}

// Lanes are added in sixteen columns, columns in a tree.
double Heat::mean_square(Input& input) const {
    std::array<float, 16> columns{};
    const Shape shape = input.shape;
    for (int channel = 0; channel < shape.channels; ++channel) {
        for (int batch = 0; batch < shape.batch; ++batch) {
            columns[static_cast<std::size_t>(batch % 16)] +=
                input.squares[static_cast<std::size_t>(shape.lane(batch, channel))];
        }
    }
    for (std::size_t half = 8; half > 0; half /= 2) {
        for (std::size_t i = 0; i < half; ++i) {
            columns[i] += columns[i + half];
        }
    }
    std::ranges::fill(input.squares, 0.0F);
    return static_cast<double>(columns[0]) * (1.0 / (4 * shape.batch * shape.channels));
}

void Heat::end_frame(std::int64_t frame) {
    if ((frame + 1) % kTickFrames == 0) {
        end_tick();
    }
}

void Heat::end_tick() {
    if (std::ranges::none_of(inputs_, &Input::is_fed)) {
        return;
    }
    const double published = total_;
    const double cooled = cooled_in(tick_seconds_, coefficients_.tau);
    total_ = 0;
    for (std::size_t first = 0; first < inputs_.size(); ++first) {
        const std::string& group = planned_.inputs[first].group;
        const auto of_group = [&](const plan::InputTap& tap) { return tap.group == group; };
        if (std::ranges::find_if(planned_.inputs, of_group) != planned_.inputs.begin() + static_cast<int>(first)) {
            continue;
        }
        double power = 0;
        for (std::size_t i = first; i < inputs_.size(); ++i) {
            if (of_group(planned_.inputs[i]) && inputs_[i].is_fed) {
                const double mean = mean_square(inputs_[i]);
                power += mean < 1e30 ? mean : 0;
            }
        }
        heats_[first] = heats_[first] * (1 - cooled) + power * (coefficients_.gain * coefficients_.tau * cooled);
        total_ += heats_[first];
    }
    if (reduces_) {
        const double limit = budget_.limit - budget_.ambient;
        const double hot = (budget_.warm + budget_.limit) / 2 - budget_.ambient;
        const double most = std::min(1.0, tick_seconds_ / 0.05);
        from_ = to_;
        to_ = std::clamp(std::clamp((limit - published) / (limit - hot), 0.0, 1.0), from_ - most, from_ + most);
    }
}

} // namespace amp::test::reference

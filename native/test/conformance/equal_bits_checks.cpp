// The same bits however frames are cut, lanes are gathered and parameters are handed over.
#include "conformance/setting.h"

#include <limits>

namespace amp::test {
namespace {

Fault any_cut(const NodeType& type) {
    return in_both_precisions([&]<class S>() {
        return in_every_setting(type, [&](const Setting& setting) -> Fault {
            constexpr int kFrames = 400;
            const auto whole = node_in<S>(type, setting).run(kFrames);
            const auto ragged = node_in<S>(type, setting).cut(random_cuts(setting.scene.draw, 90)).run(kFrames);
            if (const Fault found = find_difference(whole, ragged)) {
                return fault("in random spans, ", *found);
            }
            const auto single = node_in<S>(type, setting).cut(equal_cuts(1)).run(kFrames);
            if (const Fault found = find_difference(whole, single)) {
                return fault("frame by frame, ", *found);
            }
            return {};
        });
    });
}

// All lanes of a small node, some of a large one.
Fault batch_as_singles(const NodeType& type) {
    return in_both_precisions([&]<class S>() {
        return in_every_setting(type, [&](const Setting& setting) -> Fault {
            constexpr int kFrames = 300;
            const Shape shape = setting.shape;
            const auto wide = node_in<S>(type, setting).run(kFrames);
            for (int channel = 0; channel < shape.channels; ++channel) {
                for (int batch = 0; batch < shape.batch; ++batch) {
                    const double share = 12.0 / (shape.batch * shape.channels);
                    if (random_number(batch, channel, setting.scene.draw) > share) {
                        continue;
                    }
                    const auto alone = lane_alone<S>(type, setting, batch, channel).run(kFrames);
                    const Fault found = in_every_output_lane(alone, [&](std::size_t tap, int, int side) -> Fault {
                        const int in_wide = alone.output_shape().channels == 1 ? channel : side;
                        return same_bits(wide.output(tap, batch, in_wide), alone.output(tap, 0, side))
                                   ? Fault{}
                                   : Fault{"differs from the lane alone"};
                    });
                    if (found) {
                        return fault("batch ", batch, ", channel ", channel, ": ", *found);
                    }
                }
            }
            return {};
        });
    });
}

Fault constant_as_array(const NodeType& type) {
    return in_both_precisions([&]<class S>() -> Fault {
        for (const Shape shape : shapes_of(type)) {
            for (int draw = 0; draw < 6; ++draw) {
                Setting setting{shape, Scene{draw}, Steadiness::all_constant, kStandingStill};
                const auto constant = node_in<S>(type, setting).run(400);
                for (const auto mode : {Steadiness::mixed, Steadiness::all_modulated}) {
                    setting.mode = mode;
                    const auto modulated = node_in<S>(type, setting).run(400);
                    if (const Fault found = find_difference(constant, modulated)) {
                        return fault(setting.text(), ": ", *found);
                    }
                }
            }
        }
        return {};
    });
}

// What a lane of an output has made from a frame on.
template <class S>
std::vector<S> from_frame(int frame, const Node<S>& node, std::size_t tap, int batch, int channel) {
    const auto& all = node.output(tap, batch, channel);
    return std::vector<S>(all.begin() + frame * node.values_of_output(tap), all.end());
}

// One lane of a used node begins anew; the others must not notice.
Fault reset_as_fresh(const NodeType& type) {
    return in_both_precisions([&]<class S>() -> Fault {
        constexpr int kFrames = 500;
        for (const int lanes : {1, 20}) {
            for (int draw = 0; draw < 4; ++draw) {
                const Setting setting{shape_of_lanes(type, lanes), Scene{draw}};
                const int which = lanes / 2;
                const int batch = lanes_are_channels(type) ? 0 : which;
                const int channel = lanes_are_channels(type) ? which : 0;
                auto used = node_in<S>(type, setting).run(kFrames);
                auto undisturbed = used;
                used.reset(batch, channel, seed_of(batch, channel)).run(kFrames);
                const auto fresh = node_in<S>(type, setting).start_at(kFrames).run(kFrames);
                undisturbed.run(kFrames);
                const Fault found = in_every_output_lane(used, [&](std::size_t tap, int b, int c) -> Fault {
                    const bool is_widened = used.output_shape() != used.shape();
                    const bool was_reset = b == batch && (is_widened || c == channel);
                    if (was_reset && type.declaration->shape == ShapeRule::voices) {
                        return {}; // its values come from the engine
                    }
                    const auto after = from_frame(kFrames, used, tap, b, c);
                    if (was_reset) {
                        return same_bits(after, fresh.output(tap, b, c)) ? Fault{} : Fault{"is not as a fresh one"};
                    }
                    return same_bits(after, from_frame(kFrames, undisturbed, tap, b, c))
                               ? Fault{}
                               : Fault{"notices that another lane was reset"};
                });
                if (found) {
                    return fault(setting.text(), ": ", *found);
                }
            }
        }
        return {};
    });
}

Fault sleeping_tiles(const NodeType& type) {
    return in_both_precisions([&]<class S>() -> Fault {
        for (const std::uint64_t awake : {0b111011, 0b000111, 0b100001}) {
            Setting setting{shape_of_lanes(type, 90), Scene{1}};
            setting.shape.channels *= type.declaration->shape == ShapeRule::elementwise ? 2 : 1;
            const auto all = node_in<S>(type, setting).run(300);
            const auto some = node_in<S>(type, setting).awake(awake).run(300);
            const Fault found = in_every_output_lane(all, [&](std::size_t tap, int batch, int channel) -> Fault {
                const bool sounds = (awake >> (batch / 16) & 1) != 0;
                return !sounds || same_bits(all.output(tap, batch, channel), some.output(tap, batch, channel))
                           ? Fault{}
                           : Fault{"notices which others sleep"};
            });
            if (found) {
                return found;
            }
        }
        return {};
    });
}

// What lay in the outputs before must not be seen any more.
Fault every_frame_is_written(const NodeType& type) {
    return in_both_precisions([&]<class S>() {
        return in_every_setting(type, [&](const Setting& setting) {
            const auto over_zeros = node_in<S>(type, setting).run(150);
            const auto over_sevens = node_in<S>(type, setting).prefill(S(7)).run(150);
            return find_difference(over_zeros, over_sevens);
        });
    });
}

Fault stays_inside(const NodeType& type) {
    return in_both_precisions([&]<class S>() {
        return in_every_setting(type, [&](const Setting& setting) {
            const auto node = node_in<S>(type, setting).cut(random_cuts(setting.scene.draw, 90)).run(200);
            return node.is_within_bounds() ? Fault{} : Fault{"it writes beyond its outputs or its state"};
        });
    });
}

constexpr Check kChecks[] = {
    {"AnyCutOfTheFramesGivesTheSameBits", any_cut},
    {"ABatchIsItsLanesOneByOneBitForBit", batch_as_singles},
    {"AConstantParameterIsTheSameValueInEveryFrame", constant_as_array},
    {"AResetLaneIsAFreshLaneAndTheOthersDoNotNotice", reset_as_fresh},
    {"SleepingTilesChangeNothingInTheOthers", sleeping_tiles},
    {"EveryFrameOfEveryOutputIsWritten", every_frame_is_written},
    {"NothingIsWrittenBeyondOutputsAndState", stays_inside},
};

} // namespace

std::span<const Check> equal_bits_checks() { return kChecks; }

} // namespace amp::test

#include "conformance/broken_types.h"

#include "node/kernel.h"

#include <cmath>
#include <cstdlib>
#include <limits>

namespace amp::test {
namespace {

// A type that would be right: what enters it leaves it, times a parameter.
constexpr Declaration sound() {
    return {.purpose = "For tests.",
            .source = "out = in * gain.",
            .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "The signal."}},
            .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The signal."}},
            .parameters = {ParameterDeclaration{
                .name = "gain", .purpose = "A factor.", .minimum = 0, .maximum = 1, .default_value = 1}}};
}

constexpr Declaration without_parameters() {
    Declaration declared = sound();
    declared.parameters = {};
    return declared;
}

template <class Change>
constexpr Declaration changed(Declaration declared, Change&& change) {
    change(declared);
    return declared;
}

// out = function(in, frame of the firing, lane).
template <class S, class Function>
void each_value(const Firing<S>& firing, Function&& function) {
    for (int f = 0; f < firing.frames; ++f) {
        for (int lane = 0; lane < firing.lanes; ++lane) {
            firing.outputs[0].frame(f)[lane] = function(firing.inputs[0].frame(f)[lane], f, lane);
        }
    }
}

struct Passes {
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing, [](S in, int, int) { return in; });
    }
};

struct NamesNoSource : Passes {
    static constexpr Declaration declaration = changed(without_parameters(), [](auto& its) { its.source = ""; });
};

struct HasATapWithoutAGroup : Passes {
    static constexpr Declaration declaration =
        changed(without_parameters(), [](auto& its) { its.outputs.items[0].group = ""; });
};

struct CallsTwoTapsAlike : Passes {
    static constexpr Declaration declaration =
        changed(without_parameters(), [](auto& its) { its.outputs.items[0].name = "in"; });
};

struct HasAParameterWithoutAPurpose {
    static constexpr Declaration declaration =
        changed(sound(), [](auto& its) { its.parameters.items[0].purpose = ""; });
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing, [&](S in, int f, int lane) { return in * firing.parameters[0].frame(f)[lane]; });
    }
};

struct CoolsInNoTime : Passes {
    static constexpr Declaration declaration = changed(without_parameters(), [](auto& its) { its.thermal.tau = 0; });
};

struct IsAnEnvelopeOfNothing {
    static constexpr Declaration declaration = changed(without_parameters(), [](auto& its) {
        its.inputs = {};
        its.envelope = true;
    });
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        firing.outputs[0].array(firing.lanes, firing.frames) = S(0.5);
    }
};

// The frame before, which the firing before had, makes it louder.
struct ForgetsTheFrameBefore {
    static constexpr Declaration declaration = without_parameters();
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing, [&](S in, int f, int lane) {
            return f == 0 ? in : in * (S(1) + std::abs(firing.inputs[0].frame(f - 1)[lane]));
        });
    }
};

struct CountsItsLanes {
    static constexpr Declaration declaration = without_parameters();
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing, [](S in, int, int lane) { return in * S(1 + lane); });
    }
};

struct HalvesConstants {
    static constexpr Declaration declaration = sound();
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        const bool is_constant = firing.parameters[0].constant();
        each_value(firing, [&](S in, int f, int lane) {
            const S gain = firing.parameters[0].frame(f)[lane];
            return in * (is_constant && gain > 0 && gain < 1 ? gain / 2 : gain);
        });
    }
};

// Its seed falls into the next lane.
struct SpillsItsSeed {
    static constexpr Declaration declaration = without_parameters();
    static constexpr int state_rows = 1;
    template <class S>
    static void seed_lane(S* state, int lanes, int lane, std::uint64_t) noexcept {
        if (lane + 1 < lanes) {
            state[lane + 1] = S(0.25);
        }
    }
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing, [&](S in, int, int lane) { return in + firing.state(0)[lane]; });
    }
};

struct CountsWhoSleeps {
    static constexpr Declaration declaration = without_parameters();
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        const bool all_sound = firing.awake == ~std::uint64_t{0};
        each_value(firing, [&](S in, int, int) { return all_sound ? in : in / 2; });
    }
};

struct LeavesAnOutputAlone : Passes {
    static constexpr Declaration declaration = changed(without_parameters(), [](auto& its) {
        its.outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The signal."},
                       TapDeclaration{.name = "rest", .group = "1a", .purpose = "Never written."}};
    });
};

struct WritesBehindItsState : Passes {
    static constexpr Declaration declaration = without_parameters();
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        Passes::forward(firing);
        firing.state(state_rows)[0] = S(1);
    }
};

struct DividesByItsParameter {
    static constexpr Declaration declaration = sound();
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing, [&](S in, int f, int lane) { return in / firing.parameters[0].frame(f)[lane]; });
    }
};

struct IsMuteAtItsMaximumIfModulated {
    static constexpr Declaration declaration = sound();
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing, [&](S in, int f, int lane) {
            const S gain = firing.parameters[0].frame(f)[lane];
            return !firing.parameters[0].constant() && gain >= 1 ? S(0) : in * gain;
        });
    }
};

struct PromisesTooMuch : Passes {
    static constexpr Declaration declaration = without_parameters();
    static constexpr bool always_finite = true;
};

struct AnswersTooEarly : Passes {
    static constexpr Declaration declaration = changed(without_parameters(), [](auto& its) { its.latency = 8; });
};

struct AnswersTooLate {
    static constexpr Declaration declaration = changed(without_parameters(), [](auto& its) { its.tail = 1.0 / 48000; });
    static constexpr int state_rows = 1;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing, [&](S in, int, int lane) { return std::exchange(firing.state(0)[lane], in); });
    }
};

struct RingsOn {
    static constexpr Declaration declaration = without_parameters();
    static constexpr int state_rows = 1;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing, [&](S in, int f, int lane) {
            S& state = firing.state(0)[lane];
            const S out = in + S(0.5) * state;
            const bool is_last = f + 1 == firing.frames && firing.ends_on_tick();
            state = is_last ? settled(Lanes<S, 1>(out)).value : out;
            return out;
        });
    }
};

struct DeclaresATailThatItHasNot : Passes {
    static constexpr Declaration declaration = changed(without_parameters(), [](auto& its) { its.tail = 0.1; });
};

struct GivesDenormalsForPeaks {
    static constexpr Declaration declaration = without_parameters();
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        each_value(firing,
                   [](S in, int, int) { return std::abs(in) > S(0.79) ? std::numeric_limits<S>::denorm_min() : in; });
    }
};

struct FallsSilentTogether {
    static constexpr Declaration declaration = without_parameters();
    static constexpr int state_rows = 0;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        for (int f = 0; f < firing.frames; ++f) {
            bool all_finite = true;
            for (int lane = 0; lane < firing.lanes; ++lane) {
                all_finite = all_finite && std::isfinite(firing.inputs[0].frame(f)[lane]);
            }
            for (int lane = 0; lane < firing.lanes; ++lane) {
                firing.outputs[0].frame(f)[lane] = all_finite ? firing.inputs[0].frame(f)[lane] : S(0);
            }
        }
    }
};

#ifndef AMP_SANITIZED
struct Allocates : Passes {
    static constexpr Declaration declaration = without_parameters();
    template <class S>
    static void forward(const Firing<S>& firing) noexcept {
        void* volatile taken = std::malloc(64); // the compiler would leave it out
        Passes::forward(firing);
        std::free(taken);
    }
};
#endif

template <class Type>
constexpr BrokenType broken(std::string_view check) {
    return {check, node_detail::make_node_type<Type>("broken")};
}

constexpr BrokenType kBrokenTypes[] = {
    broken<NamesNoSource>("ItsWordsAreWhole"),
    broken<HasATapWithoutAGroup>("EveryTapHasANameAGroupAndAPurpose"),
    broken<CallsTwoTapsAlike>("EveryTapHasANameAGroupAndAPurpose"),
    broken<HasAParameterWithoutAPurpose>("EveryParameterAndOptionIsWhole"),
    broken<CoolsInNoTime>("ItsHeatIsPossible"),
    broken<IsAnEnvelopeOfNothing>("ItsShapeFitsItsTaps"),
    broken<ForgetsTheFrameBefore>("AnyCutOfTheFramesGivesTheSameBits"),
    broken<CountsItsLanes>("ABatchIsItsLanesOneByOneBitForBit"),
    broken<HalvesConstants>("AConstantParameterIsTheSameValueInEveryFrame"),
    broken<SpillsItsSeed>("AResetLaneIsAFreshLaneAndTheOthersDoNotNotice"),
    broken<CountsWhoSleeps>("SleepingTilesChangeNothingInTheOthers"),
    broken<LeavesAnOutputAlone>("EveryFrameOfEveryOutputIsWritten"),
    broken<WritesBehindItsState>("NothingIsWrittenBeyondOutputsAndState"),
    broken<DividesByItsParameter>("TheEndsOfAllRangesGiveFiniteOutput"),
    broken<IsMuteAtItsMaximumIfModulated>("BeyondItsLimitsAParameterIsAtThem"),
    broken<PromisesTooMuch>("OutputThatIsPromisedToBeFiniteIsFiniteWhateverEnters"),
    broken<AnswersTooEarly>("ItAnswersAfterItsDeclaredLatency"),
    broken<AnswersTooLate>("ItAnswersAfterItsDeclaredLatency"),
    broken<RingsOn>("SilenceInIsSilenceOutAfterItsTail"),
    broken<DeclaresATailThatItHasNot>("ItsTailIsNeeded"),
    broken<GivesDenormalsForPeaks>("NothingIsDenormal"),
    broken<FallsSilentTogether>("WhatIsNotFiniteInOneLaneLeavesTheOthersTheirBits"),
#if !defined(AMP_SANITIZED)
    broken<Allocates>("AFiringNeitherAllocatesNorLocks"),
#endif
};

} // namespace

std::span<const BrokenType> broken_types() { return kBrokenTypes; }

} // namespace amp::test

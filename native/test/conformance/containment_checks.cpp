// What is bad in one lane stays there, and a firing touches no memory but its own.
#include "conformance/setting.h"

#include <limits>

#if !defined(AMP_SANITIZED)
#include "real_time/guard.h"

#include <sys/prctl.h>
#endif

namespace amp::test {
namespace {

// Values that are not finite, or that overflow, in one lane; the others keep their bits.
Fault bad_lane(const NodeType& type) {
    return in_both_precisions([&]<class S>() -> Fault {
        using Limits = std::numeric_limits<S>;
        constexpr int kFrames = 300;
        for (const S bad : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), Limits::max()}) {
            for (const int lanes : {2, 3, 20}) {
                for (int draw = 0; draw < 3; ++draw) {
                    const Setting setting{shape_of_lanes(type, lanes), Scene{draw}};
                    const int which = lanes / 2;
                    const auto good = node_in<S>(type, setting).run(kFrames);
                    auto node = node_in<S>(type, setting);
                    for (std::size_t i = 0; i < type.declaration->inputs.size(); ++i) {
                        node.input(type.declaration->inputs[i].name,
                                   [=, input = Scene::input(int(i))](std::int64_t frame, int batch, int channel) {
                                       const bool is_bad = batch + channel == which && frame >= 70;
                                       return is_bad ? double(bad) : input(frame, batch, channel);
                                   });
                    }
                    node.run(kFrames);
                    const Fault found = in_every_output_lane(node, [&](std::size_t tap, int batch, int channel) {
                        const bool is_widened = node.output_shape() != node.shape();
                        const bool is_bad = (is_widened ? batch : batch + channel) == which;
                        return is_bad || same_bits(good.output(tap, batch, channel), node.output(tap, batch, channel))
                                   ? Fault{}
                                   : Fault{"notices it"};
                    });
                    if (found) {
                        return fault(setting.text(), ", ", bad, " in lane ", which, ": ", *found);
                    }
                }
            }
        }
        return {};
    });
}

// A sanitizer has an allocator of its own, and finds it itself.
Fault no_allocation([[maybe_unused]] const NodeType& type) {
#if defined(AMP_SANITIZED)
    return {};
#else
    return in_both_precisions([&]<class S>() -> Fault {
        for (const Shape shape : shapes_of(type)) {
            auto node = node_in<S>(type, {shape, Scene{}});
            const Watch watch; // of threads whose name is that of a worker
            node.around_firings([](bool begins) { prctl(PR_SET_NAME, begins ? "amp-worker-0" : "test"); });
            node.cut(random_cuts(1, 90)).run(200);
            if (watch.allocations() + watch.locks() > 0) {
                return fault(watch.allocations(), " allocations and ", watch.locks(), " locks in 200 frames");
            }
        }
        return {};
    });
#endif
}

constexpr Check kChecks[] = {
    {"WhatIsNotFiniteInOneLaneLeavesTheOthersTheirBits", bad_lane},
    {"AFiringNeitherAllocatesNorLocks", no_allocation},
};

} // namespace

std::span<const Check> containment_checks() { return kChecks; }

} // namespace amp::test

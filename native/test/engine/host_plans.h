// Plans as a host holds them, for tests of amp.h.
#pragma once

#include "amp.h"
#include "support/plan_builder.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace amp::test {

inline constexpr std::int64_t kSecond = 1'000'000'000;

// A tone that says by its samples which frame it is.
inline std::vector<std::byte> tone_plan() {
    PlanBuilder builder;
    builder.node("tone", "noise").node("out", "output").edge("tone", "out", {.gain = {0.25}});
    return builder.bytes();
}

// So much work in a block that a test can act in the middle of it.
inline std::vector<std::byte> heavy_plan() {
    PlanBuilder builder;
    builder.node("tone", "saw", {.shape = {256, 1}});
    std::string last = "tone";
    for (int i = 0; i < 12; ++i) {
        const std::string next = "low" + std::to_string(i);
        builder.node(next, "svf", {.shape = {256, 1}}).edge(last, next);
        last = next;
    }
    builder.node("out", "output").edge(last, "out", {.gain = {0.001}});
    return builder.bytes();
}

struct PlanHandle {
    explicit PlanHandle(const std::vector<std::byte>& bytes) {
        amp_plan_read(bytes.data(), bytes.size(), &plan, nullptr);
    }
    ~PlanHandle() { amp_plan_free(plan); }
    PlanHandle(const PlanHandle&) = delete;
    PlanHandle& operator=(const PlanHandle&) = delete;
    amp_plan* plan = nullptr;
};

} // namespace amp::test

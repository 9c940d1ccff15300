// Counts what a sound thread must not do, by standing in for the C library's allocation and locking.
#pragma once

#include <cstdint>

namespace amp::test {

// Counting is on while it lives. Calls by the engine's workers, by its clock device and by threads that a test names
// amp-device count; other threads may do as they like.
class Watch {
public:
    Watch();
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    std::uint64_t allocations() const;
    std::uint64_t locks() const;
};

} // namespace amp::test

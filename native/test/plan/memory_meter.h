// How much memory a piece of code holds at once.
#pragma once

#include <cstddef>

namespace amp::test {

// Counts from its making on, in this thread's program as a whole.
class MemoryMeter {
public:
    MemoryMeter();
    // The most bytes that were held at once beyond what was held at the beginning.
    std::size_t peak() const;

private:
    std::size_t before_;
};

} // namespace amp::test

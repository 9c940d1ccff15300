// A system that runs short of memory, for tests.
#pragma once

namespace amp::test {

// While it lives, the `count`-th allocation of this thread and all after it fail.
class MemoryShortage {
public:
    explicit MemoryShortage(int count);
    ~MemoryShortage();
    MemoryShortage(const MemoryShortage&) = delete;
    MemoryShortage& operator=(const MemoryShortage&) = delete;
};

} // namespace amp::test

// A system that runs short of threads, for tests.
#pragma once

namespace amp::test {

// From the `count`-th on, threads that this thread asks for are refused; negative: none. False where a sanitizer owns
// the function that makes threads, and nothing happens.
bool refuse_threads_after(int count);

} // namespace amp::test

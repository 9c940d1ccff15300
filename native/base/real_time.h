// The promises that a function makes to the thread that calls it. docs/threads.md defines the thread roles.
#pragma once

// Constant time, no allocation, no lock, no system call. Clang's realtime sanitizer and effect warnings check it.
#if defined(__clang__) && __clang_major__ >= 20
#define AMP_REAL_TIME [[clang::nonblocking]]
#else
#define AMP_REAL_TIME
#endif

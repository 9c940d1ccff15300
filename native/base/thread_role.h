// Which of the roles of docs/threads.md the present thread plays; builds with assertions check it.
#pragma once

#include <cassert>

namespace amp {

enum class ThreadRole { ordinary, worker }; // [main], [compiler] and [any] are ordinary

namespace thread_role_detail {
inline thread_local ThreadRole present = ThreadRole::ordinary;
}

// The present thread plays the role while it lives.
class ThreadRoleScope {
public:
    explicit ThreadRoleScope(ThreadRole role) : before_(thread_role_detail::present) {
        thread_role_detail::present = role;
    }
    ~ThreadRoleScope() { thread_role_detail::present = before_; }
    ThreadRoleScope(const ThreadRoleScope&) = delete;
    ThreadRoleScope& operator=(const ThreadRoleScope&) = delete;

private:
    ThreadRole before_;
};

// Stops a debug build in which a thread does what its role may not; nothing in a release. [any]
inline void expect_role([[maybe_unused]] ThreadRole role) { assert(thread_role_detail::present == role); }

} // namespace amp

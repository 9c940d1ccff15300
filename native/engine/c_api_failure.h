// How errors leave through the C API.
#pragma once

#include "amp.h"
#include "base/result.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

namespace amp::engine {

inline amp_status status_of(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::bad_argument:
        return AMP_E_ARGUMENT;
    case ErrorKind::bad_plan:
        return AMP_E_PLAN;
    case ErrorKind::unsupported:
        return AMP_E_UNSUPPORTED;
    case ErrorKind::no_memory:
        return AMP_E_MEMORY;
    case ErrorKind::no_thread:
        return AMP_E_THREAD;
    case ErrorKind::busy:
        return AMP_E_BUSY;
    }
    return AMP_E_ARGUMENT;
}

inline amp_status fail(amp_error* error, amp_status status, std::string_view message) {
    if (error != nullptr) {
        error->status = status;
        const std::size_t size = std::min(message.size(), sizeof(error->message) - 1);
        std::memcpy(error->message, message.data(), size);
        error->message[size] = '\0';
    }
    return status;
}

// Runs what may throw, and turns what it threw into a status.
template <class Body>
amp_status guarded(amp_error* error, Body&& body) {
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return fail(error, AMP_E_MEMORY, "not enough memory");
    } catch (const std::exception& thrown) {
        return fail(error, AMP_E_ARGUMENT, thrown.what());
    }
}

} // namespace amp::engine

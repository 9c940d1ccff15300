// Errors as values, off the sound threads.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace amp {

enum class ErrorKind {
    bad_argument, // the caller's argument
    bad_plan,     // the plan's bytes or meaning
    unsupported,  // right, but not in this build
    no_memory,
    no_thread,
    busy, // not now: something that was asked for before is not done
};

struct Error {
    ErrorKind kind;
    std::string message; // a sentence that names the node, tap, edge or byte offset at fault
};

// A value, or why there is none.
template <class T>
class Result {
public:
    Result(T value) : content_(std::move(value)) {}
    Result(Error error) : content_(std::move(error)) {}

    bool ok() const { return content_.index() == 0; }
    T& value() { return std::get<0>(content_); }
    const T& value() const { return std::get<0>(content_); }
    const Error& error() const { return std::get<1>(content_); }

private:
    std::variant<T, Error> content_;
};

} // namespace amp

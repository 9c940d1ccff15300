// Reads a plan's primitives one after another and stops at the first that does not fit. Counts are checked against the
// bytes that are left before anything is reserved, so a huge count costs nothing.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace amp::plan {

inline constexpr std::uint32_t kLongestString = 65535;

// Thrown and caught inside the reader only.
struct Refused {
    std::uint64_t offset;
    std::string message;
};

class Cursor {
public:
    Cursor(std::span<const std::byte> bytes, std::uint64_t begin, std::uint64_t end)
        : bytes_(bytes), at_(begin), end_(end) {}

    std::uint64_t offset() const { return at_; }
    std::uint64_t left() const { return end_ - at_; }

    [[noreturn]] void refuse(std::uint64_t offset, std::string message) const {
        throw Refused{offset, std::move(message)};
    }

    template <class T>
    T number(std::string_view what) {
        if (left() < sizeof(T)) {
            refuse(at_,
                   std::string(what) + ": the plan ends here, " + std::to_string(sizeof(T)) + " bytes were expected");
        }
        T value;
        std::memcpy(&value, bytes_.data() + at_, sizeof(T));
        at_ += sizeof(T);
        return value;
    }

    // A number that must be finite.
    double finite(std::string_view what);
    // A number that must lie in [low, high].
    double between(std::string_view what, double low, double high);
    std::uint32_t below(std::string_view what, std::uint64_t bound);
    std::uint32_t below_or_none(std::string_view what, std::uint64_t bound);
    bool flag(std::string_view what);
    std::string string(std::string_view what);
    std::uint32_t count(std::string_view what, std::uint64_t smallest_item, std::uint64_t at_most);

    template <class Enum>
    Enum choice(std::string_view what, int choices) {
        const std::uint64_t where = at_;
        const auto value = number<std::uint8_t>(what);
        if (value >= choices) {
            refuse(where, std::string(what) + ": " + std::to_string(value) + " is none of the " +
                              std::to_string(choices) + " known choices");
        }
        return static_cast<Enum>(value);
    }

    // The content of the next section, which must have this tag; the cursor goes on after it.
    Cursor section(std::string_view tag);
    void expect_end(std::string_view what) const;

private:
    std::span<const std::byte> bytes_;
    std::uint64_t at_, end_;
};

} // namespace amp::plan

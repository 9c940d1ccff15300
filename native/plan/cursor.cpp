#include "plan/cursor.h"

#include "plan/description.h"

#include <cmath>

namespace amp::plan {

namespace {

// Strict UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const int more = byte < 0x80                   ? 0
                         : byte >= 0xC2 && byte < 0xE0 ? 1
                         : byte >= 0xE0 && byte < 0xF0 ? 2
                         : byte >= 0xF0 && byte < 0xF5 ? 3
                                                       : -1;
        if (more < 0 || i + static_cast<std::size_t>(more) >= text.size()) {
            return false;
        }
        for (int k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]);
            const unsigned low = k > 1 ? 0x80U : byte == 0xE0 ? 0xA0U : byte == 0xF0 ? 0x90U : 0x80U;
            const unsigned high = k > 1 ? 0xBFU : byte == 0xED ? 0x9FU : byte == 0xF4 ? 0x8FU : 0xBFU;
            if (next < low || next > high) {
                return false;
            }
        }
        i += static_cast<std::size_t>(more) + 1;
    }
    return true;
}

} // namespace

double Cursor::finite(std::string_view what) {
    const std::uint64_t where = at_;
    const auto value = number<double>(what);
    if (!std::isfinite(value)) {
        refuse(where, std::string(what) + ": not a finite number");
    }
    return value;
}

double Cursor::between(std::string_view what, double low, double high) {
    const std::uint64_t where = at_;
    const double value = finite(what);
    if (value < low || value > high) {
        refuse(where, std::string(what) + ": " + std::to_string(value) + " is not between " + std::to_string(low) +
                          " and " + std::to_string(high));
    }
    return value;
}

std::uint32_t Cursor::below(std::string_view what, std::uint64_t bound) {
    const std::uint64_t where = at_;
    const auto value = number<std::uint32_t>(what);
    if (value >= bound) {
        refuse(where, std::string(what) + ": " + std::to_string(value) + " is not below " + std::to_string(bound));
    }
    return value;
}

std::uint32_t Cursor::below_or_none(std::string_view what, std::uint64_t bound) {
    const std::uint64_t where = at_;
    const auto value = number<std::uint32_t>(what);
    if (value != kNone && value >= bound) {
        refuse(where, std::string(what) + ": " + std::to_string(value) + " is not below " + std::to_string(bound));
    }
    return value;
}

bool Cursor::flag(std::string_view what) { return choice<std::uint8_t>(what, 2) != 0; }

std::string Cursor::string(std::string_view what) {
    const std::uint64_t where = at_;
    const auto size = number<std::uint32_t>(what);
    if (size > kLongestString || size > left()) {
        refuse(where, std::string(what) + ": a text of " + std::to_string(size) + " bytes does not fit");
    }
    std::string text(reinterpret_cast<const char*>(bytes_.data() + at_), size);
    if (!is_utf8(text)) {
        refuse(where, std::string(what) + ": not UTF-8");
    }
    at_ += size;
    return text;
}

std::uint32_t Cursor::count(std::string_view what, std::uint64_t smallest_item, std::uint64_t at_most) {
    const std::uint64_t where = at_;
    const auto items = number<std::uint32_t>(what);
    if (items > at_most || items > left() / smallest_item) {
        refuse(where, std::string(what) + ": " + std::to_string(items) + " items do not fit");
    }
    return items;
}

Cursor Cursor::section(std::string_view tag) {
    const std::uint64_t where = at_;
    const auto found = number<std::uint32_t>(tag);
    std::uint32_t wanted = 0;
    std::memcpy(&wanted, tag.data(), sizeof(wanted));
    if (found != wanted) {
        refuse(where, "section " + std::string(tag) + " was expected here");
    }
    const std::uint64_t length_at = at_;
    const auto length = number<std::uint32_t>(tag);
    if (length > left()) {
        refuse(length_at, "section " + std::string(tag) + ": " + std::to_string(length) + " bytes, but only " +
                              std::to_string(left()) + " are left");
    }
    Cursor inner(bytes_, at_, at_ + length);
    at_ += length;
    return inner;
}

void Cursor::expect_end(std::string_view what) const {
    if (left() != 0) {
        refuse(at_, std::string(what) + ": " + std::to_string(left()) + " bytes too many");
    }
}

} // namespace amp::plan

#include "io/programs/json_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>

namespace amp::io {

namespace {

// Bytes of the UTF-8 sequence that begins `text`; 0 if none does. The Unicode Standard, table 3-7, without the rarer
// overlong forms of three and four bytes, which readers of JSON refuse by themselves.
std::size_t sequence_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length > text.size()) {
        return 0;
    }
    const auto follows = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; };
    return std::all_of(text.begin() + (length > 0 ? 1 : 0), text.begin() + static_cast<std::ptrdiff_t>(length), follows)
               ? length
               : 0;
}

} // namespace

JsonLine& JsonLine::key(std::string_view name) {
    before_value();
    quoted(name);
    out_ += ':';
    needs_comma_ = false;
    return *this;
}

JsonLine& JsonLine::text(std::string_view value) {
    before_value();
    quoted(value);
    return *this;
}

JsonLine& JsonLine::number(double value) {
    before_value();
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), std::isfinite(value) ? value : 0).ptr;
    out_.append(digits, end);
    return *this;
}

JsonLine& JsonLine::boolean(bool value) {
    before_value();
    out_ += value ? "true" : "false";
    return *this;
}

JsonLine& JsonLine::open(char bracket) {
    before_value();
    out_ += bracket;
    needs_comma_ = false;
    return *this;
}

JsonLine& JsonLine::close(char bracket) {
    out_ += bracket;
    needs_comma_ = true;
    return *this;
}

void JsonLine::before_value() {
    if (needs_comma_) {
        out_ += ',';
    }
    needs_comma_ = true;
}

void JsonLine::quoted(std::string_view value) {
    out_ += '"';
    while (!value.empty()) {
        const char first = value[0];
        const std::size_t length = sequence_length(value);
        if (length == 0) {
            out_ += "\uFFFD";
        } else if (first == '"' || first == '\\') {
            out_ += '\\';
            out_ += first;
        } else if (static_cast<unsigned char>(first) < 0x20) {
            char code[8];
            std::snprintf(code, sizeof(code), "\\u%04x", static_cast<unsigned>(first));
            out_ += code;
        } else {
            out_ += value.substr(0, length);
        }
        value.remove_prefix(std::max<std::size_t>(1, length));
    }
    out_ += '"';
}

} // namespace amp::io

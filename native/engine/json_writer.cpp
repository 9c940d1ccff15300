#include "engine/json_writer.h"

#include <charconv>

namespace amp::engine {

JsonWriter& JsonWriter::key(std::string_view name) {
    before_value();
    quoted(name);
    out_ += ": ";
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    before_value();
    quoted(value);
    return *this;
}

JsonWriter& JsonWriter::number(double value) {
    before_value();
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    out_.append(digits, end);
    return *this;
}

JsonWriter& JsonWriter::integer(std::uint64_t value) {
    before_value();
    out_ += std::to_string(value);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
    before_value();
    out_ += value ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null() {
    before_value();
    out_ += "null";
    return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
    before_value();
    out_ += bracket;
    ++depth_;
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    --depth_;
    if (!first_) {
        line();
    }
    out_ += bracket;
    first_ = false;
    if (depth_ == 0) {
        out_ += '\n';
    }
    return *this;
}

void JsonWriter::before_value() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (depth_ == 0) {
        return;
    }
    if (!first_) {
        out_ += ',';
    }
    first_ = false;
    line();
}

void JsonWriter::line() {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
}

void JsonWriter::quoted(std::string_view value) {
    constexpr char kHex[] = "0123456789abcdef";
    out_ += '"';
    for (const char letter : value) {
        const auto code = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') {
            out_ += '\\';
            out_ += letter;
        } else if (code < 0x20) {
            out_ += "\\u00";
            out_ += kHex[code >> 4];
            out_ += kHex[code & 15];
        } else {
            out_ += letter;
        }
    }
    out_ += '"';
}

} // namespace amp::engine

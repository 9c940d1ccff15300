// One JSON value on one line, for whoever reads a program's output line by line.
#pragma once

#include <string>
#include <string_view>

namespace amp::io {

class JsonLine {
public:
    JsonLine& begin_object() { return open('{'); }
    JsonLine& end_object() { return close('}'); }
    JsonLine& begin_array() { return open('['); }
    JsonLine& end_array() { return close(']'); }
    JsonLine& key(std::string_view name);
    // Bytes that are no UTF-8 become U+FFFD.
    JsonLine& text(std::string_view value);
    // The shortest decimal that reads back as the same number.
    JsonLine& number(double value);
    JsonLine& boolean(bool value);

    const std::string& result() const { return out_; }

private:
    JsonLine& open(char bracket);
    JsonLine& close(char bracket);
    void before_value();
    void quoted(std::string_view value);

    std::string out_;
    bool needs_comma_ = false;
};

} // namespace amp::io

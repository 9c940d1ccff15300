// Writes JSON, indented, for people and programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace amp::engine {

class JsonWriter {
public:
    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name);
    JsonWriter& text(std::string_view value);
    // The shortest decimal that reads back as the same number.
    JsonWriter& number(double value);
    JsonWriter& integer(std::uint64_t value);
    JsonWriter& boolean(bool value);
    JsonWriter& null();

    const std::string& result() const { return out_; }

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void before_value();
    void line();
    void quoted(std::string_view value);

    std::string out_;
    int depth_ = 0;
    bool first_ = true; // nothing was written in this bracket yet
    bool after_key_ = false;
};

} // namespace amp::engine

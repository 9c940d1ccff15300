// Prints the declarations of all node types as JSON, sorted by name: what src/patch/node-types.json is generated from.
#include "node/node.h"

#include <array>
#include <charconv>
#include <concepts>
#include <iostream>
#include <string>
#include <string_view>

namespace amp {
namespace {

std::string_view name_of(ShapeRule rule) {
    switch (rule) {
    case ShapeRule::elementwise:
        return "elementwise";
    case ShapeRule::sum:
        return "sum";
    case ShapeRule::output:
        return "output";
    case ShapeRule::pan:
        return "pan";
    case ShapeRule::voices:
        return "voices";
    }
    return "";
}

std::string_view name_of(Absent absent) {
    switch (absent) {
    case Absent::use_default:
        return "default";
    case Absent::hold:
        return "hold";
    case Absent::optional:
        return "optional";
    }
    return "";
}

std::string_view name_of(Unit unit) {
    switch (unit) {
    case Unit::none:
        return "none";
    case Unit::hertz:
        return "hertz";
    case Unit::seconds:
        return "seconds";
    case Unit::ratio:
        return "ratio";
    case Unit::octaves:
        return "octaves";
    case Unit::turns:
        return "turns";
    }
    return "";
}

std::string_view name_of(Curve curve) { return curve == Curve::linear ? "linear" : "exponential"; }

// Writes JSON with one value a line, two spaces a level.
class JsonText {
public:
    template <class Body>
    void object(Body&& body) {
        nested('{', '}', body);
    }
    template <class Items, class Body>
    void list(std::string_view key, const Items& items, Body&& each) {
        name(key);
        nested('[', ']', [&] {
            for (const auto& item : items) {
                begin_value();
                each(item);
            }
        });
    }
    template <class Body>
    void member_object(std::string_view key, Body&& body) {
        name(key);
        object(body);
    }
    void member(std::string_view key, std::string_view value) {
        name(key);
        string(value);
    }
    void member(std::string_view key, std::same_as<bool> auto value) {
        name(key);
        text_ += value ? "true" : "false";
    }
    // The shortest decimal without an exponent that reads back as the same number; it never needs more than 350
    // characters.
    void member(std::string_view key, double value) {
        name(key);
        std::array<char, 350> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed).ptr;
        text_.append(digits.data(), end);
    }
    void string(std::string_view value) {
        text_ += '"';
        for (const char c : value) {
            escaped(c);
        }
        text_ += '"';
    }
    const std::string& text() const { return text_; }

private:
    template <class Body>
    void nested(char open, char close, Body&& body) {
        text_ += open;
        ++depth_;
        first_ = true;
        body();
        --depth_;
        if (!first_) {
            new_line();
        }
        text_ += close;
        first_ = false;
    }
    void begin_value() {
        if (!first_) {
            text_ += ',';
        }
        first_ = false;
        new_line();
    }
    void name(std::string_view key) {
        begin_value();
        string(key);
        text_ += ": ";
    }
    void new_line() {
        text_ += '\n';
        text_.append(static_cast<std::size_t>(depth_) * 2, ' ');
    }
    // RFC 8259, section 7; bytes of UTF-8 stand as they are.
    void escaped(char c) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            text_ += '\\';
            text_ += c;
        } else if (code < 0x20) {
            text_ += "\\u00";
            text_ += kDigits[code >> 4];
            text_ += kDigits[code & 15];
        } else {
            text_ += c;
        }
    }

    std::string text_;
    int depth_ = 0;
    bool first_ = true;
};

void write(JsonText& json, const OptionDeclaration& option) {
    json.object([&] {
        json.member("name", option.name);
        json.member("purpose", option.purpose);
        if (option.choices.size() > 0) {
            json.list("choices", option.choices, [&](std::string_view choice) { json.string(choice); });
        } else {
            json.member("minimum", option.minimum);
            json.member("maximum", option.maximum);
        }
        json.member("default", option.default_value);
    });
}

void write(JsonText& json, const ParameterDeclaration& parameter) {
    json.object([&] {
        json.member("name", parameter.name);
        json.member("purpose", parameter.purpose);
        json.member("unit", name_of(parameter.unit));
        json.member("minimum", parameter.minimum);
        json.member("maximum", parameter.maximum);
        json.member("default", parameter.default_value);
        json.member("curve", name_of(parameter.curve));
    });
}

void write(JsonText& json, const NodeType& type) {
    const Declaration& declaration = *type.declaration;
    json.object([&] {
        json.member("name", type.name);
        json.member("purpose", declaration.purpose);
        json.member("source", declaration.source);
        json.member("shape", name_of(declaration.shape));
        json.member("envelope", declaration.envelope);
        json.list("inputs", declaration.inputs, [&](const TapDeclaration& tap) {
            json.object([&] {
                json.member("name", tap.name);
                json.member("group", tap.group);
                json.member("purpose", tap.purpose);
                json.member("absent", name_of(tap.absent));
                json.member("default", tap.default_value);
            });
        });
        json.list("outputs", declaration.outputs, [&](const TapDeclaration& tap) {
            json.object([&] {
                json.member("name", tap.name);
                json.member("group", tap.group);
                json.member("purpose", tap.purpose);
            });
        });
        json.list("parameters", declaration.parameters,
                  [&](const ParameterDeclaration& parameter) { write(json, parameter); });
        json.list("options", declaration.options, [&](const OptionDeclaration& option) { write(json, option); });
        json.member("latency", static_cast<double>(declaration.latency));
        json.member("tail", declaration.tail);
        json.member_object("thermal", [&] {
            json.member("gain", declaration.thermal.gain);
            json.member("tau", declaration.thermal.tau);
        });
        json.member("differentiable", declaration.not_differentiable.empty());
    });
}

std::string all_declarations() {
    JsonText json;
    json.object([&] {
        json.member("format", 1.0);
        json.list("types", node_types(), [&](const NodeType* type) { write(json, *type); });
    });
    return json.text() + '\n';
}

} // namespace
} // namespace amp

int main() {
    std::cout << amp::all_declarations() << std::flush;
    return std::cout ? 0 : 1;
}

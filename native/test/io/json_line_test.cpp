#include "io/programs/json_line.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace amp::test {
namespace {

using io::JsonLine;

std::string text(const std::string& value) { return JsonLine().text(value).result(); }

TEST(JsonLine, SeparatesWhatItHolds) {
    JsonLine line;
    line.begin_object().key("a").number(1.5).key("b").begin_array().boolean(true).begin_array().end_array().end_array();
    EXPECT_EQ(line.key("c").text("d").end_object().result(), R"({"a":1.5,"b":[true,[]],"c":"d"})");
}

TEST(JsonLine, StaysOneLineWhateverATextHolds) {
    EXPECT_EQ(text("a\nb\t\"c\"\\\x01"), R"("a\u000ab\u0009\"c\"\\\u0001")");
}

TEST(JsonLine, KeepsTextInUtf8) { EXPECT_EQ(text("Gerät 日本 😀"), "\"Gerät 日本 😀\""); }

TEST(JsonLine, ReplacesBytesThatAreNoText) {
    EXPECT_EQ(text("a\xFF"
                   "b\xC3"),
              "\"a\uFFFDb\uFFFD\"");
    EXPECT_EQ(text("\xE6\x97"
                   "x"),
              "\"\uFFFD\uFFFDx\"");
}

TEST(JsonLine, WritesNoNumberThatJsonLacks) { EXPECT_EQ(JsonLine().number(std::nan("")).result(), "0"); }

} // namespace
} // namespace amp::test

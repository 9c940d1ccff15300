#include "io/programs/arguments.h"

#include <charconv>
#include <cmath>
#include <string_view>

namespace amp::io {

namespace {

constexpr const char* kUsage = "Usage: amp_device list | amp_device open --device NAME --channels C --sample-rate R "
                               "--frames F --latency SECONDS";

template <class Number>
bool read_number(std::string_view text, Number least, Number most, Number& number) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= least && value <= most)) {
        return false;
    }
    number = value;
    return true;
}

bool set_option(DeviceRequest& request, std::string_view option, std::string_view value) {
    if (option == "--device") {
        request.device = value;
        return !value.empty();
    }
    if (option == "--channels") {
        return read_number(value, 1, 64, request.channels);
    }
    if (option == "--sample-rate") {
        return read_number(value, 0.0, 768000.0, request.sample_rate);
    }
    if (option == "--frames") {
        return read_number(value, 0, 16384, request.frames);
    }
    return option == "--latency" && read_number(value, 0.0, 10.0, request.latency_seconds);
}

} // namespace

Result<Arguments> read_arguments(std::span<char* const> words) {
    Arguments arguments;
    const std::string_view command = words.empty() ? "" : words[0];
    if (command == "list" && words.size() == 1) {
        arguments.only_lists = true;
        return arguments;
    }
    if (command != "open") {
        return Error{ErrorKind::bad_argument, kUsage};
    }
    for (std::size_t i = 1; i < words.size(); i += 2) {
        const std::string option = words[i];
        if (i + 1 == words.size()) {
            return Error{ErrorKind::bad_argument, option + " lacks its value. " + kUsage};
        }
        if (!set_option(arguments.request, option, words[i + 1])) {
            return Error{ErrorKind::bad_argument, option + " " + words[i + 1] + " makes no sense. " + kUsage};
        }
    }
    return arguments;
}

Result<StartCommand> read_start_command(const std::string& line) {
    constexpr std::string_view kWord = "start ";
    const std::size_t space = line.rfind(' ');
    StartCommand command;
    if (line.rfind(kWord, 0) != 0 || space <= kWord.size() ||
        !read_number<std::uint32_t>(std::string_view(line).substr(space + 1), 1, 0xFFFFFFFF, command.token)) {
        return Error{ErrorKind::bad_argument, "The command is to be: start PATH TOKEN, not: " + line};
    }
    command.path = line.substr(kWord.size(), space - kWord.size());
    return command;
}

} // namespace amp::io

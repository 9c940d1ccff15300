// What amp_device is asked to do.
#pragma once

#include "base/result.h"
#include "io/output_device.h"

#include <cstdint>
#include <span>
#include <string>

namespace amp::io {

struct Arguments {
    bool only_lists = false;
    DeviceRequest request;
};

// The words after the program's name: `list`, or `open` with its options. Errors: bad_argument with the word at fault.
// [main]
Result<Arguments> read_arguments(std::span<char* const> words);

// `start PATH TOKEN`: play the output memory at PATH, as the owner TOKEN, a number from 1 on.
struct StartCommand {
    std::string path;
    std::uint32_t token = 0;
};

// Errors: bad_argument for any other line. [main]
Result<StartCommand> read_start_command(const std::string& line);

} // namespace amp::io

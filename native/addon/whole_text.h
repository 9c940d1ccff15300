// A text of the C API, which tells its length first, as a whole.
#pragma once

#include <cstddef>
#include <string>

namespace amp::addon {

// `fill` gets where to write and how many bytes fit, and returns how many it needs. [main]
template <class Fill>
std::string whole_text(Fill&& fill) {
    std::string text(fill(nullptr, std::size_t{0}), '\0');
    fill(text.data(), text.size() + 1);
    return text;
}

} // namespace amp::addon

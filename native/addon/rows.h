// Lists of numbers: an object for each of a thousand items would take longer than what it tells of.
#pragma once

#include <algorithm>
#include <cstddef>
#include <napi.h>
#include <tuple>
#include <vector>

namespace amp::addon {

// The numbers of each item, one item behind the other. [main]
template <class Item, class Numbers>
Napi::Float64Array rows_of(Napi::Env env, const std::vector<Item>& items, Numbers&& numbers) {
    constexpr std::size_t kColumns = std::tuple_size_v<decltype(numbers(items.front()))>;
    auto rows = Napi::Float64Array::New(env, items.size() * kColumns);
    double* to = rows.Data();
    for (const Item& item : items) {
        to = std::ranges::copy(numbers(item), to).out;
    }
    return rows;
}

} // namespace amp::addon

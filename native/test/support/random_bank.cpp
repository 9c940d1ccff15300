// The part of a random plan that has equals side by side and in a row: what schedules make cohorts and chains of.
#include "node/node.h"
#include "support/random_plan.h"

#include <iterator>

namespace amp::test {

// Copies of one row of nodes, each fed by some free source. Most links of a row are plain, so that they may be chains.
void RandomPlan::add_bank() {
    constexpr std::string_view kTypes[] = {"one_pole", "biquad", "one_pole", "biquad", "svf", "gain", "sine", "saw"};
    const int links = 1 + below(5);
    std::vector<std::string> types;
    for (int link = 0; link < links; ++link) {
        types.emplace_back(link > 0 && one_in(2) ? types.back() : kTypes[below(std::size(kTypes))]);
    }
    std::vector<Source> ends;
    for (int copies = 1 + below(9); copies > 0; --copies) {
        Source before = any(free_);
        for (const std::string& type : types) {
            const std::string id = add(type, {1, 1});
            const bool takes_input = find_node_type(type)->declaration->inputs.size() > 0;
            const bool is_plain = !one_in(4);
            builder_.edge(
                before.path, takes_input ? id : id + ".freq",
                {.delay = is_plain ? 0 : any_delay(), .gain = {is_plain && takes_input ? 1 : real(-0.5, 0.5)}});
            if (one_in(8)) {
                modulate(id, type, free_);
            }
            before = {id, {1, 1}};
        }
        ends.push_back(before);
    }
    free_.insert(free_.end(), ends.begin(), ends.end());
}

} // namespace amp::test

// The C API's view of what moves.
#include "amp.h"
#include "engine/c_api_handles.h"
#include "engine/plan_instance.h"

size_t amp_streamer_slow_moves(const amp_streamer* streamer, amp_slow_moves* out, size_t most) {
    const auto plan = streamer->streamer->find_plan();
    size_t count = 0;
    for (const auto& node : plan->graph->nodes()) {
        node->movements.tell_slow_moves([&](bool is_edge, std::uint32_t index, std::uint32_t moves) {
            if (count < most) {
                out[count] = {is_edge ? 1 : 0, is_edge ? index : node->index, is_edge ? 0 : index, moves};
            }
            ++count;
        });
    }
    return count;
}

#include "plan/spectral.h"

#include "node/node.h"

namespace amp::plan {

namespace {

using Wrong = std::optional<std::string>;

constexpr const char* kWindowNames[kSpectralWindows] = {"sqrt_hann", "hann", "hamming", "blackman"};

template <class Taps>
std::optional<SpectralForm> form_of(const Node& node, const Taps& declared, std::uint32_t tap) {
    // Behind the outputs that a type declares comes the heat of the node.
    return tap < declared.size() && declared[tap].spectral ? std::optional(spectral_form(option_numbers(node)))
                                                           : std::nullopt;
}

const Declaration& declaration_of(const Node& node) { return *find_node_type(node.type)->declaration; }

std::string text(const SpectralForm& form) {
    return "size " + std::to_string(form.size) + ", overlap " + std::to_string(form.overlap) + ", window " +
           kWindowNames[static_cast<std::size_t>(form.window)];
}

std::string text(const std::optional<SpectralForm>& form) {
    return form ? "spectra (" + text(*form) + ")" : "a signal";
}

} // namespace

std::vector<double> option_numbers(const Node& node) {
    std::vector<double> numbers;
    for (const Option& option : node.options) {
        numbers.push_back(option.number);
    }
    return numbers;
}

std::optional<SpectralForm> form_of_output(const Node& node, std::uint32_t output) {
    return form_of(node, declaration_of(node).outputs, output);
}

std::optional<SpectralForm> form_of_input(const Node& node, std::uint32_t input) {
    return form_of(node, declaration_of(node).inputs, input);
}

std::uint64_t period_of_output(const Node& node, std::uint32_t output) {
    const auto form = form_of_output(node, output);
    return form ? static_cast<std::uint64_t>(form->hop()) : 1;
}

std::uint64_t period_of_input(const Node& node, std::uint32_t input) {
    const auto form = form_of_input(node, input);
    return form ? static_cast<std::uint64_t>(form->hop()) : 1;
}

Wrong check_windows(const Node& node) {
    const SpectralForm form = spectral_form(option_numbers(node));
    const int least = window_shape(form.window).least_overlap;
    if (form.overlap >= least) {
        return {};
    }
    std::string fitting;
    for (int window = 0; window < kSpectralWindows; ++window) {
        if (kWindowShapes[static_cast<std::size_t>(window)].least_overlap <= form.overlap) {
            fitting += (fitting.empty() ? "" : " or ") + std::string(kWindowNames[window]);
        }
    }
    return "node " + node.id + ": windows " + kWindowNames[static_cast<std::size_t>(form.window)] +
           " do not add up to the same everywhere at an overlap of " + std::to_string(form.overlap) + "; " +
           std::to_string(least) + " or more fits, or window " + fitting;
}

Wrong check_spectral_edge(const Description& plan, const Edge& edge) {
    const Node& from = plan.nodes[edge.from_node];
    const Node& to = plan.nodes[edge.to_node];
    const bool to_input = edge.target == EdgeTarget::input;
    const auto given = form_of_output(from, edge.from_output);
    const auto wanted = to_input ? form_of_input(to, edge.to_index) : std::nullopt;
    const std::string target =
        to.id + "." + (to_input ? to.inputs[edge.to_index].name : to.parameters[edge.to_index].name);
    if (given != wanted) {
        return from.id + "." + from.outputs[edge.from_output].name + " gives " + text(given) + ", " + target +
               " takes " + text(wanted);
    }
    if (!given) {
        return {};
    }
    const auto period = static_cast<std::int64_t>(given->hop());
    const auto moved = static_cast<std::int64_t>(edge.total_delay() + from.aligned_latency + from.latency) -
                       static_cast<std::int64_t>(to.aligned_latency);
    if (moved % period != 0) {
        return "moves tokens by " + std::to_string(moved) + " frames; multiples of their period fit, " +
               std::to_string(period) + " frames";
    }
    const InputTap& input = to.inputs[edge.to_index];
    if (input.default_value != 0 || input.absent == AbsentPolicy::hold) {
        return target + " takes spectra: where there are none it has silence, and holds nothing";
    }
    if (edge.gate == kNone) {
        return {};
    }
    if (plan.gates[edge.gate].while_closed == WhileClosed::sample) {
        return "gate " + plan.gates[edge.gate].id + " would hold one frame of spectra; mute and hold fit";
    }
    if (input.overflow == OverflowPolicy::block) {
        return target + " takes spectra, which stop nothing; drop_oldest fits";
    }
    return {};
}

} // namespace amp::plan

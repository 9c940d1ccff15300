// What of a plan concerns spectra: the forms of taps, and what edges between them must keep.
#pragma once

#include "node/spectral_form.h"
#include "plan/description.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace amp::plan {

// The numbers of a node's options, in the order of its type. [any]
std::vector<double> option_numbers(const Node& node);

// The form of the spectra on a tap; nothing of a tap with a signal. The node's names are those of its type. [any]
std::optional<SpectralForm> form_of_output(const Node& node, std::uint32_t output);
std::optional<SpectralForm> form_of_input(const Node& node, std::uint32_t input);

// Frames from one token to the next: 1 of a signal. [any]
std::uint64_t period_of_output(const Node& node, std::uint32_t output);
std::uint64_t period_of_input(const Node& node, std::uint32_t input);

// What is wrong with the windows of a spectral node, whose options are in their ranges, or nothing. [any]
std::optional<std::string> check_windows(const Node& node);

// What is wrong with an edge between taps of which one has spectra, or nothing. [any]
std::optional<std::string> check_spectral_edge(const Description& plan, const Edge& edge);

} // namespace amp::plan

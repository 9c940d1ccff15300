// Numbers with their units as the patch wrote them, converted here and nowhere else, with our own powers of two: the
// same bits on every machine.
#pragma once

#include "node/declaration.h"
#include "plan/description.h"

#include <optional>

namespace amp::plan {

// The value in the parameter's unit: hertz, seconds, ratio, octaves, turns or a bare number. Nothing if the units do
// not fit each other. [compiler]
std::optional<double> canonical(const Value& value, Unit unit, const Stream& stream);

} // namespace amp::plan

#include "conformance/check.h"

#include <vector>

namespace amp::test {

std::span<const Check> conformance_checks() {
    static const std::vector<Check> all = [] {
        std::vector<Check> gathered;
        for (const auto& part :
             {declaration_checks(), equal_bits_checks(), limit_checks(), time_checks(), containment_checks()}) {
            gathered.insert(gathered.end(), part.begin(), part.end());
        }
        return gathered;
    }();
    return all;
}

} // namespace amp::test

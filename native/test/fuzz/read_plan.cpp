// A libFuzzer target: any bytes given as a plan. Damage is sealed again first, for a wrong checksum would hide it all.
//
// amp_fuzz_read_plan [OPTIONS OF LIBFUZZER] CORPUS...
#include "plan/reader.h"
#include "support/untrusted_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace amp;

constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 20;
constexpr int kBlock = 16;

void expect(bool kept, const std::string& what) {
    if (!kept) {
        std::fprintf(stderr, "%s\n", what.c_str());
        std::abort();
    }
}

void read_and_run(std::span<const std::byte> bytes) {
    const auto read = plan::read(bytes);
    if (read.ok()) {
        const std::string fault = test::fault_in_running(read.value(), kBlock, 1, kMostBytes);
        expect(fault.empty(), "a plan that was taken: " + fault);
    } else {
        expect(read.error().kind == ErrorKind::bad_plan, "refused for another reason: " + read.error().message);
        expect(test::names_a_place(read.error().message), "refused without a place: " + read.error().message);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto given = std::as_bytes(std::span(data, size));
    read_and_run(given);
    std::vector<std::byte> bytes(given.begin(), given.end());
    test::seal(bytes);
    if (!std::equal(bytes.begin(), bytes.end(), given.begin())) {
        read_and_run(bytes);
    }
    return 0;
}

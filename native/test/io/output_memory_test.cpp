#include "base/monotonic_clock.h"
#include "io/output_memory.h"
#include "ramp.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace amp::test {
namespace {

using io::OutputGeometry;
using io::OutputMemory;

constexpr OutputGeometry kStereo{2, 64, 4096, 48000};

std::string path_of(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

// A copy of a right memory, with something wrong in it.
class Spoiled {
public:
    explicit Spoiled(const std::function<void(std::vector<char>&)>& spoil, int seals = F_SEAL_SHRINK) {
        const OutputMemory right = make_memory(kStereo);
        struct stat status{};
        fstat(right.descriptor(), &status);
        std::vector<char> bytes(static_cast<std::size_t>(status.st_size));
        EXPECT_EQ(pread(right.descriptor(), bytes.data(), bytes.size(), 0), status.st_size);
        spoil(bytes);
        descriptor_ = memfd_create("spoiled", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        EXPECT_EQ(write(descriptor_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
        fcntl(descriptor_, F_ADD_SEALS, seals);
    }
    ~Spoiled() { close(descriptor_); }
    Spoiled(const Spoiled&) = delete;
    Spoiled& operator=(const Spoiled&) = delete;

    std::string refusal() const {
        const auto opened = OutputMemory::open(path_of(descriptor_));
        return opened.ok() ? "it was opened" : opened.error().message;
    }

private:
    int descriptor_;
};

io::OutputHeader& header_in(std::vector<char>& bytes) { return *reinterpret_cast<io::OutputHeader*>(bytes.data()); }

TEST(OutputMemory, ShowsAnotherMappingWhatIsWritten) {
    OutputMemory memory = make_memory(kStereo);
    auto other = OutputMemory::open(path_of(memory.descriptor()));
    ASSERT_TRUE(other.ok()) << other.error().message;
    make_ramp_until(memory, 100);
    EXPECT_EQ(other.value().header().made.load(), 100);
    EXPECT_EQ(other.value().frame(99)[1], ramp(99, 1));
}

TEST(OutputMemory, TellsAnotherMappingItsGeometry) {
    const OutputMemory memory = make_memory({3, 100, 16000, 44100});
    const auto other = OutputMemory::open(path_of(memory.descriptor()));
    ASSERT_TRUE(other.ok()) << other.error().message;
    const OutputGeometry& geometry = other.value().geometry();
    EXPECT_EQ(std::vector<double>({3, 100, 16000, 44100}),
              std::vector<double>({double(geometry.channels), double(geometry.block), double(geometry.capacity_frames),
                                   geometry.sample_rate}));
}

TEST(OutputMemory, KeepsItsGeometryWhateverIsWrittenThere) {
    const OutputMemory memory = make_memory(kStereo);
    memory.header().geometry = {0, 0, 0, 0};
    EXPECT_EQ(memory.geometry().capacity_frames, kStereo.capacity_frames);
    EXPECT_EQ(memory.frame(kStereo.capacity_frames + 7), memory.frame(7));
    EXPECT_EQ(memory.straight_frames(7), kStereo.capacity_frames - 7);
}

TEST(OutputMemory, LetsAnotherMappingChangeNoFrames) {
    const OutputMemory memory = make_memory(kStereo);
    const auto other = OutputMemory::open(path_of(memory.descriptor()));
    ASSERT_TRUE(other.ok()) << other.error().message;
    const int zeros = open("/dev/zero", O_RDONLY);
    // The system says what would end a program that writes there itself.
    EXPECT_EQ(read(zeros, other.value().frame(kStereo.capacity_frames - 1), sizeof(float)), -1);
    EXPECT_EQ(errno, EFAULT);
    EXPECT_EQ(read(zeros, memory.frame(kStereo.capacity_frames - 1), sizeof(float)), ssize_t{sizeof(float)});
    close(zeros);
}

TEST(OutputMemory, OutlivesTheOneWhoMadeItInAnotherMapping) {
    auto memory = std::make_unique<OutputMemory>(make_memory(kStereo));
    make_ramp_until(*memory, 64);
    const auto other = OutputMemory::open(path_of(memory->descriptor()));
    memory.reset();
    ASSERT_TRUE(other.ok());
    EXPECT_EQ(other.value().frame(63)[0], ramp(63, 0));
}

TEST(OutputMemory, WakesWhoSleepsOnItsPaceInAnotherProcess) {
    const OutputMemory memory = make_memory(kStereo);
    Pace& pace = memory.header().pace;
    const WakeUp::Ticket ticket = pace.wake_up.ticket();
    const pid_t child = fork();
    if (child == 0) {
        const auto other = OutputMemory::open(path_of(memory.descriptor()));
        while (other.ok() && other.value().header().pace.wake_up.sleepers() == 0) {
            usleep(1000);
        }
        usleep(20000); // the sleeper is counted a moment before it sleeps
        if (other.ok()) {
            other.value().header().pace.allow(5);
        }
        _exit(0);
    }
    const std::int64_t begin = monotonic_nanoseconds();
    pace.wake_up.sleep(ticket, 20'000'000'000);
    EXPECT_LT(monotonic_nanoseconds() - begin, 10'000'000'000);
    EXPECT_EQ(pace.allowed.load(), 5);
    waitpid(child, nullptr, 0);
}

TEST(OutputMemory, FindsAFrameAgainACapacityLater) {
    const OutputMemory memory = make_memory(kStereo);
    EXPECT_EQ(memory.frame(4096 * 5 + 7), memory.frame(7));
}

TEST(OutputMemory, CannotBeShrunkBelowItsMappings) {
    const OutputMemory memory = make_memory(kStereo);
    EXPECT_NE(ftruncate(memory.descriptor(), 10), 0);
}

TEST(OutputMemory, RefusesGeometriesThatMakeNoSense) {
    for (const OutputGeometry& geometry :
         {OutputGeometry{0, 64, 4096, 48000}, OutputGeometry{65, 64, 4096, 48000}, OutputGeometry{2, 0, 4096, 48000},
          OutputGeometry{2, 4097, 1 << 20, 48000}, OutputGeometry{2, 64, 4100, 48000}, OutputGeometry{2, 64, 64, 48000},
          OutputGeometry{2, 64, -4096, 48000}, OutputGeometry{2, 64, 4096, 0},
          OutputGeometry{2, 64, std::int64_t{1} << 40, 48000}}) {
        EXPECT_FALSE(OutputMemory::create(geometry).ok()) << geometry.channels << " " << geometry.block << " "
                                                          << geometry.capacity_frames << " " << geometry.sample_rate;
    }
}

TEST(OutputMemory, RefusesAPathThatIsNotThere) {
    const auto opened = OutputMemory::open("/proc/self/fd/987654");
    ASSERT_FALSE(opened.ok());
    EXPECT_NE(opened.error().message.find("No such file"), std::string::npos) << opened.error().message;
}

TEST(OutputMemory, RefusesAFileOfADisk) { EXPECT_FALSE(OutputMemory::open("/proc/self/exe").ok()); }

TEST(OutputMemory, RefusesADevice) { EXPECT_FALSE(OutputMemory::open("/dev/zero").ok()); }

TEST(OutputMemory, RefusesMemoryThatCouldShrink) {
    EXPECT_NE(Spoiled([](auto&) {}, 0).refusal().find("sealed"), std::string::npos);
}

TEST(OutputMemory, RefusesMemoryWithoutRoomForItsHeader) {
    EXPECT_NE(Spoiled([](auto& bytes) { bytes.resize(100); }).refusal().find("too small"), std::string::npos);
}

TEST(OutputMemory, RefusesMemoryThatBeginsOtherwise) {
    EXPECT_NE(Spoiled([](auto& bytes) { header_in(bytes).magic = 1; }).refusal().find("begin"), std::string::npos);
}

TEST(OutputMemory, RefusesAnotherVersion) {
    EXPECT_NE(Spoiled([](auto& bytes) { header_in(bytes).version = 99; }).refusal().find("99"), std::string::npos);
}

TEST(OutputMemory, RefusesAGeometryThatMakesNoSense) {
    EXPECT_NE(Spoiled([](auto& bytes) { header_in(bytes).geometry.channels = -1; }).refusal().find("channels"),
              std::string::npos);
}

TEST(OutputMemory, RefusesAGeometryThatDoesNotFitItsSize) {
    EXPECT_NE(Spoiled([](auto& bytes) { header_in(bytes).geometry.capacity_frames = 8192; }).refusal().find("bytes"),
              std::string::npos);
}

} // namespace
} // namespace amp::test

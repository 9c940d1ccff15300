// The program amp_device as a host sees it.

#include "child_process.h"
#include "io/clock_device.h"
#include "ramp.h"
#include "waiting.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace amp::test {
namespace {

using io::OutputMemory;

constexpr std::size_t kWavHeader = 58;
constexpr std::size_t kFade = 96; // 2 ms at 48 kHz

std::string start_command(const OutputMemory& memory, int token) {
    return "start /proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(memory.descriptor()) + " " +
           std::to_string(token);
}

std::vector<std::string> opening(const std::string& device, const std::string& sample_rate = "0") {
    return {AMP_DEVICE, "open", "--device", device, "--channels", "1", "--sample-rate", sample_rate, "--frames", "128"};
}

// A file of its own that goes with it.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& name)
        : path_(std::filesystem::temp_directory_path() / ("amp-" + std::to_string(getpid()) + "-" + name)) {}
    ~TemporaryFile() { std::filesystem::remove(path_); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    std::string path() const { return path_.string(); }

    std::vector<char> bytes() const {
        std::ifstream file(path_, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }

    std::vector<float> samples() const {
        const std::vector<char> all = bytes();
        std::vector<float> samples(all.size() < kWavHeader ? 0 : (all.size() - kWavHeader) / sizeof(float));
        if (!samples.empty()) {
            std::memcpy(samples.data(), all.data() + kWavHeader, samples.size() * sizeof(float));
        }
        return samples;
    }

private:
    std::filesystem::path path_;
};

// A stream that plays a ramp, paced by its clock device until a program takes the output.
struct PlayedStream {
    OutputMemory memory = make_memory({1, 64, 1 << 16, 48000});
    RampMaker maker{memory};
    io::ClockDevice clock{memory};
    PlayedStream() { clock.start(); }
};

TEST(DeviceProgram, ListsInOneLineAndPrintsNothingElse) {
    ChildProcess program({AMP_DEVICE, "list"});
    const auto line = program.next_line();
    ASSERT_TRUE(line);
    EXPECT_EQ(line->rfind("{\"hostApis\":[", 0), 0U) << *line;
    EXPECT_FALSE(program.next_line());
    EXPECT_EQ(program.wait(), 0);
    EXPECT_EQ(program.errors(), "");
}

TEST(DeviceProgram, TellsThatADeviceIsNotThere) {
    ChildProcess program(opening("no such device"));
    const auto line = program.next_line();
    ASSERT_TRUE(line);
    EXPECT_NE(line->find("\"type\":\"error\""), std::string::npos) << *line;
    EXPECT_EQ(program.wait(), 3);
    EXPECT_EQ(program.errors(), "");
}

TEST(DeviceProgram, TellsHowItIsUsed) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{AMP_DEVICE},
                                                  {AMP_DEVICE, "dance"},
                                                  {AMP_DEVICE, "open", "--device"},
                                                  {AMP_DEVICE, "open", "--channels", "0"},
                                                  {AMP_DEVICE, "open", "--frames", "many"},
                                                  {AMP_DEVICE, "open", "--latency", "nan"}}) {
        ChildProcess program(words);
        const auto line = program.next_line();
        ASSERT_TRUE(line);
        EXPECT_NE(line->find("Usage"), std::string::npos) << *line;
        EXPECT_EQ(program.wait(), 2);
    }
}

TEST(DeviceProgram, TellsWhyAFileCannotBeWritten) {
    ChildProcess program(opening("file:/no/such/folder/out.wav"));
    const auto line = program.next_line();
    ASSERT_TRUE(line);
    EXPECT_NE(line->find("No such file"), std::string::npos) << *line;
    EXPECT_EQ(program.wait(), 3);
}

TEST(DeviceProgram, WritesTheFramesOfTheMemoryToAFile) {
    const TemporaryFile file("bits.wav");
    PlayedStream stream;
    ChildProcess program(opening("file:" + file.path()));
    EXPECT_TRUE(program.line_with("\"granted\""));
    program.tell(start_command(stream.memory, 4));
    EXPECT_TRUE(program.line_with("\"playing\""));
    const std::int64_t playing_at = stream.memory.header().clock.load();
    EXPECT_TRUE(becomes_true([&] { return stream.memory.header().clock.load() > playing_at + 24000; }));
    program.end_input();
    EXPECT_EQ(program.wait(), 0);
    const std::vector<float> samples = file.samples();
    ASSERT_GT(samples.size(), 20000U);
    std::size_t breaks = 0;
    for (std::size_t i = kFade + 1; i < samples.size(); ++i) {
        breaks += samples[i] - samples[i - 1] == 1.0F / (1 << 23) ? 0 : 1;
    }
    // A busy machine may miss frames, but not without telling it.
    EXPECT_TRUE(breaks == 0 || stream.memory.header().missed_frames.load() > 0) << breaks;
}

TEST(DeviceProgram, LeavesAFileWithARightHeader) {
    const TemporaryFile file("header.wav");
    PlayedStream stream;
    ChildProcess program(opening("file:" + file.path()));
    EXPECT_TRUE(program.line_with("\"granted\""));
    program.tell(start_command(stream.memory, 4));
    EXPECT_TRUE(program.line_with("\"playing\""));
    program.end_input();
    EXPECT_EQ(program.wait(), 0);
    const std::vector<char> bytes = file.bytes();
    ASSERT_GT(bytes.size(), kWavHeader);
    std::uint32_t data = 0;
    std::memcpy(&data, bytes.data() + kWavHeader - 4, sizeof(data));
    EXPECT_EQ(data, bytes.size() - kWavHeader);
}

TEST(DeviceProgram, HandsTheOutputBackWhenItLeaves) {
    const TemporaryFile file("leave.wav");
    PlayedStream stream;
    ChildProcess program(opening("file:" + file.path()));
    EXPECT_TRUE(program.line_with("\"granted\""));
    program.tell(start_command(stream.memory, 9));
    EXPECT_TRUE(becomes_true([&] { return stream.memory.header().owner.load() == 9; }));
    program.end_input();
    EXPECT_EQ(program.wait(), 0);
    const std::int64_t left_at = stream.memory.header().clock.load();
    EXPECT_TRUE(becomes_true([&] { return stream.memory.header().clock.load() > left_at; }));
    EXPECT_EQ(stream.memory.header().device_losses.load(), 0);
}

TEST(DeviceProgram, LosesNoFrameWhenItIsKilled) {
    const TemporaryFile file("killed.wav");
    PlayedStream stream;
    ChildProcess program(opening("file:" + file.path()));
    EXPECT_TRUE(program.line_with("\"granted\""));
    program.tell(start_command(stream.memory, 2));
    EXPECT_TRUE(becomes_true([&] { return stream.memory.header().owner.load() == 2; }));
    program.kill(SIGKILL);
    EXPECT_EQ(program.wait(), -SIGKILL);
    const std::int64_t left_at = stream.memory.header().clock.load();
    EXPECT_TRUE(becomes_true([&] { return stream.memory.header().clock.load() > left_at; }));
    EXPECT_EQ(stream.memory.header().device_losses.load(), 1);
}

TEST(DeviceProgram, IsEndedWhenItHasStoppedToAsk) {
    const TemporaryFile file("stopped.wav");
    PlayedStream stream;
    ChildProcess program(opening("file:" + file.path(), "48000"));
    ASSERT_TRUE(program.line_with("granted"));
    program.tell(start_command(stream.memory, 5));
    ASSERT_TRUE(program.line_with("playing"));
    program.kill(SIGSTOP);
    EXPECT_EQ(program.wait(), -SIGKILL);
    EXPECT_EQ(stream.memory.header().owner.load(), io::kClockDevice);
}

TEST(DeviceProgram, IsTheOnlyProcessThatAMemoryCanMakeTheClockDeviceEnd) {
    PlayedStream stream;
    stream.memory.header().owner_process.store(getpid());
    stream.memory.header().owner.store(77);
    EXPECT_TRUE(becomes_true([&] { return stream.memory.header().owner.load() == io::kClockDevice; }));
}

TEST(DeviceProgram, RefusesAStreamOfAnotherRate) {
    const TemporaryFile file("rate.wav");
    PlayedStream stream;
    ChildProcess program(opening("file:" + file.path(), "44100"));
    EXPECT_TRUE(program.line_with("\"granted\""));
    program.tell(start_command(stream.memory, 2));
    EXPECT_TRUE(program.line_with("\"error\""));
    EXPECT_EQ(program.wait(), 3);
}

TEST(DeviceProgram, RefusesACommandThatMakesNoSense) {
    for (const std::string command :
         {"dance", "start", "start /proc/self/fd/0", "start /dev/zero 0", "start /dev/zero 1"}) {
        const TemporaryFile file("command.wav");
        ChildProcess program(opening("file:" + file.path()));
        EXPECT_TRUE(program.line_with("\"granted\""));
        program.tell(command);
        EXPECT_TRUE(program.line_with("\"error\"")) << command;
        EXPECT_EQ(program.wait(), 3) << command;
    }
}

} // namespace
} // namespace amp::test

// amp_device on a JACK server without a card, heard by another client of the server.

#include "child_process.h"
#include "io/clock_device.h"
#include "ramp.h"
#include "waiting.h"

#include <gtest/gtest.h>
#include <jack/jack.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace amp::test {
namespace {

using io::OutputMemory;

void be_quiet(const char*) {}

// Hears one channel of amp_device.
class Capture {
public:
    explicit Capture(std::size_t frames) : heard_(frames) {
        jack_set_error_function(be_quiet);
        jack_set_info_function(be_quiet);
        client_ = jack_client_open("amp-capture", JackNoStartServer, nullptr);
        if (client_ != nullptr) {
            port_ = jack_port_register(client_, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
            jack_set_process_callback(client_, &Capture::process, this);
            jack_activate(client_);
        }
    }
    ~Capture() {
        if (client_ != nullptr) {
            jack_client_close(client_);
        }
    }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

    bool connect() {
        const char** ports = jack_get_ports(client_, "^amp-live:", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput);
        const bool is_connected = ports != nullptr && jack_connect(client_, ports[0], jack_port_name(port_)) == 0;
        jack_free(ports);
        return is_connected;
    }

    bool is_open() const { return client_ != nullptr; }
    bool is_full() const { return count_.load() == heard_.size(); }
    const std::vector<float>& heard() const { return heard_; }

private:
    static int process(jack_nframes_t frames, void* self) {
        Capture& capture = *static_cast<Capture*>(self);
        const auto* in = static_cast<const float*>(jack_port_get_buffer(capture.port_, frames));
        const std::size_t at = capture.count_.load();
        const std::size_t room = std::min<std::size_t>(frames, capture.heard_.size() - at);
        std::copy_n(in, room, capture.heard_.begin() + static_cast<std::ptrdiff_t>(at));
        capture.count_.store(at + room);
        return 0;
    }

    std::vector<float> heard_;
    std::atomic<std::size_t> count_{0};
    jack_client_t* client_ = nullptr;
    jack_port_t* port_ = nullptr;
};

class Jack : public testing::Test {
protected:
    void SetUp() override {
        setenv("JACK_DEFAULT_SERVER", name_.c_str(), 1);
        server_ = std::make_unique<ChildProcess>(
            std::vector<std::string>{"jackd", "-n", name_, "--no-realtime", "-d", "dummy", "-r", "48000", "-p", "128"});
        ASSERT_TRUE(becomes_true([] { return Capture(0).is_open(); })) << "jackd does not start";
        program_ = std::make_unique<ChildProcess>(
            std::vector<std::string>{AMP_DEVICE, "open", "--device", "JACK/system", "--channels", "1"});
        granted_ = program_->next_line().value_or("");
        clock_.start();
        program_->tell("start /proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(memory_.descriptor()) +
                       " 1");
        ASSERT_TRUE(becomes_true([this] { return memory_.header().owner.load() == 1; })) << granted_;
    }

    void TearDown() override {
        // The server first: it waits for seconds for a client that was killed.
        if (server_ != nullptr) {
            server_->kill(SIGTERM);
            server_->wait();
        }
        program_.reset();
        // What a server that was killed could not take away.
        for (const auto& entry : std::filesystem::directory_iterator("/dev/shm")) {
            if (entry.path().filename().string().find(name_ + "_") != std::string::npos) {
                std::filesystem::remove(entry.path());
            }
        }
    }

    // One name for all: a server that was killed leaves its name in JACK's registry of eight, where only a server of
    // the same name takes its place.
    const std::string name_ = "amp-io-test";
    OutputMemory memory_ = make_memory({1, 64, 1 << 18, 48000});
    RampMaker maker_{memory_};
    io::ClockDevice clock_{memory_};
    std::unique_ptr<ChildProcess> server_, program_;
    std::string granted_;
};

TEST_F(Jack, GrantsThePeriodOfTheServer) {
    EXPECT_NE(granted_.find("\"hostApi\":\"JACK\",\"sampleRate\":48000,\"channels\":1,\"frames\":128"),
              std::string::npos)
        << granted_;
}

TEST_F(Jack, IsHeardByOthersWithoutAGap) {
    // On a busy machine the server itself leaves out periods; one clean stretch shows that nothing of ours does.
    std::size_t longest = 0;
    for (int attempt = 0; attempt < 10 && longest < 9600; ++attempt) {
        Capture capture(24000);
        ASSERT_TRUE(becomes_true([&] { return capture.connect(); }));
        ASSERT_TRUE(becomes_true([&] { return capture.is_full(); }));
        const std::vector<float>& heard = capture.heard();
        for (std::size_t i = 1, run = 0; i < heard.size(); ++i) {
            run = heard[i - 1] > 0 && heard[i] - heard[i - 1] == 1.0F / (1 << 23) ? run + 1 : 0;
            longest = std::max(longest, run);
        }
    }
    EXPECT_GE(longest, 9600U);
}

TEST_F(Jack, GoesOnWithoutALostFrameWhenTheServerIsKilled) {
    server_->kill(SIGKILL);
    server_->wait();
    ASSERT_TRUE(becomes_true([this] { return memory_.header().owner.load() == io::kClockDevice; }));
    const std::int64_t clock = memory_.header().clock.load();
    EXPECT_TRUE(becomes_true([&] { return memory_.header().clock.load() > clock + 4800; }));
    EXPECT_EQ(memory_.header().device_losses.load(), 1);
    EXPECT_TRUE(program_->line_with("\"lost\""));
    EXPECT_EQ(program_->wait(), 3);
    EXPECT_EQ(program_->errors(), "");
}

} // namespace
} // namespace amp::test

// amp_device: plays an engine's output memory on a device. It stands apart from the engine because calls of PortAudio
// may never return; whoever started it kills it then. It tells what happens in lines of JSON, one an event, on its
// standard output; it leaves when its standard input ends, and dies with whoever started it.

#include "io/file_device.h"
#include "io/port_audio_device.h"
#include "io/port_audio_system.h"
#include "io/programs/arguments.h"
#include "io/programs/json_line.h"

#include <csignal>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>

namespace amp::io {

namespace {

enum ExitCode { kDone = 0, kUsageWrong = 2, kDeviceFailed = 3 };

constexpr int kLookMilliseconds = 50;
constexpr std::string_view kFilePrefix = "file:";

// Libraries print on standard output and standard error as they like; what is told to the host goes another way.
class Speaker {
public:
    Speaker() : descriptor_(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)) {
        const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
    }

    void say(const JsonLine& line) const {
        const std::string text = line.result() + "\n";
        for (std::size_t at = 0; at < text.size();) {
            const ssize_t written = write(descriptor_, text.data() + at, text.size() - at);
            if (written <= 0) {
                _exit(kDeviceFailed); // nobody listens any more
            }
            at += static_cast<std::size_t>(written);
        }
    }

    void say(std::string_view type) const { say(JsonLine().begin_object().key("type").text(type).end_object()); }

    void say(std::string_view type, std::string_view message) const {
        say(JsonLine().begin_object().key("type").text(type).key("message").text(message).end_object());
    }

private:
    int descriptor_;
};

JsonLine describe(const std::vector<ListedHostApi>& host_apis) {
    JsonLine line;
    line.begin_object().key("hostApis").begin_array();
    for (const ListedHostApi& host_api : host_apis) {
        line.begin_object().key("name").text(host_api.name).key("devices").begin_array();
        for (const ListedDevice& device : host_api.devices) {
            line.begin_object().key("name").text(device.name).key("id").text(device.id);
            line.key("channels").number(device.channels).key("sampleRate").number(device.sample_rate);
            line.key("isDefault").boolean(device.is_default);
            line.key("lowLatencySeconds").number(device.low_latency_seconds);
            line.key("highLatencySeconds").number(device.high_latency_seconds).end_object();
        }
        line.end_array().end_object();
    }
    line.end_array().end_object();
    return line;
}

JsonLine describe(const GrantedDevice& granted) {
    JsonLine line;
    line.begin_object().key("type").text("granted").key("device").text(granted.device);
    line.key("hostApi").text(granted.host_api).key("sampleRate").number(granted.sample_rate);
    line.key("channels").number(granted.channels).key("frames").number(granted.frames);
    line.key("latencySeconds").number(granted.latency_seconds).end_object();
    return line;
}

Result<std::unique_ptr<OutputDevice>> open_device(const DeviceRequest& request) {
    if (request.device.starts_with(kFilePrefix)) {
        auto file = FileDevice::open(request.device.substr(kFilePrefix.size()), request);
        if (!file.ok()) {
            return file.error();
        }
        return std::unique_ptr<OutputDevice>(std::move(file.value()));
    }
    const auto host_apis = list_port_audio_devices();
    if (!host_apis.ok()) {
        return host_apis.error();
    }
    const auto device = find_device(host_apis.value(), request.device);
    if (!device.ok()) {
        return device.error();
    }
    auto opened = PortAudioDevice::open(device.value(), request);
    if (!opened.ok()) {
        return opened.error();
    }
    return std::unique_ptr<OutputDevice>(std::move(opened.value()));
}

Result<std::unique_ptr<DevicePlayer>> make_player(const std::string& line, const GrantedDevice& granted) {
    const auto command = read_start_command(line);
    if (!command.ok()) {
        return command.error();
    }
    auto memory = OutputMemory::open(command.value().path);
    if (!memory.ok()) {
        return memory.error();
    }
    if (memory.value().geometry().sample_rate != granted.sample_rate) {
        return Error{ErrorKind::bad_argument,
                     "The stream has " + std::to_string(memory.value().geometry().sample_rate) + " frames a second, " +
                         granted.device + " has " + std::to_string(granted.sample_rate) + "."};
    }
    return std::make_unique<DevicePlayer>(std::move(memory.value()), command.value().token, granted.channels);
}

// The lines of standard input, as they come.
class Listener {
public:
    enum class Event { nothing, line, end };

    // Waits a moment for a line.
    Event listen() {
        if (take_line()) {
            return Event::line;
        }
        pollfd input{STDIN_FILENO, POLLIN, 0};
        if (poll(&input, 1, kLookMilliseconds) <= 0) {
            return Event::nothing;
        }
        char bytes[4096];
        const ssize_t count = read(STDIN_FILENO, bytes, sizeof(bytes));
        if (count <= 0) {
            return Event::end;
        }
        pending_.append(bytes, static_cast<std::size_t>(count));
        return take_line() ? Event::line : Event::nothing;
    }

    const std::string& line() const { return line_; }

private:
    bool take_line() {
        const std::size_t end = pending_.find('\n');
        if (end == std::string::npos) {
            return false;
        }
        line_ = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        return true;
    }

    std::string pending_, line_;
};

// One device from its opening to its loss or to the end of standard input.
class Performance {
public:
    Performance(const Speaker& speaker, OutputDevice& device) : speaker_(speaker), device_(device) {}

    ExitCode run() {
        frames_told_ = device_.granted().frames;
        for (;;) {
            const Listener::Event event = listener_.listen();
            if (event == Listener::Event::end) {
                device_.finish();
                return kDone;
            }
            if (event == Listener::Event::line && !start(listener_.line())) {
                return kDeviceFailed;
            }
            if (const std::optional<std::string> loss = find_loss()) {
                if (player_ != nullptr) {
                    player_->give_up();
                }
                speaker_.say("lost", *loss);
                return kDeviceFailed;
            }
            tell_progress();
        }
    }

private:
    bool start(const std::string& line) {
        auto player = player_ != nullptr ? Error{ErrorKind::bad_argument, "It plays already."}
                                         : make_player(line, device_.granted());
        if (!player.ok()) {
            speaker_.say("error", player.error().message);
            return false;
        }
        player_ = std::move(player.value());
        device_.play(*player_);
        return true;
    }

    std::optional<std::string> find_loss() {
        if (player_ != nullptr && player_->state() == PlayoutState::deposed) {
            return "the engine waited too long for it and has taken the output back";
        }
        return device_.find_loss();
    }

    void tell_progress() {
        if (!is_playing_told_ && player_ != nullptr && player_->state() == PlayoutState::playing) {
            is_playing_told_ = true;
            speaker_.say("playing");
        }
        if (const int frames = device_.frames(); frames != frames_told_) {
            frames_told_ = frames;
            speaker_.say(
                JsonLine().begin_object().key("type").text("buffer").key("frames").number(frames).end_object());
        }
    }

    const Speaker& speaker_;
    OutputDevice& device_;
    Listener listener_;
    std::unique_ptr<DevicePlayer> player_;
    bool is_playing_told_ = false;
    int frames_told_ = 0;
};

ExitCode run(const Speaker& speaker, std::span<char* const> words) {
    const auto arguments = read_arguments(words);
    if (!arguments.ok()) {
        speaker.say("error", arguments.error().message);
        return kUsageWrong;
    }
    if (arguments.value().only_lists) {
        const auto host_apis = list_port_audio_devices();
        if (!host_apis.ok()) {
            speaker.say("error", host_apis.error().message);
            return kDeviceFailed;
        }
        speaker.say(describe(host_apis.value()));
        return kDone;
    }
    const auto device = open_device(arguments.value().request);
    if (!device.ok()) {
        speaker.say("error", device.error().message);
        return kDeviceFailed;
    }
    speaker.say(describe(device.value()->granted()));
    const ExitCode code = Performance(speaker, *device.value()).run();
    _exit(code); // the callback may still run: nothing that it uses goes away before the process does
}

} // namespace

} // namespace amp::io

int main(int count, char** words) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGPIPE, SIG_IGN);
    const amp::io::Speaker speaker;
    // Without the destructors of libraries, which may wait for a server for ever.
    _exit(amp::io::run(speaker, std::span<char* const>(words + 1, static_cast<std::size_t>(count - 1))));
}

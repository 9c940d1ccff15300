#include "child_process.h"

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace amp::test {

namespace {

constexpr int kLongestWaitMilliseconds = 20000;

} // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& words) {
    int input[2], output[2], errors[2];
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0 || pipe2(errors, O_CLOEXEC) != 0) {
        return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors[1], STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    if (posix_spawnp(&id_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) {
        id_ = -1;
    }
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    close(errors[1]);
    input_ = input[1];
    output_ = output[0];
    errors_ = errors[0];
    fcntl(errors_, F_SETFL, O_NONBLOCK);
}

ChildProcess::~ChildProcess() {
    if (id_ > 0 && !code_) {
        kill(SIGKILL);
        wait();
    }
    end_input();
    close(output_);
    close(errors_);
}

void ChildProcess::tell(const std::string& line) {
    const std::string text = line + "\n";
    static_cast<void>(!write(input_, text.data(), text.size()));
}

void ChildProcess::end_input() {
    if (input_ >= 0) {
        close(input_);
        input_ = -1;
    }
}

void ChildProcess::kill(int signal) {
    if (id_ > 0 && !code_) {
        ::kill(id_, signal);
    }
}

std::optional<std::string> ChildProcess::next_line() {
    for (;;) {
        if (const std::size_t end = pending_.find('\n'); end != std::string::npos) {
            const std::string line = pending_.substr(0, end);
            pending_.erase(0, end + 1);
            return line;
        }
        pollfd readable{output_, POLLIN, 0};
        char bytes[4096];
        const ssize_t count =
            poll(&readable, 1, kLongestWaitMilliseconds) > 0 ? read(output_, bytes, sizeof(bytes)) : -1;
        if (count <= 0) {
            return std::nullopt;
        }
        pending_.append(bytes, static_cast<std::size_t>(count));
    }
}

std::optional<std::string> ChildProcess::line_with(const std::string& text) {
    std::optional<std::string> line = next_line();
    while (line && line->find(text) == std::string::npos) {
        line = next_line();
    }
    return line;
}

std::optional<int> ChildProcess::wait() {
    for (int waited = 0; !code_ && waited < kLongestWaitMilliseconds; ++waited) {
        int status = 0;
        if (waitpid(id_, &status, WNOHANG) == id_) {
            code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        } else {
            usleep(1000);
        }
    }
    return code_;
}

std::string ChildProcess::errors() {
    char bytes[4096];
    for (ssize_t count = 0; (count = read(errors_, bytes, sizeof(bytes))) > 0;) {
        error_text_.append(bytes, static_cast<std::size_t>(count));
    }
    return error_text_;
}

} // namespace amp::test

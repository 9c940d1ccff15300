// A program that a test starts, talks to by lines, and ends.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace amp::test {

class ChildProcess {
public:
    // Starts words[0], found as the shell finds it.
    explicit ChildProcess(const std::vector<std::string>& words);
    // Kills it if it runs.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t id() const { return id_; }

    void tell(const std::string& line);
    void end_input();
    void kill(int signal);

    // The next line that it prints; nothing if it prints none for twenty seconds, or ends.
    std::optional<std::string> next_line();

    // The next line that contains `text`.
    std::optional<std::string> line_with(const std::string& text);

    // Its exit code, or minus the signal that ended it; nothing if it does not end within twenty seconds.
    std::optional<int> wait();

    // All that it has written on standard error so far.
    std::string errors();

private:
    pid_t id_ = -1;
    int input_ = -1, output_ = -1, errors_ = -1;
    std::string pending_, error_text_;
    std::optional<int> code_;
};

} // namespace amp::test

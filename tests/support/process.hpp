#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace empathd::testing {

/// A child process, killed when the test ends.
class Process {
public:
    struct Options {
        std::vector<std::string> arguments;                           ///< The program first.
        std::vector<std::pair<std::string, std::string>> environment; ///< Added to ours.
        std::string input;  ///< File for standard input; empty: nothing.
        std::string output; ///< File for standard output and error; empty: ours.
    };

    /// Throws std::runtime_error when the program cannot be started.
    explicit Process(const Options& options);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const;
    /// Its exit code, or 128 + the signal that ended it; nothing when it still runs after `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit);
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

private:
    pid_t pid_ = -1;
    std::optional<int> ended_;
};

/// Runs a program to its end (at most a minute) and gives its exit code and output.
struct Ran {
    int code = -1;
    std::string output;
};
Ran run_program(const std::vector<std::string>& arguments, const std::string& input = {});

/// Whether the PATH has this program.
[[nodiscard]] bool has_program(const std::string& name);

/// A TCP port of loopback that was free a moment ago.
[[nodiscard]] int free_port();

/// Asks until the condition holds, at most `limit`; whether it did.
bool eventually(std::chrono::milliseconds limit, const std::function<bool()>& condition);

/// The body of GET http://127.0.0.1:PORT/path with its status in front ("200 ..."); empty when
/// nobody answers.
[[nodiscard]] std::string http_get(int port, const std::string& path);

} // namespace empathd::testing

#include "tests/support/process.hpp"

#include "tests/support/temporary_folder.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace empathd::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds look_every{10};

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

void redirect(const std::string& file, int flags, int descriptor)
{
    const int opened = ::open(file.c_str(), flags, 0600);
    if (opened >= 0) {
        ::dup2(opened, descriptor);
    }
}

} // namespace

Process::Process(const Options& options)
{
    std::vector<char*> arguments;
    for (const std::string& argument : options.arguments) {
        arguments.push_back(const_cast<char*>(argument.c_str())); // execvp takes it so.
    }
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) {
        throw std::runtime_error("fork failed");
    }
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // It never outlives the test.
        for (const auto& [name, value] : options.environment) {
            ::setenv(name.c_str(), value.c_str(), 1);
        }
        redirect(options.input.empty() ? "/dev/null" : options.input, O_RDONLY, STDIN_FILENO);
        if (!options.output.empty()) {
            redirect(options.output, O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
            ::dup2(STDOUT_FILENO, STDERR_FILENO);
        }
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
}

Process::~Process()
{
    signal(SIGKILL);
    (void)wait(milliseconds{10'000});
}

void Process::signal(int number) const
{
    if (!ended_) {
        ::kill(pid_, number);
    }
}

std::optional<int> Process::wait(milliseconds limit)
{
    (void)eventually(limit, [this] {
        int status = 0;
        if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
            ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        return ended_.has_value();
    });
    return ended_;
}

Ran run_program(const std::vector<std::string>& arguments, const std::string& input)
{
    const TemporaryFolder folder;
    Process process({.arguments = arguments, .input = input, .output = folder.file("output")});
    Ran ran;
    ran.code = process.wait(milliseconds{60'000}).value_or(-1);
    std::ifstream in(folder.file("output"), std::ios::binary);
    ran.output.assign(std::istreambuf_iterator<char>(in), {});
    return ran;
}

bool has_program(const std::string& name)
{
    return run_program({"sh", "-c", "command -v " + name}).code == 0;
}

int free_port()
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* plain = static_cast<sockaddr*>(static_cast<void*>(&address));
    ::bind(socket, plain, size);
    ::getsockname(socket, plain, &size);
    ::close(socket);
    return ntohs(address.sin_port);
}

bool eventually(milliseconds limit, const std::function<bool()>& condition)
{
    const auto end = steady_clock::now() + limit;
    while (!condition()) {
        if (steady_clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(look_every);
    }
    return true;
}

std::string http_get(int port, const std::string& path)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(port);
    const auto* plain = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    std::string answer;
    if (::connect(socket, plain, sizeof address) == 0) {
        const std::string request =
            "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        (void)::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
        std::array<char, 4096> buffer{};
        for (ssize_t n = 0; (n = ::recv(socket, buffer.data(), buffer.size(), 0)) > 0;) {
            answer.append(buffer.data(), static_cast<std::size_t>(n));
        }
    }
    ::close(socket);
    const std::size_t body = answer.find("\r\n\r\n");
    return body == std::string::npos ? std::string()
                                     : answer.substr(9, 3) + ' ' + answer.substr(body + 4);
}

} // namespace empathd::testing

#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace empathd::testing {
namespace {

constexpr int start_ms_max = 20'000;

std::string program()
{
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string candidate = folder + "/redis-server";
        if (::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
    }
    return {};
}

/// Runs it as a child that dies with us; its log comes through the pipe that is returned.
pid_t spawn(const std::vector<std::string>& arguments, int& log)
{
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) {
        throw std::runtime_error("no pipe for redis-server");
    }
    std::vector<char*> pointers;
    for (const std::string& argument : arguments) {
        pointers.push_back(const_cast<char*>(argument.c_str())); // execv changes nothing.
    }
    pointers.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(pipe[1], STDOUT_FILENO);
        ::dup2(pipe[1], STDERR_FILENO);
        ::close(pipe[0]);
        ::close(pipe[1]);
        ::execv(pointers.front(), pointers.data());
        ::_exit(127);
    }
    ::close(pipe[1]);
    log = pipe[0];
    if (child < 0) {
        ::close(log);
        throw std::runtime_error("redis-server cannot be started");
    }
    return child;
}

/// Reads the log until it says that the server is ready. What was read is given when it is not.
bool awaits_connections(int log, std::string& read)
{
    for (;;) {
        pollfd waiting{.fd = log, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, start_ms_max) <= 0) {
            return false;
        }
        std::array<char, 4096> buffer{};
        const ssize_t length = ::read(log, buffer.data(), buffer.size());
        if (length <= 0) {
            return false;
        }
        read.append(buffer.data(), static_cast<std::size_t>(length));
        if (read.find("eady to accept connections") != std::string::npos) {
            return true;
        }
    }
}

RespReply converted(const redisReply& reply)
{
    using Kind = RespReply::Kind;
    RespReply value;
    switch (reply.type) {
    case REDIS_REPLY_INTEGER:
        value.kind = Kind::integer;
        value.integer = reply.integer;
        break;
    case REDIS_REPLY_NIL: break;
    case REDIS_REPLY_ARRAY:
        value.kind = Kind::array;
        for (std::size_t i = 0; i < reply.elements; ++i) {
            value.items.push_back(converted(*reply.element[i]));
        }
        break;
    default:
        value.kind = reply.type == REDIS_REPLY_STATUS  ? Kind::status
                     : reply.type == REDIS_REPLY_ERROR ? Kind::error
                                                       : Kind::text;
        value.text.assign(reply.str, reply.len);
    }
    return value;
}

} // namespace

bool RedisServer::installed()
{
    return !program().empty();
}

RedisServer::RedisServer(std::vector<std::string> options)
    : socket_(folder_.file("redis.sock")), options_(std::move(options))
{
    start();
}

RedisServer::~RedisServer()
{
    kill();
}

void RedisServer::start()
{
    std::vector<std::string> arguments{
        program(),      "--port",    "0", "--unixsocket", socket_, "--dir",
        folder_.path(), "--save",    "",  "--appendonly", "no",    "--daemonize",
        "no",           "--logfile", ""};
    arguments.insert(arguments.end(), options_.begin(), options_.end());
    int log = -1;
    process_ = spawn(arguments, log);
    std::string read;
    const bool ready = awaits_connections(log, read);
    ::close(log); // It ignores SIGPIPE: what it logs from now on is lost.
    if (!ready) {
        kill();
        throw std::runtime_error("redis-server does not start: " + read);
    }
}

void RedisServer::kill()
{
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
        }
        process_ = -1;
    }
}

void RedisServer::freeze()
{
    ::kill(process_, SIGSTOP);
}

void RedisServer::thaw()
{
    ::kill(process_, SIGCONT);
}

RespReply RedisServer::command(const std::vector<std::string>& arguments) const
{
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    const std::unique_ptr<redisContext, decltype(&redisFree)> context(
        redisConnectUnixWithTimeout(socket_.c_str(), limit), &redisFree);
    if (!context || context->err != 0 || redisSetTimeout(context.get(), limit) != REDIS_OK) {
        throw std::runtime_error("redis-server cannot be reached");
    }
    std::vector<const char*> starts;
    std::vector<std::size_t> lengths;
    for (const std::string& argument : arguments) {
        starts.push_back(argument.data());
        lengths.push_back(argument.size());
    }
    const std::unique_ptr<void, decltype(&freeReplyObject)> reply(
        redisCommandArgv(context.get(), static_cast<int>(starts.size()), starts.data(),
                         lengths.data()),
        &freeReplyObject);
    if (!reply) {
        throw std::runtime_error(std::string("redis-server: ") + context->errstr);
    }
    return converted(*static_cast<const redisReply*>(reply.get()));
}

std::string ReceivedEntry::field(const std::string& name) const
{
    for (const auto& [key, value] : fields) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::vector<ReceivedEntry> read_group(const RedisServer& server, const std::string& stream,
                                      const std::string& group, std::size_t count)
{
    const RespReply reply = server.command({"XREADGROUP", "GROUP", group, "consumer-1", "COUNT",
                                            std::to_string(count), "STREAMS", stream, ">"});
    if (reply.kind == RespReply::Kind::error) {
        throw std::runtime_error("XREADGROUP: " + reply.text);
    }
    std::vector<ReceivedEntry> entries;
    if (reply.items.empty()) {
        return entries;
    }
    for (const RespReply& item : reply.items.at(0).items.at(1).items) {
        ReceivedEntry entry{.id = item.items.at(0).text, .fields = {}};
        const auto& fields = item.items.at(1).items;
        for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
            entry.fields.emplace_back(fields[i].text, fields[i + 1].text);
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace empathd::testing

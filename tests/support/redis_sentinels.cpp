#include "tests/support/redis_sentinels.hpp"

#include "daemon/notify/redis_connection.hpp"
#include "tests/support/run.hpp"
#include "tests/support/write_file.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iterator>
#include <stdexcept>

namespace empathd::testing {
namespace {

using namespace std::chrono_literals;

/// What a server on TCP answers; nothing when it does not.
RespReply ask(const std::string& address, std::vector<std::string> arguments)
{
    RespReply none;
    boost::asio::io_context loop(1);
    auto connected = run_on(
        loop, connect_redis({.address = address, .connect_timeout = 1s, .reply_timeout = 1s}));
    if (!connected) {
        return none;
    }
    RespCommands commands;
    const std::vector<std::string_view> views(arguments.begin(), arguments.end());
    commands.add(views);
    auto answers = run_on(loop, connected->exchange(std::move(commands)));
    return answers.replies.empty() ? none : answers.replies.front();
}

std::string settings(const std::string& port, const std::string& master_port,
                     const std::string& folder)
{
    const std::string& name = sentinel_master_name;
    return "port " + port + "\nbind 127.0.0.1\nprotected-mode no\ndir " + folder +
           "\nsentinel monitor " + name + " 127.0.0.1 " + master_port +
           " 2\nsentinel down-after-milliseconds " + name + " 500\nsentinel failover-timeout " +
           name + " 4000\n";
}

} // namespace

RedisSentinels::RedisSentinels()
{
    const std::string first_port = std::to_string(free_port());
    const std::string second_port = std::to_string(free_port());
    first_address_ = "127.0.0.1:" + first_port;
    second_address_ = "127.0.0.1:" + second_port;
    const std::vector<std::string> both{"--bind", "127.0.0.1", "--repl-diskless-sync-delay", "0"};
    std::vector<std::string> options = both;
    options.insert(options.end(), {"--port", first_port});
    first_.emplace(std::move(options));
    options = both;
    options.insert(options.end(), {"--port", second_port, "--replicaof", "127.0.0.1", first_port});
    second_.emplace(std::move(options));
    for (int i = 0; i < 3; ++i) {
        const std::string port = std::to_string(free_port());
        const std::string stem = folder_.file("sentinel-" + std::to_string(i));
        write_file(stem + ".conf", settings(port, first_port, folder_.path().string()));
        sentinels_.emplace_back(
            Process::Options{.arguments = {"redis-server", stem + ".conf", "--sentinel"},
                             .environment = {},
                             .input = "",
                             .output = stem + ".log"});
        addresses_.push_back("127.0.0.1:" + port);
    }
    watch();
}

void RedisSentinels::watch()
{
    const auto knows_all = [](const std::string& address) {
        const RespReply quorum = ask(address, {"SENTINEL", "CKQUORUM", sentinel_master_name});
        const RespReply replicas = ask(address, {"SENTINEL", "REPLICAS", sentinel_master_name});
        return quorum.text.find("OK 3 usable") == 0 && replicas.items.size() == 1;
    };
    const auto all_do = [&] {
        return std::all_of(addresses_.begin(), addresses_.end(), knows_all);
    };
    if (!eventually(20s, all_do)) {
        throw std::runtime_error("the sentinels do not find each other");
    }
    replicate();
}

void RedisSentinels::replicate()
{
    const auto has_all = [this] {
        const auto offset = [](const RespReply& info, const std::string& name) {
            const std::size_t at = info.text.find(name + ':');
            return at == std::string::npos
                       ? std::string("-" + name)
                       : info.text.substr(at + name.size() + 1,
                                          info.text.find('\r', at) - at - name.size() - 1);
        };
        const RespReply there = second_->command({"INFO", "replication"});
        const RespReply here = first_->command({"INFO", "replication"});
        return offset(here, "master_repl_offset") == offset(there, "slave_repl_offset");
    };
    if (!eventually(10s, has_all)) {
        throw std::runtime_error("the replica does not follow");
    }
}

void RedisSentinels::kill_sentinel(std::size_t which)
{
    auto& sentinel = *std::next(sentinels_.begin(), static_cast<std::ptrdiff_t>(which));
    sentinel.signal(SIGKILL);
    (void)sentinel.wait(5s);
}

} // namespace empathd::testing

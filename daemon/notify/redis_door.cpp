#include "daemon/notify/redis_door.hpp"

#include "daemon/notify/redis_error.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace empathd {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

RedisTls tls_of(const config::RedisConfig& config)
{
    return RedisTls{.on = config.tls,
                    .ca_file = config.ca_file,
                    .cert_file = config.cert_file,
                    .key_file = config.key_file,
                    .server_name = config.server_name};
}

/// The host and port in a sentinel's answer, or what it says instead.
Result<std::string> read_master(const RespReply& reply, const std::string& sentinel,
                                const std::string& master)
{
    using Kind = RespReply::Kind;
    const std::string who = "the sentinel at " + sentinel + ' ';
    if (reply.kind == Kind::error) {
        const Error error = redis_error(reply.text);
        return Error{error.kind, who + "says: " + error.message};
    }
    if (reply.kind == Kind::nil) {
        return Error{ErrorKind::not_found, who + "knows no master named \"" + master + "\""};
    }
    if (reply.kind != Kind::array || reply.items.size() != 2) {
        return Error{ErrorKind::malformed, who + "answers with something unknown"};
    }
    const std::string address = to_redis_address(reply.items[0].text, reply.items[1].text);
    if (!parse_redis_address(address)) {
        return Error{ErrorKind::malformed, who + "names no address"};
    }
    return address;
}

/// The error that says most when every way failed: an operator's mistake, else the last.
class Failures {
public:
    void add(const Error& error)
    {
        ++count_;
        unknown_names_ += error.kind == ErrorKind::not_found ? 1 : 0;
        if (error.kind != ErrorKind::not_found || last_.message.empty()) {
            last_ = error;
        }
    }

    [[nodiscard]] Error sum() const
    {
        if (count_ > 0 && unknown_names_ == count_) {
            return Error{ErrorKind::invalid_config, last_.message};
        }
        const bool told =
            last_.kind == ErrorKind::unauthorized || last_.kind == ErrorKind::invalid_config;
        return Error{told ? last_.kind : ErrorKind::unavailable,
                     "no sentinel leads to a master: " + last_.message};
    }

private:
    std::size_t count_ = 0;
    std::size_t unknown_names_ = 0;
    Error last_{ErrorKind::unavailable, ""};
};

} // namespace

RedisDoor::RedisDoor(const config::RedisConfig& config, milliseconds timeout)
    : options_{.address = config.address,
               .password_file = config.password_file,
               .tls = tls_of(config),
               .connect_timeout = timeout,
               .reply_timeout = timeout},
      sentinel_options_{.password_file = config.sentinel_password_file,
                        .tls = tls_of(config),
                        .connect_timeout = timeout / 5,
                        .reply_timeout = timeout / 5},
      sentinels_(config.sentinels), master_(config.master), pass_max_(timeout)
{
    // A sentinel's own address says whether it speaks TLS, and under which name.
    sentinel_options_.tls.on = false;
    sentinel_options_.tls.server_name.clear();
}

asio::awaitable<Result<RedisConnection>> RedisDoor::open()
{
    if (!sentinels_.empty()) {
        co_return co_await open_by_sentinels();
    }
    server_ = options_.address;
    co_return co_await connect_redis(options_);
}

/// What one sentinel says is the master's address.
asio::awaitable<Result<std::string>> RedisDoor::ask(std::string sentinel)
{
    RedisOptions options = sentinel_options_;
    options.address = sentinel;
    auto connected = co_await connect_redis(std::move(options));
    if (!connected) {
        const Error& error = connected.error();
        co_return Error{error.kind, "sentinel: " + error.message};
    }
    RespCommands commands;
    commands.add({"SENTINEL", "get-master-addr-by-name", master_});
    const RedisAnswers answers = co_await connected->exchange(std::move(commands));
    if (answers.failure) {
        co_return *answers.failure;
    }
    co_return read_master(answers.replies.front(), sentinel, master_);
}

/// Connects to a server and has it say that it is a master.
asio::awaitable<Result<RedisConnection>> RedisDoor::open_master(std::string address)
{
    RedisOptions options = options_;
    options.address = address;
    auto connected = co_await connect_redis(std::move(options));
    if (!connected) {
        co_return connected.error();
    }
    RespCommands commands;
    commands.add({"ROLE"});
    const RedisAnswers answers = co_await connected->exchange(std::move(commands));
    if (answers.failure) {
        co_return *answers.failure;
    }
    const RespReply& role = answers.replies.front();
    if (role.kind == RespReply::Kind::error) {
        const Error error = redis_error(role.text);
        co_return Error{error.kind, "redis at " + address + ": " + error.message};
    }
    if (role.items.empty() || role.items.front().text != "master") {
        co_return Error{ErrorKind::unavailable, "redis at " + address + " is no master"};
    }
    co_return std::move(*connected);
}

asio::awaitable<Result<RedisConnection>> RedisDoor::open_by_sentinels()
{
    const auto began = steady_clock::now();
    Failures failures;
    std::vector<std::string> tried; // Servers; another sentinel may name the same one.
    for (std::size_t i = 0; i < sentinels_.size(); ++i) {
        if (i > 0 && steady_clock::now() - began > pass_max_) {
            break;
        }
        const auto address = co_await ask(sentinels_[i]);
        if (!address) {
            if (address.error().kind == ErrorKind::cancelled) {
                co_return address.error();
            }
            failures.add(address.error());
            continue;
        }
        if (std::find(tried.begin(), tried.end(), *address) != tried.end()) {
            continue;
        }
        tried.push_back(*address);
        auto opened = co_await open_master(*address);
        if (opened) {
            failovers_ += !server_.empty() && server_ != *address ? 1 : 0;
            server_ = *address;
            const auto found = std::next(sentinels_.begin(), static_cast<std::ptrdiff_t>(i));
            std::rotate(sentinels_.begin(), found, std::next(found));
            co_return std::move(*opened);
        }
        if (opened.error().kind == ErrorKind::cancelled) {
            co_return opened.error();
        }
        failures.add(opened.error());
    }
    co_return failures.sum();
}

} // namespace empathd

#include "daemon/notify/redis_heartbeat.hpp"

#include "daemon/notify/redis_error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string_view>

namespace empathd {

namespace asio = boost::asio;

RedisHeartbeat::RedisHeartbeat(const config::RedisConfig& config, RedisHeartbeatOptions options,
                               const Clock& clock, std::function<Fields()> fields)
    : stream_(config.heartbeat), options_(std::move(options)), clock_(clock),
      fields_(std::move(fields)), door_(config, options_.timeout)
{
}

asio::awaitable<Result<>> RedisHeartbeat::write()
{
    if (!connection_) {
        auto opened = co_await door_.open();
        if (!opened) {
            co_return opened.error();
        }
        connection_.emplace(std::move(*opened));
    }
    const std::string kept = std::to_string(heartbeats_kept);
    const std::string at = to_rfc3339(clock_.now());
    const Fields fields = fields_();
    std::vector<std::string_view> arguments{
        "XADD", stream_, "MAXLEN", "~", kept, "*", "at", at, "instance", options_.instance};
    for (const auto& [name, value] : fields) {
        arguments.push_back(name);
        arguments.push_back(value);
    }
    RespCommands commands;
    commands.add(arguments);
    const RedisAnswers answers = co_await connection_->exchange(std::move(commands));
    if (answers.failure) {
        connection_.reset();
        co_return *answers.failure;
    }
    const RespReply& reply = answers.replies.front();
    if (reply.kind == RespReply::Kind::error) {
        connection_.reset(); // READONLY among others: another server may be master now.
        co_return redis_error(reply.text);
    }
    co_return Result<>();
}

asio::awaitable<Result<>> RedisHeartbeat::beat()
{
    const bool reused = connection_.has_value();
    Result<> written = co_await write();
    // A connection that lay idle may have been closed meanwhile. A beat too many does no harm.
    if (!written && reused && written.error().kind == ErrorKind::unavailable) {
        written = co_await write();
    }
    if (!written && written.error().kind == ErrorKind::cancelled) {
        co_return written;
    }
    status_.beating = static_cast<bool>(written);
    if (written) {
        status_.last_beat_at = clock_.now();
        ++status_.beats;
    } else {
        status_.last_error = written.error().message;
        ++status_.failures;
    }
    co_return written;
}

asio::awaitable<Result<>> RedisHeartbeat::loop()
{
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    for (;;) {
        timer.expires_after(options_.interval);
        (void)co_await beat();
        auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() == asio::cancellation_type::none) {
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
            state = co_await asio::this_coro::cancellation_state;
        }
        if (state.cancelled() != asio::cancellation_type::none) {
            co_return Result<>();
        }
    }
}

asio::awaitable<Result<>> RedisHeartbeat::run()
{
    const bool throwing = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    Result<> ended = co_await loop();
    co_await asio::this_coro::throw_if_cancelled(throwing);
    co_return ended;
}

} // namespace empathd

#include "daemon/notify/redis_connection.hpp"

#include "daemon/notify/redis_error.hpp"
#include "daemon/notify/secret_file.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace empathd {

namespace asio = boost::asio;
using boost::system::error_code;

struct RedisConnection::State {
    State(const asio::any_io_executor& executor, RedisOptions given)
        : options(std::move(given)), socket(executor), timer(executor), reader(options.limits)
    {
    }

    RedisOptions options;
    RedisSocket socket;
    asio::steady_timer timer;
    RespReader reader;
    std::array<char, 64 * 1024> received{};
    std::uint64_t deadline = 0; ///< Number of the deadline that counts.
    bool expired = false;       ///< It has passed.
};

namespace {

using State = RedisConnection::State;

/// From now on, `after` ends what the socket is doing. Replaces the deadline before it.
void set_deadline(const std::shared_ptr<State>& state, std::chrono::milliseconds after)
{
    const std::uint64_t number = ++state->deadline;
    state->timer.expires_after(after);
    state->timer.async_wait([state, number](error_code error) {
        if (!error && number == state->deadline) {
            state->expired = true;
            state->socket.cancel();
        }
    });
}

void end_deadline(State& state)
{
    ++state.deadline;
    state.timer.cancel();
}

void close(State& state)
{
    end_deadline(state);
    state.socket.close();
}

Error failure_of(const State& state, error_code error, const std::string& doing)
{
    const std::string where = "redis at " + state.options.address + ": ";
    if (state.expired) {
        return Error{ErrorKind::unavailable, where + doing + " took too long"};
    }
    if (error == asio::error::operation_aborted) {
        return Error{ErrorKind::cancelled, where + doing + " was cancelled"};
    }
    const std::string words = state.socket.words(error);
    const bool closed = error == asio::error::eof;
    return Error{state.socket.kind(error), where + (closed ? words : doing + " failed: " + words)};
}

asio::awaitable<Result<>> connect_socket(State& state, RedisEndpoint endpoint)
{
    error_code error = co_await state.socket.connect(endpoint);
    if (error) {
        co_return failure_of(state, error, "connecting");
    }
    if (endpoint.tls || state.options.tls.on) {
        error = co_await state.socket.secure(state.options.tls, endpoint.host);
        if (error) {
            co_return failure_of(state, error, "the TLS handshake");
        }
    }
    co_return Result<>();
}

/// Whether the caller was cancelled. One that came while nothing could be cancelled, because the
/// operation had just ended, would otherwise be lost and the next operation wait in full.
asio::awaitable<bool> is_cancelled()
{
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() != asio::cancellation_type::none;
}

/// Receives what there is. The deadline is the caller's.
asio::awaitable<Result<>> receive(State& state)
{
    const bool cancelled = co_await is_cancelled();
    if (cancelled) {
        co_return failure_of(state, asio::error::operation_aborted, "awaiting an answer");
    }
    const auto read = co_await state.socket.read_some(state.received.data(), state.received.size());
    if (read.error) {
        co_return failure_of(state, read.error, "awaiting an answer");
    }
    state.reader.feed(std::string_view(state.received.data(), read.length));
    co_return Result<>();
}

/// Receives until `count` replies are there.
asio::awaitable<RedisAnswers> read_replies(std::shared_ptr<State> state, std::size_t count)
{
    RedisAnswers answers;
    answers.replies.reserve(count);
    std::size_t timed = 0; // Replies that were there when the deadline was set.
    while (answers.replies.size() < count) {
        auto reply = state->reader.next();
        if (!reply) {
            answers.failure = reply.error();
            break;
        }
        if (*reply) {
            answers.replies.push_back(std::move(**reply));
            continue;
        }
        if (answers.replies.size() > timed) {
            timed = answers.replies.size();
            set_deadline(state, state->options.reply_timeout);
        }
        const auto received = co_await receive(*state);
        if (!received) {
            answers.failure = received.error();
            break;
        }
    }
    co_return answers;
}

asio::awaitable<RedisAnswers> exchange_on(std::shared_ptr<State> state, RespCommands commands)
{
    RedisAnswers answers;
    set_deadline(state, state->options.reply_timeout);
    const error_code error = co_await state->socket.write(commands.bytes());
    if (error) {
        answers.failure = failure_of(*state, error, "sending");
    } else {
        answers = co_await read_replies(state, commands.count());
    }
    if (answers.failure) {
        close(*state);
    } else {
        end_deadline(*state);
    }
    co_return answers;
}

asio::awaitable<Result<>> authenticate(std::shared_ptr<State> state)
{
    const auto password = read_secret_file(state->options.password_file, "redis password");
    if (!password) {
        co_return password.error();
    }
    RespCommands command;
    command.add({"AUTH", password->reveal()});
    // Not through exchange_on: its copy of the command would stay behind unwiped.
    const error_code error = co_await state->socket.write(command.bytes());
    command.wipe();
    if (error) {
        co_return failure_of(*state, error, "sending");
    }
    const auto answers = co_await read_replies(state, 1);
    if (answers.failure) {
        co_return *answers.failure;
    }
    const RespReply& reply = answers.replies.front();
    if (reply.kind == RespReply::Kind::error) {
        const std::string_view code = std::string_view(reply.text).substr(0, reply.text.find(' '));
        co_return redis_error(code); // The rest of the line may echo the password.
    }
    co_return Result<>();
}

} // namespace

RedisConnection::RedisConnection(std::shared_ptr<State> state) noexcept : state_(std::move(state))
{
}

RedisConnection::~RedisConnection()
{
    if (state_) {
        close(*state_);
    }
}

RedisConnection::RedisConnection(RedisConnection&&) noexcept = default;

RedisConnection& RedisConnection::operator=(RedisConnection&& other) noexcept
{
    std::swap(state_, other.state_);
    return *this;
}

bool RedisConnection::usable() const noexcept
{
    return state_ && state_->socket.is_open();
}

asio::awaitable<RedisAnswers> RedisConnection::exchange(RespCommands commands)
{
    if (!usable()) {
        RedisAnswers answers;
        answers.failure = Error{ErrorKind::unavailable, "redis: the connection is closed"};
        co_return answers;
    }
    co_return co_await exchange_on(state_, std::move(commands));
}

asio::awaitable<Result<RedisConnection>> connect_redis(RedisOptions options)
{
    const auto endpoint = parse_redis_address(options.address);
    if (!endpoint) {
        co_return endpoint.error();
    }
    if (!endpoint->path.empty() && options.tls.on) {
        co_return Error{ErrorKind::invalid_config,
                        "redis at " + options.address + ": TLS is not spoken on a Unix socket"};
    }
    const bool with_password = !options.password_file.empty();
    const auto executor = co_await asio::this_coro::executor;
    const auto state = std::make_shared<State>(executor, std::move(options));
    RedisConnection connection(state); // Closes on every way out but the last.
    const bool cancelled = co_await is_cancelled();
    if (cancelled) {
        co_return failure_of(*state, asio::error::operation_aborted, "connecting");
    }
    set_deadline(state, state->options.connect_timeout);
    const Result<> connected = co_await connect_socket(*state, *endpoint);
    if (!connected) {
        co_return connected.error();
    }
    if (with_password) {
        const auto authenticated = co_await authenticate(state);
        if (!authenticated) {
            co_return authenticated.error();
        }
    }
    end_deadline(*state);
    co_return connection;
}

} // namespace empathd

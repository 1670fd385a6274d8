#include "daemon/notify/redis_connection.hpp"

#include "daemon/notify/redis_error.hpp"
#include "daemon/notify/secret_file.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <sys/un.h>
#include <tuple>
#include <utility>

namespace empathd {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;

struct RedisConnection::State {
    State(const asio::any_io_executor& executor, RedisOptions given)
        : options(std::move(given)), socket(executor), resolver(executor), timer(executor),
          reader(options.limits)
    {
    }

    RedisOptions options;
    Socket socket;
    asio::ip::tcp::resolver resolver;
    asio::steady_timer timer;
    RespReader reader;
    std::array<char, 64 * 1024> received{};
    std::uint64_t deadline = 0; ///< Number of the deadline that counts.
    bool expired = false;       ///< It has passed.
};

namespace {

using State = RedisConnection::State;

/// Completion token: an operation gives (error_code, ...) as a tuple and never throws.
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t unix_path_bytes_max = sizeof(sockaddr_un{}.sun_path) - 1;

/// From now on, `after` ends what the socket and the resolver are doing. Replaces the deadline
/// before it.
void set_deadline(const std::shared_ptr<State>& state, std::chrono::milliseconds after)
{
    const std::uint64_t number = ++state->deadline;
    state->timer.expires_after(after);
    state->timer.async_wait([state, number](error_code error) {
        if (!error && number == state->deadline) {
            state->expired = true;
            error_code ignored;
            state->socket.cancel(ignored);
            state->resolver.cancel();
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
    error_code ignored;
    state.socket.close(ignored);
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
    if (error == asio::error::eof) {
        return Error{ErrorKind::unavailable, where + "the connection was closed"};
    }
    return Error{ErrorKind::unavailable, where + doing + " failed: " + error.message()};
}

asio::awaitable<Result<>> connect_tcp(State& state, RedisEndpoint endpoint)
{
    error_code error;
    std::vector<asio::ip::tcp::endpoint> candidates;
    const auto address = asio::ip::make_address(endpoint.host, error);
    if (!error) {
        std::uint16_t port = 0;
        std::from_chars(endpoint.port.data(), endpoint.port.data() + endpoint.port.size(), port);
        candidates.emplace_back(address, port);
    } else {
        auto resolved =
            co_await state.resolver.async_resolve(endpoint.host, endpoint.port, as_result);
        auto& [resolve_error, results] = resolved;
        if (resolve_error) {
            co_return failure_of(state, resolve_error, "looking its name up");
        }
        for (const auto& result : results) {
            candidates.push_back(result.endpoint());
        }
    }
    error = asio::error::host_not_found;
    for (const auto& candidate : candidates) {
        error_code ignored;
        state.socket.close(ignored);
        const Socket::endpoint_type target(candidate);
        const auto connected = co_await state.socket.async_connect(target, as_result);
        error = std::get<0>(connected);
        if (!error) {
            state.socket.set_option(asio::ip::tcp::no_delay(true), ignored);
            co_return Result<>();
        }
        if (state.expired || error == asio::error::operation_aborted) {
            break;
        }
    }
    co_return failure_of(state, error, "connecting");
}

asio::awaitable<Result<>> connect_unix(State& state, RedisEndpoint endpoint)
{
    const Socket::endpoint_type target(asio::local::stream_protocol::endpoint(endpoint.path));
    const auto connected = co_await state.socket.async_connect(target, as_result);
    if (std::get<0>(connected)) {
        co_return failure_of(state, std::get<0>(connected), "connecting");
    }
    co_return Result<>();
}

/// Receives what there is. The deadline is the caller's.
asio::awaitable<Result<>> receive(State& state)
{
    const auto read =
        co_await state.socket.async_read_some(asio::buffer(state.received), as_result);
    const auto& [error, length] = read;
    if (error) {
        co_return failure_of(state, error, "awaiting an answer");
    }
    state.reader.feed(std::string_view(state.received.data(), length));
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
    const auto written =
        co_await asio::async_write(state->socket, asio::buffer(commands.bytes()), as_result);
    if (std::get<0>(written)) {
        answers.failure = failure_of(*state, std::get<0>(written), "sending");
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
    const auto written =
        co_await asio::async_write(state->socket, asio::buffer(command.bytes()), as_result);
    command.wipe();
    if (std::get<0>(written)) {
        co_return failure_of(*state, std::get<0>(written), "sending");
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

Result<RedisEndpoint> parse_redis_address(const std::string& address)
{
    const auto refuse = [&address](const std::string& why) {
        return Error{ErrorKind::invalid_config, "redis address \"" + address + "\": " + why};
    };
    constexpr std::string_view unix_prefix = "unix:";
    if (address.compare(0, unix_prefix.size(), unix_prefix) == 0) {
        RedisEndpoint endpoint{.path = address.substr(unix_prefix.size())};
        if (endpoint.path.empty() || endpoint.path.front() != '/') {
            return refuse("the path of the socket is not absolute");
        }
        if (endpoint.path.size() > unix_path_bytes_max) {
            return refuse("the path of the socket is too long");
        }
        return endpoint;
    }
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos) {
        return refuse("neither host:port nor unix:/path");
    }
    RedisEndpoint endpoint{.host = address.substr(0, colon), .port = address.substr(colon + 1)};
    if (endpoint.host.size() > 2 && endpoint.host.front() == '[' && endpoint.host.back() == ']') {
        endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
    } else if (endpoint.host.find(':') != std::string::npos) {
        return refuse("a v6 address needs brackets");
    }
    if (endpoint.host.empty()) {
        return refuse("the host is missing");
    }
    std::uint16_t port = 0;
    const char* const end = endpoint.port.data() + endpoint.port.size();
    const auto [stop, error] = std::from_chars(endpoint.port.data(), end, port);
    if (error != std::errc{} || stop != end || port == 0) {
        return refuse("the port is not a number from 1 to 65535");
    }
    return endpoint;
}

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
    const bool with_password = !options.password_file.empty();
    const auto executor = co_await asio::this_coro::executor;
    const auto state = std::make_shared<State>(executor, std::move(options));
    RedisConnection connection(state); // Closes on every way out but the last.
    set_deadline(state, state->options.connect_timeout);
    Result<> connected;
    if (endpoint->path.empty()) {
        connected = co_await connect_tcp(*state, *endpoint);
    } else {
        connected = co_await connect_unix(*state, *endpoint);
    }
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

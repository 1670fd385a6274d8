#pragma once

#include "analysis/model/error.hpp"
#include "daemon/notify/resp.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace empathd {

struct RedisOptions {
    std::string address;       ///< "host:port", "[v6 address]:port" or "unix:/path".
    std::string password_file; ///< Read at each connect; empty: no AUTH.
    std::chrono::milliseconds connect_timeout{5'000}; ///< Name lookup, connect and AUTH together.
    std::chrono::milliseconds reply_timeout{5'000};   ///< For each reply of a pipeline.
    RespLimits limits;
};

/// What came back of commands sent together.
struct RedisAnswers {
    std::vector<RespReply> replies; ///< In the order of the commands; error replies among them.
    std::optional<Error> failure;   ///< Why fewer replies than commands came. What became of the
                                    ///< commands without a reply is not known.
};

/// One connection to a Redis server, over TCP or a Unix socket. TLS is not spoken here: use a Unix
/// socket, loopback, or a TLS proxy such as stunnel beside it.
///
/// Belongs to the executor it was connected on. One exchange at a time. Reconnecting is the
/// caller's affair: after a failure the connection is closed and stays so.
class RedisConnection {
public:
    struct State;

    explicit RedisConnection(std::shared_ptr<State> state) noexcept;
    ~RedisConnection();
    RedisConnection(RedisConnection&&) noexcept;
    RedisConnection& operator=(RedisConnection&&) noexcept;

    /// Sends the commands in one go and awaits one reply for each. `failure` is `unavailable` (the
    /// server went away or let a deadline pass), `malformed` (it talks no RESP or exceeds a limit)
    /// or `cancelled`. The connection must live until this returns.
    boost::asio::awaitable<RedisAnswers> exchange(RespCommands commands);

    /// False after a failure.
    [[nodiscard]] bool usable() const noexcept;

private:
    /// Shared with the handler of the deadline, which may run after the connection has gone.
    std::shared_ptr<State> state_;
};

/// Connects, and authenticates when a password file is named. Fails with `unavailable`,
/// `unauthorized` (refused, or the file cannot be read), `invalid_config` (the address is none),
/// `malformed` or `cancelled`. Messages name the address, never the password.
boost::asio::awaitable<Result<RedisConnection>> connect_redis(RedisOptions options);

/// Where an address points to.
struct RedisEndpoint {
    std::string host; ///< Empty for a Unix socket.
    std::string port;
    std::string path; ///< Of the Unix socket.

    friend bool operator==(const RedisEndpoint&, const RedisEndpoint&) = default;
};

/// Fails with `invalid_config`.
[[nodiscard]] Result<RedisEndpoint> parse_redis_address(const std::string& address);

} // namespace empathd

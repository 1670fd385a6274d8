#pragma once

#include "analysis/model/error.hpp"
#include "daemon/notify/redis_socket.hpp"
#include "daemon/notify/resp.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace empathd {

struct RedisOptions {
    std::string address;       ///< As parse_redis_address() reads it.
    std::string password_file; ///< Read at each connect; empty: no AUTH.
    RedisTls tls;              ///< Spoken when it is `on` or the address begins with "tls://".
    std::chrono::milliseconds connect_timeout{5'000}; ///< Name lookup, connect, handshake and AUTH
                                                      ///< together.
    std::chrono::milliseconds reply_timeout{5'000};   ///< For each reply of a pipeline.
    RespLimits limits;
};

/// What came back of commands sent together.
struct RedisAnswers {
    std::vector<RespReply> replies; ///< In the order of the commands; error replies among them.
    std::optional<Error> failure;   ///< Why fewer replies than commands came. What became of the
                                    ///< commands without a reply is not known.
};

/// One connection to a Redis server or sentinel, over TCP, TLS or a Unix socket.
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
/// `unauthorized` (the password was refused or its file cannot be read; a certificate was not
/// accepted, theirs or ours), `invalid_config` (the address is none, or a file of TLS cannot be
/// used), `malformed` or `cancelled`. Messages name the address, never the password.
boost::asio::awaitable<Result<RedisConnection>> connect_redis(RedisOptions options);

} // namespace empathd

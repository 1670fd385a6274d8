#pragma once

#include "config/config.hpp"
#include "daemon/notify/redis_connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace empathd {

/// The way to the Redis server that takes writes: the address in the configuration, or whoever the
/// sentinels say is master.
///
/// Sentinels are asked in turn, beginning with the one that answered last, each for its own idea of
/// the master. The server it names must say itself (ROLE) that it is one, since a sentinel that was
/// cut off still names the old master; otherwise the next sentinel is asked.
/// Source: https://redis.io/docs/reference/sentinel-clients/
///
/// Keeps no connection: whoever loses one, or hears READONLY, opens another. Event loop only, one
/// `open` at a time; it must outlive it.
class RedisDoor {
public:
    /// `timeout` bounds connecting to the server and each of its replies; each sentinel has a fifth
    /// of it for each of the two. No further sentinel is asked once `timeout` has passed.
    RedisDoor(const config::RedisConfig& config, std::chrono::milliseconds timeout);

    /// Fails as connect_redis() does; `unavailable` when no sentinel leads to a master,
    /// `invalid_config` when sentinels answer and none knows a master of that name.
    boost::asio::awaitable<Result<RedisConnection>> open();

    /// Where the last connection led; empty before the first.
    [[nodiscard]] const std::string& server() const noexcept { return server_; }
    /// How often the master was another one than the time before.
    [[nodiscard]] std::uint64_t failovers() const noexcept { return failovers_; }

    /// For each reply; a command that blocks needs more than others.
    void reply_timeout(std::chrono::milliseconds timeout) noexcept
    {
        options_.reply_timeout = timeout;
    }
    void limits(RespLimits limits) noexcept { options_.limits = limits; }

private:
    boost::asio::awaitable<Result<std::string>> ask(std::string sentinel);
    boost::asio::awaitable<Result<RedisConnection>> open_master(std::string address);
    boost::asio::awaitable<Result<RedisConnection>> open_by_sentinels();

    RedisOptions options_;          ///< Of the server; the address is that of the configuration.
    RedisOptions sentinel_options_; ///< Of each sentinel; the address is filled in.
    std::vector<std::string> sentinels_; ///< The one that answered last comes first.
    std::string master_;
    std::chrono::milliseconds pass_max_;
    std::string server_;
    std::uint64_t failovers_ = 0;
};

} // namespace empathd

#pragma once

#include "analysis/model/time.hpp"
#include "config/config.hpp"
#include "daemon/notify/redis_door.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace empathd {

/// About how many signs of life are kept: a day of them.
inline constexpr std::uint64_t heartbeats_kept = 1'440;

struct RedisHeartbeatOptions {
    std::string instance; ///< Which daemon it is.
    std::chrono::milliseconds interval{60'000};
    std::chrono::milliseconds timeout{5'000}; ///< For connecting and for the answer.
};

struct RedisHeartbeatStatus {
    bool beating = false;       ///< The last one was taken.
    std::string last_error;     ///< Empty when there was none yet; stays after recovery.
    TimePoint last_beat_at{};   ///< Zero when there was none.
    std::uint64_t beats = 0;    ///< Taken, since the start.
    std::uint64_t failures = 0; ///< Not taken. They are not made up for.
};

/// Writes a sign of life into a stream of its own at an interval, on a connection of its own, so
/// that it delays no alert and no consumer takes it for one. A failure shows in the status only.
///
/// Event loop only. `clock` and itself must outlive run().
class RedisHeartbeat {
public:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    /// `config.heartbeat` must not be empty. `fields` are asked for at each beat and follow `at`
    /// and `instance`.
    RedisHeartbeat(const config::RedisConfig& config, RedisHeartbeatOptions options,
                   const Clock& clock, std::function<Fields()> fields);

    /// Goes on until it is cancelled; then it ends with success.
    boost::asio::awaitable<Result<>> run();

    /// Once. Fails as a connection does, and as redis_error() says.
    boost::asio::awaitable<Result<>> beat();

    [[nodiscard]] const RedisHeartbeatStatus& status() const noexcept { return status_; }

private:
    boost::asio::awaitable<Result<>> write();
    boost::asio::awaitable<Result<>> loop();

    const std::string stream_;
    const RedisHeartbeatOptions options_;
    const Clock& clock_;
    const std::function<Fields()> fields_;
    RedisDoor door_;
    std::optional<RedisConnection> connection_;
    RedisHeartbeatStatus status_;
};

} // namespace empathd

#pragma once

#include "config/config.hpp"
#include "daemon/notify/sink.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace empathd {

/// An entry longer than this is refused as `malformed`: the row goes on its own, the rest goes on.
inline constexpr std::size_t redis_entry_bytes_max = 1024 * 1024;
/// Entries that one transaction asks about, and their bytes, which come back with it.
inline constexpr std::size_t redis_confirm_rows_max = 64;
inline constexpr std::size_t redis_confirm_bytes_max = 4 * 1024 * 1024;

/// Alerts into a Redis Stream, as daemon/notify/README.md documents it. Connects at the first
/// delivery or confirmation and again after every failure, each time to whoever is master then (see
/// redis_door.hpp).
///
/// With groups configured, it makes those that are missing (from the stream's beginning), keeps a
/// witness in each, and rows stay `published` until every group has acknowledged them (see
/// confirmation.hpp). Without, they are done when XADD answered. Redis 7.0 or newer.
[[nodiscard]] std::unique_ptr<Sink>
make_redis_sink(const config::RedisConfig& config, std::string name = "redis",
                std::chrono::milliseconds timeout = std::chrono::seconds{5});

} // namespace empathd

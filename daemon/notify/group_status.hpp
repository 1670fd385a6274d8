#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace empathd {

/// A consumer that holds entries and has not been heard of for this long is taken for dead.
inline constexpr std::chrono::milliseconds consumer_dead_after = std::chrono::minutes{5};
/// Consumers that are told of, those with most pending first.
inline constexpr std::size_t consumers_shown_max = 32;

/// One consumer of a group.
struct ConsumerStatus {
    std::string name;
    std::uint64_t pending = 0;         ///< Entries it got and has not acknowledged.
    std::chrono::milliseconds idle{0}; ///< Since it last asked for anything.
    bool dead = false;                 ///< Has pending entries and is idle for too long.

    friend bool operator==(const ConsumerStatus&, const ConsumerStatus&) = default;
};

/// How a consumer group that must acknowledge fares. The daemon's own witness is left out.
struct GroupStatus {
    std::string name;
    bool exists = false;
    std::optional<std::uint64_t>
        lag;                   ///< Entries not delivered to it yet; Redis cannot always tell.
    std::uint64_t pending = 0; ///< Delivered and not acknowledged.
    std::optional<std::chrono::milliseconds> oldest_pending; ///< Age of the oldest such entry.
    std::size_t consumers_count = 0;
    std::size_t dead_count = 0;
    std::vector<ConsumerStatus> consumers; ///< At most consumers_shown_max.

    friend bool operator==(const GroupStatus&, const GroupStatus&) = default;
};

/// What a sink knows of the other end, for /healthz and /metrics.
struct SinkDetails {
    std::string server;              ///< Where the last connection led; empty when it says nothing.
    std::uint64_t failovers = 0;     ///< How often that became another server.
    std::vector<GroupStatus> groups; ///< As last seen; none while the sink is in trouble.
};

} // namespace empathd

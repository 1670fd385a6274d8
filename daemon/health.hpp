#pragma once

#include "daemon/http/metrics.hpp"
#include "daemon/http/wire.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/pipeline/story_desk.hpp"
#include "daemon/poll/poller.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace empathd {

/// With less than this free on the store's disk nothing is polled: the sources keep their posts,
/// while alerts still leave and questions are answered.
inline constexpr std::uint64_t disk_free_bytes_min = 200ULL * 1024 * 1024;

/// What the daemon knows of itself.
struct HealthFacts {
    bool ready = false;
    std::vector<SourceStatus> sources;
    std::vector<OutboxStatus> exits;
    std::uint64_t disk_free_bytes = 0;
    std::string store_path;
};

/// What an operator should know, each with its stable name:
///   no_source       nothing is configured to be listened to (failing)
///   all_sources     every source fails (failing)
///   source_errors   some source fails, or waits for its operator
///   source_blind    some source is silent, failing or stopped by its own habit (poll/habit.hpp)
///   no_redis, sink  a way out does not take alerts; they wait in the outbox
///   alerts_set_aside  alerts were given up after 24 hours; they are kept and can be replayed
///   redis_group     a consumer of a group holds alerts and is not heard of, or nobody reads a
///                   group
///   disk_space      less than disk_free_bytes_min is free (failing)
[[nodiscard]] wire::Health health_of(const HealthFacts& facts);

/// What a sign of life says: version, sources, blind (sources that fail or are not sighted),
/// alerts_waiting (in the
/// outbox, all exits together, when they were last counted).
[[nodiscard]] std::vector<std::pair<std::string, std::string>>
heartbeat_of(const HealthFacts& facts);

/// What the metrics are made of.
struct MetricFacts {
    TimePoint started_at{};
    HealthFacts health;
    std::uint64_t pages_waiting = 0;
    std::uint64_t store_calls_waiting = 0;
    std::array<std::uint64_t, 4> alerts_by_severity{};
    VerdictCounts verdicts;
};

[[nodiscard]] http::ProcessMetrics metrics_of(const MetricFacts& facts);

} // namespace empathd

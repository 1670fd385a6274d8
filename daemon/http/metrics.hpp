#pragma once

#include "analysis/model/time.hpp"
#include "daemon/store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::http {

/// The content type of the text format.
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// What one source's poller did since the process began.
struct PollMetrics {
    std::string source;
    std::uint64_t polls = 0;
    std::uint64_t pages = 0;
    std::uint64_t errors = 0;
    std::uint64_t lost = 0;
    double poll_seconds = 0; ///< Sum over polls.
};

struct QueueMetrics {
    std::string queue; ///< "analysis", "store", ...
    std::uint64_t items = 0;
    std::uint64_t items_max = 0;
    std::uint64_t bytes = 0;
};

/// A number of some kind since the process began: {"warning", 3}.
struct NamedCount {
    std::string name;
    std::uint64_t count = 0;
};

/// A consumer group of Redis whose acknowledgement closes an alert.
struct GroupMetrics {
    std::string group;
    std::optional<std::uint64_t> lag; ///< Entries it has yet to get; nothing: not known, left out.
    std::uint64_t pending = 0;        ///< Delivered, not acknowledged.
    std::optional<double> oldest_pending_seconds; ///< Nothing: none is pending, left out.
    std::uint64_t consumers = 0;
    std::uint64_t dead_consumers = 0; ///< Hold entries and have not been heard of for long.
};

/// What the process knows of itself, filled in by the app at the moment of asking. Plain values:
/// whoever counts keeps the counters.
struct ProcessMetrics {
    std::string version;
    TimePoint started_at{};
    std::uint64_t rss_bytes = 0;   ///< Resident memory; 0: unknown, left out.
    std::uint64_t store_bytes = 0; ///< Of the store's files; 0: unknown, left out.
    std::vector<PollMetrics> polls;
    std::vector<QueueMetrics> queues;
    std::vector<NamedCount> alerts;               ///< Raised, by severity.
    std::vector<NamedCount> silences;             ///< Alerts not raised, by SilenceReason.
    std::vector<NamedCount> deliveries_failed;    ///< By sink.
    std::vector<GroupMetrics> redis_groups;       ///< None while Redis is not reached.
    std::optional<std::uint64_t> redis_failovers; ///< Nothing: no Redis is configured.
};

/// What the server counts itself.
struct HttpMetrics {
    std::uint64_t connections = 0; ///< Open now.
    std::uint64_t streams = 0;     ///< Of these, alert streams.
    std::uint64_t answers_2xx = 0;
    std::uint64_t answers_4xx = 0;
    std::uint64_t answers_5xx = 0;
    std::uint64_t refused = 0; ///< Connections turned away at the limit.
};

/// What the store knows, read at the moment of asking.
struct StoreMetrics {
    std::vector<SourceRecord> sources;
    OutboxCounts outbox;
    std::uint64_t mentions = 0;
    std::int64_t last_alert_seq = 0;
};

/// All of it as Prometheus text. Without `store` (it did not answer) its families are left out and
/// empathd_store_up is 0: an absent series is honest, a zero would not be.
[[nodiscard]] std::string prometheus_text(const ProcessMetrics& process, const HttpMetrics& server,
                                          const std::optional<StoreMetrics>& store);

} // namespace empathd::http

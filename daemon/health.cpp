#include "daemon/health.hpp"

#include "daemon/blindness.hpp"
#include "daemon/pipeline/pipeline.hpp"
#include "daemon/version.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

namespace empathd {
namespace {

std::string sentence_of(const SourceStatus& source)
{
    return "source " + source.name + " has failed " + std::to_string(source.failures_in_a_row) +
           " times in a row: " + source.last_error;
}

std::uint64_t resident_bytes()
{
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total_pages = 0;
    std::uint64_t resident_pages = 0;
    statm >> total_pages >> resident_pages;
    return statm ? resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

std::uint64_t store_bytes(const std::string& path)
{
    std::uint64_t sum = 0;
    for (const char* ending : {"", "-wal", "-shm"}) {
        std::error_code error;
        const auto size = std::filesystem::file_size(path + ending, error);
        sum += error ? 0 : size;
    }
    return sum;
}

/// A name that some program gave itself, fit for a line of the log.
std::string shown(const std::string& name)
{
    constexpr std::size_t bytes_max = 64;
    std::string out = name.substr(0, bytes_max);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

std::string counted(std::uint64_t count)
{
    return std::to_string(count) + (count == 1 ? " alert" : " alerts");
}

/// What an operator should know of a group that must acknowledge; empty when there is nothing.
std::string sentence_of(const GroupStatus& group)
{
    if (group.exists && group.consumers_count == 0 && group.lag.value_or(0) > 0) {
        return "nobody reads the group " + shown(group.name) + ": " + counted(*group.lag) +
               " wait in redis";
    }
    const auto dead = std::find_if(group.consumers.begin(), group.consumers.end(),
                                   [](const ConsumerStatus& consumer) { return consumer.dead; });
    if (dead == group.consumers.end()) {
        return {};
    }
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(dead->idle).count();
    const std::size_t others = group.dead_count - 1;
    return "consumer " + shown(dead->name) + " of the group " + shown(group.name) + " holds " +
           counted(dead->pending) + " and was last heard of " + std::to_string(minutes) +
           " minutes ago" +
           (others == 0 ? std::string() : " (and " + std::to_string(others) + " like it)") +
           ": another one can take them over with XAUTOCLAIM";
}

http::GroupMetrics metrics_of(const GroupStatus& group)
{
    http::GroupMetrics metrics{.group = group.name,
                               .lag = group.lag,
                               .pending = group.pending,
                               .consumers = group.consumers_count,
                               .dead_consumers = group.dead_count};
    if (group.oldest_pending) {
        metrics.oldest_pending_seconds =
            std::chrono::duration<double>(*group.oldest_pending).count();
    }
    return metrics;
}

} // namespace

wire::Health health_of(const HealthFacts& facts)
{
    wire::Health health;
    health.ready = facts.ready;
    const auto add = [&health](std::string name, std::string detail, bool failing) {
        health.problems.push_back({std::move(name), std::move(detail), failing});
    };
    if (facts.sources.empty()) {
        add("no_source", "no source is configured: nothing is heard", true);
    }
    std::size_t failing = 0;
    for (const SourceStatus& source : facts.sources) {
        if (!source.last_error.empty()) {
            ++failing;
            add("source_errors", sentence_of(source), false);
        }
        if (source.sight.state != SightState::sighted) {
            add("source_blind", sentence_of(source.name, source.sight), false);
        }
    }
    if (failing > 0 && failing == facts.sources.size()) {
        add("all_sources", "every source fails: nothing is heard", true);
    }
    for (const OutboxStatus& exit : facts.exits) {
        if (!exit.connected && !exit.last_error.empty()) {
            add(exit.sink == "redis" ? "no_redis" : "sink",
                exit.sink + " takes no alerts, they wait in the outbox: " + exit.last_error, false);
        }
    }
    for (const OutboxStatus& exit : facts.exits) {
        if (exit.rows.quarantined > 0) {
            add("alerts_set_aside",
                std::to_string(exit.rows.quarantined) + " alerts for " + exit.sink +
                    " were given up and are kept",
                false);
        }
        for (const GroupStatus& group : exit.details.groups) {
            if (std::string sentence = sentence_of(group); !sentence.empty()) {
                add("redis_group", std::move(sentence), false);
            }
        }
    }
    if (facts.disk_free_bytes < disk_free_bytes_min) {
        add("disk_space",
            "less than 200 MiB are free on the disk that holds " + facts.store_path +
                ": nothing is polled until there is more",
            true);
    }
    return health;
}

std::vector<std::pair<std::string, std::string>> heartbeat_of(const HealthFacts& facts)
{
    const auto blind =
        std::count_if(facts.sources.begin(), facts.sources.end(), [](const SourceStatus& source) {
            return !source.last_error.empty() || source.sight.state != SightState::sighted;
        });
    std::uint64_t waiting = 0;
    for (const OutboxStatus& exit : facts.exits) {
        waiting += exit.rows.waiting;
    }
    return {{"version", version},
            {"sources", std::to_string(facts.sources.size())},
            {"blind", std::to_string(blind)},
            {"alerts_waiting", std::to_string(waiting)}};
}

http::ProcessMetrics metrics_of(const MetricFacts& facts)
{
    http::ProcessMetrics metrics;
    metrics.version = version;
    metrics.started_at = facts.started_at;
    metrics.rss_bytes = resident_bytes();
    metrics.store_bytes = store_bytes(facts.health.store_path);
    for (const SourceStatus& source : facts.health.sources) {
        metrics.polls.push_back({.source = source.name,
                                 .polls = source.polls,
                                 .pages = source.pages,
                                 .errors = source.errors,
                                 .lost = source.lost,
                                 .poll_seconds = source.poll_seconds});
    }
    metrics.queues.push_back(
        {.queue = "pages", .items = facts.pages_waiting, .items_max = pages_waiting_max});
    metrics.queues.push_back(
        {.queue = "store", .items = facts.store_calls_waiting, .items_max = gate_calls_max});
    for (std::size_t i = 0; i < facts.alerts_by_severity.size(); ++i) {
        metrics.alerts.push_back(
            {std::string(to_string(static_cast<Severity>(i))), facts.alerts_by_severity[i]});
    }
    for (std::size_t i = 0; i < silence_reasons; ++i) {
        metrics.silences.push_back(
            {std::string(to_string(static_cast<SilenceReason>(i))), facts.verdicts.silenced[i]});
    }
    for (const OutboxStatus& exit : facts.health.exits) {
        metrics.deliveries_failed.push_back({exit.sink, exit.retried + exit.outages});
        for (const GroupStatus& group : exit.details.groups) {
            metrics.redis_groups.push_back(metrics_of(group));
        }
        if (exit.sink == "redis") {
            metrics.redis_failovers = exit.details.failovers;
        }
    }
    return metrics;
}

} // namespace empathd

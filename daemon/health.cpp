#include "daemon/health.hpp"

#include "daemon/pipeline/pipeline.hpp"
#include "daemon/version.hpp"

#include <unistd.h>

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
    }
    if (facts.disk_free_bytes < disk_free_bytes_min) {
        add("disk_space",
            "less than 200 MiB are free on the disk that holds " + facts.store_path +
                ": nothing is polled until there is more",
            true);
    }
    return health;
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
    }
    return metrics;
}

} // namespace empathd

#include "daemon/http/wire.hpp"

#include "daemon/http/json_writer.hpp"
#include "daemon/store/store.hpp"

#include <algorithm>

namespace empathd::wire {
namespace {

bool is_balanced(const Conservation& c) noexcept
{
    return c.fetched == c.stored + c.duplicate + c.unmatched + c.rejected + c.quarantined;
}

/// What the record alone can say: whether the last thing heard of the source was good.
std::string_view health_of(const SourceRecord& source) noexcept
{
    if (source.last_page_at == TimePoint{} && source.last_error_at == TimePoint{}) {
        return "waiting";
    }
    return source.last_error_at > source.last_page_at ? "failing" : "ok";
}

void put_source(Json& json, const SourceRecord& source, const Sights& sights)
{
    const LedgerEntry& day = source.last_day;
    json.text("source", source.source);
    json.text("health", health_of(source));
    if (const auto sight = sights.find(source.source); sight != sights.end()) {
        json.text("sight", sight->second);
    }
    json.time_if_any("last_page_at", source.last_page_at);
    json.time_if_any("last_error_at", source.last_error_at);
    json.text_if_any("last_error", source.last_error);
    json.begin("last_day");
    json.count("polls", day.polls);
    json.count("pages", day.pages);
    json.count("errors", day.errors);
    json.count("posts", day.posts);
    json.count("lost", day.lost);
    if (day.polls != 0) {
        const auto polls = static_cast<double>(day.polls);
        json.number("mean_latency_ms", static_cast<double>(day.latency_ms) / polls);
        json.number("answered", static_cast<double>(day.pages) / polls);
    }
    json.end();
    const Conservation& sums = source.conservation;
    json.begin("conservation");
    json.count("fetched", sums.fetched);
    json.count("stored", sums.stored);
    json.count("duplicate", sums.duplicate);
    json.count("unmatched", sums.unmatched);
    json.count("rejected", sums.rejected);
    json.count("quarantined", sums.quarantined);
    json.flag("balanced", is_balanced(sums));
    json.end();
}

} // namespace

std::string source_page(const std::vector<SourceRecord>& sources, const Sights& sights)
{
    Json json;
    json.begin();
    json.begin_list("items");
    for (const SourceRecord& source : sources) {
        json.begin();
        put_source(json, source, sights);
        json.end();
    }
    json.end_list();
    json.end();
    return json.take();
}

std::string problem_json(const Problem& problem)
{
    Json json;
    json.begin();
    json.text("type", problem.type);
    json.text_if_any("title", problem.title);
    if (problem.status != 0) {
        json.count("status", problem.status);
    }
    json.text_if_any("detail", problem.detail);
    json.text_if_any("instance", problem.instance);
    json.text_if_any("parameter", problem.parameter);
    if (!problem.accepted.empty()) {
        json.texts("accepted", problem.accepted);
    }
    json.text_if_any("nearest", problem.nearest);
    json.end();
    return json.take();
}

bool is_healthy(const Health& health) noexcept
{
    return std::none_of(health.problems.begin(), health.problems.end(),
                        [](const HealthProblem& problem) { return problem.failing; });
}

std::string health_json(const Health& health)
{
    Json json;
    json.begin();
    json.text("status", !is_healthy(health)       ? "failing"
                        : health.problems.empty() ? "ok"
                                                  : "degraded");
    json.flag("ready", health.ready);
    json.begin_list("problems");
    for (const HealthProblem& problem : health.problems) {
        json.begin();
        json.text("name", problem.name);
        json.text("detail", problem.detail);
        json.flag("failing", problem.failing);
        json.end();
    }
    json.end_list();
    json.end();
    return json.take();
}

} // namespace empathd::wire

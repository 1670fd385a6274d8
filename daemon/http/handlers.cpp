#include "daemon/http/handlers.hpp"

#include "analysis/model/experience.hpp"
#include "analysis/model/incident.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace empathd::http {
namespace {

namespace asio = boost::asio;

/// A whole number from 0.
std::optional<std::int64_t> number_of(std::string_view text)
{
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool good = error == std::errc{} && stop == end && number >= 0;
    return good ? std::optional{number} : std::nullopt;
}

std::optional<MentionCursor> cursor_of(Query& query)
{
    const std::string text = query.text("cursor");
    if (text.empty()) {
        return std::nullopt;
    }
    const auto cursor = wire::decode_cursor(text);
    if (!cursor) {
        query.refuse("cursor", "is not the \"next\" of a page");
    }
    return cursor;
}

/// One label for each facet but the audience, which is asked of the source.
std::vector<std::pair<Facet, std::string>> labels_of(Query& query)
{
    std::vector<std::pair<Facet, std::string>> labels;
    for (const Facet facet : all_facets()) {
        std::string label = facet == Facet::audience ? "" : query.text(name_of(facet));
        if (!label.empty()) {
            labels.emplace_back(facet, std::move(label));
        }
    }
    return labels;
}

MentionFilter mention_filter(Query& query)
{
    MentionFilter filter;
    filter.brand = query.text("brand");
    filter.network = query.text("network");
    filter.source = query.text("source");
    filter.language = query.text("language");
    filter.labels = labels_of(query);
    filter.incident = query.text("incident");
    filter.author = query.text("author");
    const std::string audience = query.text("audience");
    if (!audience.empty()) {
        filter.audience = audience == "employee" ? Audience::employee : Audience::customer;
    }
    filter.query = query.text("q");
    filter.since = query.time("since");
    filter.until = query.time("until");
    if (filter.since && filter.until && *filter.since >= *filter.until) {
        query.refuse("since", "is not before \"until\"");
    }
    filter.after = cursor_of(query);
    filter.limit = query.limit();
    return filter;
}

IncidentFilter incident_filter(Query& query)
{
    IncidentFilter filter;
    filter.brand = query.text("brand");
    filter.state = incident_state_from(query.text("state"));
    filter.since = query.time("since");
    filter.score_min = query.number("min_score", 0, 100).value_or(0);
    filter.limit = query.limit();
    return filter;
}

wire::Health health_of(const Services& services)
{
    return services.health ? services.health() : wire::Health{.ready = true, .problems = {}};
}

asio::awaitable<Result<std::vector<StoredAlert>>> read_alerts(Call& call, std::int64_t after,
                                                              std::size_t limit, bool newest)
{
    const auto read = [after, limit, newest](StoreReader& store) {
        return store.alerts(after, limit, newest);
    };
    co_return co_await call.services.reader.run(read);
}

/// Everything /metrics needs of the store, in one visit.
Result<StoreMetrics> read_store_metrics(StoreReader& store)
{
    auto sources = store.sources();
    if (!sources) {
        return sources.error();
    }
    const auto outbox = store.outbox_counts();
    if (!outbox) {
        return outbox.error();
    }
    const auto mentions = store.mention_count();
    if (!mentions) {
        return mentions.error();
    }
    const auto newest = store.alerts(0, 1, true);
    if (!newest) {
        return newest.error();
    }
    return StoreMetrics{.sources = std::move(*sources),
                        .outbox = *outbox,
                        .mentions = *mentions,
                        .last_alert_seq = newest->empty() ? 0 : newest->front().seq};
}

} // namespace

asio::awaitable<Response> list_mentions(Call& call)
{
    MentionFilter filter = mention_filter(call.query);
    if (call.query.problem()) {
        co_return refusal(*call.query.problem());
    }
    const std::size_t limit = filter.limit;
    auto read = [filter = std::move(filter)](StoreReader& store) { return store.mentions(filter); };
    const auto found = co_await call.services.reader.run(std::move(read));
    if (!found) {
        co_return store_refusal(call, found.error());
    }
    co_return json_response(wire::mention_page(*found, limit));
}

asio::awaitable<Response> show_mention(Call& call)
{
    const auto id = number_of(call.id);
    if (!id) {
        co_return refusal(404, "A mention's id is a whole number.");
    }
    using Found = std::optional<std::pair<StoredMention, std::vector<Observation>>>;
    const auto read = [id = *id](StoreReader& store) -> Result<Found> {
        auto mention = store.mention(id);
        if (!mention) {
            return mention.error();
        }
        if (!*mention) {
            return Found{};
        }
        auto observations = store.observations((*mention)->post.key);
        if (!observations) {
            return observations.error();
        }
        return Found{std::in_place, std::move(**mention), std::move(*observations)};
    };
    const auto found = co_await call.services.reader.run(read);
    if (!found) {
        co_return store_refusal(call, found.error());
    }
    if (!*found) {
        co_return refusal(404, "There is no such mention, or no longer.");
    }
    co_return json_response(wire::mention_detail((*found)->first, (*found)->second));
}

asio::awaitable<Response> list_incidents(Call& call)
{
    IncidentFilter filter = incident_filter(call.query);
    if (call.query.problem()) {
        co_return refusal(*call.query.problem());
    }
    auto read = [filter = std::move(filter)](StoreReader& store) {
        return store.incidents(filter);
    };
    const auto found = co_await call.services.reader.run(std::move(read));
    if (!found) {
        co_return store_refusal(call, found.error());
    }
    co_return json_response(wire::incident_page(*found));
}

asio::awaitable<Response> show_incident(Call& call)
{
    MentionFilter filter;
    filter.incident = call.id;
    filter.limit = call.query.limit();
    if (call.query.problem()) {
        co_return refusal(*call.query.problem());
    }
    const std::size_t limit = filter.limit;
    using Found = std::optional<std::pair<Incident, std::vector<StoredMention>>>;
    auto read = [filter = std::move(filter)](StoreReader& store) -> Result<Found> {
        auto incident = store.incident(filter.incident);
        if (!incident) {
            return incident.error();
        }
        if (!*incident) {
            return Found{};
        }
        auto mentions = store.mentions(filter);
        if (!mentions) {
            return mentions.error();
        }
        return Found{std::in_place, std::move(**incident), std::move(*mentions)};
    };
    const auto found = co_await call.services.reader.run(std::move(read));
    if (!found) {
        co_return store_refusal(call, found.error());
    }
    if (!*found) {
        co_return refusal(404, "There is no such incident.");
    }
    const wire::IncidentStory story =
        call.services.story ? call.services.story((*found)->first) : wire::IncidentStory{};
    co_return json_response(wire::incident_detail((*found)->first, (*found)->second, limit, story));
}

asio::awaitable<Response> list_alerts(Call& call)
{
    const auto after = call.query.whole("after");
    const std::size_t limit = call.query.limit();
    if (call.query.problem()) {
        co_return refusal(*call.query.problem());
    }
    const auto found = co_await read_alerts(call, after.value_or(0), limit, !after);
    if (!found) {
        co_return store_refusal(call, found.error());
    }
    co_return json_response(wire::alert_page(*found, after.has_value(), limit));
}

asio::awaitable<Response> stream_alerts(Call& call)
{
    auto after = call.query.whole("after");
    if (call.query.problem()) {
        co_return refusal(*call.query.problem());
    }
    if (!call.request.last_event_id.empty()) { // What a client resumes with says more than its URL.
        after = number_of(call.request.last_event_id);
        if (!after) {
            co_return refusal(400, "Last-Event-ID is not the id of an event of this stream.");
        }
    }
    if (!after) {
        const auto newest = co_await read_alerts(call, 0, 1, true);
        if (!newest) {
            co_return store_refusal(call, newest.error());
        }
        after = newest->empty() ? 0 : newest->front().seq;
    }
    Response response{.content_type = "text/event-stream"};
    response.stream_after = after;
    co_return response;
}

asio::awaitable<Response> list_sources(Call& call)
{
    const auto read = [](StoreReader& store) { return store.sources(); };
    const auto found = co_await call.services.reader.run(read);
    if (!found) {
        co_return store_refusal(call, found.error());
    }
    const wire::Sights sights = call.services.sights ? call.services.sights() : wire::Sights();
    co_return json_response(wire::source_page(*found, sights));
}

asio::awaitable<Response> show_metrics(Call& call)
{
    const Services& services = call.services;
    const auto found = co_await services.reader.run(read_store_metrics);
    if (!found && services.report) {
        services.report("metrics: the store failed: " + found.error().message);
    }
    const ProcessMetrics process =
        services.process_metrics ? services.process_metrics() : ProcessMetrics{};
    const HttpMetrics server = services.server_metrics ? services.server_metrics() : HttpMetrics{};
    const auto store = found ? std::optional<StoreMetrics>(*found) : std::nullopt;
    co_return Response{.content_type = std::string(metrics_content_type),
                       .body = prometheus_text(process, server, store)};
}

asio::awaitable<Response> show_health(Call& call)
{
    const wire::Health health = health_of(call.services);
    co_return json_response(wire::health_json(health), wire::is_healthy(health) ? 200 : 503);
}

asio::awaitable<Response> show_readiness(Call& call)
{
    if (!health_of(call.services).ready) {
        co_return refusal(503, "Not ready yet; /healthz says why.");
    }
    co_return json_response("{\"ready\":true}");
}

asio::awaitable<Response> show_index(Call&)
{
    std::string text = "Empathd\n\n";
    for (const Endpoint& endpoint : endpoints()) {
        std::string line = std::string(endpoint.method) + ' ' + std::string(endpoint.path);
        line.resize(std::max<std::size_t>(line.size() + 1, 28), ' ');
        text += line + std::string(endpoint.summary) + '\n';
        for (const wire::Parameter& parameter : endpoint.parameters) {
            text += "      " + std::string(parameter.name) + '=' + std::string(parameter.accepted) +
                    '\n';
        }
    }
    co_return Response{.content_type = "text/plain; charset=utf-8", .body = std::move(text)};
}

} // namespace empathd::http

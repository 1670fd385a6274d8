#include "daemon/http/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <utility>

namespace empathd::http {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

/// The families under way. Families are filled straight from the values: a registry would want to
/// own counters that the process keeps already.
class Families {
public:
    /// Begins a family; the values that follow belong to it. A family without values is left out.
    void begin(MetricType type, std::string name, std::string help)
    {
        drop_if_empty();
        MetricFamily family;
        family.name = std::move(name);
        family.help = std::move(help);
        family.type = type;
        families_.push_back(std::move(family));
    }

    void value(double value, Labels labels = {})
    {
        ClientMetric metric;
        metric.label = std::move(labels);
        if (families_.back().type == MetricType::Counter) {
            metric.counter.value = value;
        } else {
            metric.gauge.value = value;
        }
        families_.back().metric.push_back(std::move(metric));
    }
    void value(std::uint64_t count, Labels labels = {})
    {
        value(static_cast<double>(count), std::move(labels));
    }

    [[nodiscard]] std::string text()
    {
        drop_if_empty();
        return prometheus::TextSerializer().Serialize(families_);
    }

private:
    void drop_if_empty()
    {
        if (!families_.empty() && families_.back().metric.empty()) {
            families_.pop_back();
        }
    }

    std::vector<MetricFamily> families_;
};

Labels label(const char* name, const std::string& value)
{
    return {{name, value}};
}

double seconds_of(TimePoint time)
{
    return static_cast<double>(to_unix_ms(time)) / 1e3;
}

void put_process(Families& out, const ProcessMetrics& process)
{
    out.begin(MetricType::Gauge, "empathd_build_info", "Always 1; says which version runs.");
    out.value(1.0, label("version", process.version));
    out.begin(MetricType::Gauge, "process_start_time_seconds", "When the process began (Unix).");
    out.value(seconds_of(process.started_at));
    out.begin(MetricType::Gauge, "process_resident_memory_bytes", "Resident memory.");
    if (process.rss_bytes != 0) {
        out.value(process.rss_bytes);
    }
    out.begin(MetricType::Gauge, "empathd_store_bytes", "Size of the store's files.");
    if (process.store_bytes != 0) {
        out.value(process.store_bytes);
    }
}

void put_named(Families& out, const char* name, const char* help, const char* key,
               const std::vector<NamedCount>& counts)
{
    out.begin(MetricType::Counter, name, help);
    for (const NamedCount& count : counts) {
        out.value(count.count, label(key, count.name));
    }
}

/// One family with one value for each element.
template <class List, class Value>
void put_each(Families& out, MetricType type, const char* name, const char* help, const char* key,
              const List& list, std::string List::value_type::*who, Value value)
{
    out.begin(type, name, help);
    for (const auto& element : list) {
        out.value(value(element), label(key, element.*who));
    }
}

void put_polls(Families& out, const std::vector<PollMetrics>& polls)
{
    const auto counter = [&](const char* name, const char* help, auto value) {
        put_each(out, MetricType::Counter, name, help, "source", polls, &PollMetrics::source,
                 value);
    };
    counter("empathd_polls_total", "Times a source was asked.",
            [](const PollMetrics& poll) { return poll.polls; });
    counter("empathd_poll_pages_total", "Polls answered with a readable page.",
            [](const PollMetrics& poll) { return poll.pages; });
    counter("empathd_poll_errors_total", "Polls that failed.",
            [](const PollMetrics& poll) { return poll.errors; });
    counter("empathd_poll_lost_total", "Known holes in what a source showed.",
            [](const PollMetrics& poll) { return poll.lost; });
    counter("empathd_poll_seconds_total", "Time spent waiting for a source.",
            [](const PollMetrics& poll) { return poll.poll_seconds; });
}

void put_queues(Families& out, const std::vector<QueueMetrics>& queues)
{
    const auto gauge = [&](const char* name, const char* help, auto value) {
        put_each(out, MetricType::Gauge, name, help, "queue", queues, &QueueMetrics::queue, value);
    };
    gauge("empathd_queue_items", "Items waiting in a queue.",
          [](const QueueMetrics& queue) { return queue.items; });
    gauge("empathd_queue_items_max", "Items a queue takes before polling slows down.",
          [](const QueueMetrics& queue) { return queue.items_max; });
    gauge("empathd_queue_bytes", "Bytes waiting in a queue.",
          [](const QueueMetrics& queue) { return queue.bytes; });
}

void put_redis(Families& out, const ProcessMetrics& process)
{
    const auto& groups = process.redis_groups;
    const auto gauge = [&](const char* name, const char* help, auto value) {
        put_each(out, MetricType::Gauge, name, help, "group", groups, &GroupMetrics::group, value);
    };
    gauge("empathd_redis_group_pending", "Alerts a group got and has not acknowledged.",
          [](const GroupMetrics& group) { return group.pending; });
    gauge("empathd_redis_group_consumers", "Consumers of a group.",
          [](const GroupMetrics& group) { return group.consumers; });
    gauge("empathd_redis_group_dead_consumers",
          "Consumers that hold alerts and have not been heard of for long.",
          [](const GroupMetrics& group) { return group.dead_consumers; });
    out.begin(MetricType::Gauge, "empathd_redis_group_lag", "Alerts a group has yet to get.");
    for (const GroupMetrics& group : groups) {
        if (group.lag) {
            out.value(*group.lag, label("group", group.group));
        }
    }
    out.begin(MetricType::Gauge, "empathd_redis_group_oldest_pending_seconds",
              "Age of the oldest alert that a group got and has not acknowledged.");
    for (const GroupMetrics& group : groups) {
        if (group.oldest_pending_seconds) {
            out.value(*group.oldest_pending_seconds, label("group", group.group));
        }
    }
    out.begin(MetricType::Counter, "empathd_redis_failovers_total",
              "Times that another server had become master.");
    if (process.redis_failovers) {
        out.value(*process.redis_failovers);
    }
}

void put_server(Families& out, const HttpMetrics& server)
{
    out.begin(MetricType::Gauge, "empathd_http_connections", "Open connections of the API.");
    out.value(server.connections);
    out.begin(MetricType::Gauge, "empathd_http_streams", "Open alert streams.");
    out.value(server.streams);
    out.begin(MetricType::Counter, "empathd_http_answers_total", "Answers, by class of status.");
    out.value(server.answers_2xx, label("class", "2xx"));
    out.value(server.answers_4xx, label("class", "4xx"));
    out.value(server.answers_5xx, label("class", "5xx"));
    out.begin(MetricType::Counter, "empathd_http_refused_total",
              "Connections turned away at the limit.");
    out.value(server.refused);
}

void put_conservation(Families& out, const std::vector<SourceRecord>& sources)
{
    out.begin(MetricType::Counter, "empathd_posts_fetched_total", "Posts sources showed.");
    for (const SourceRecord& source : sources) {
        out.value(source.conservation.fetched, label("source", source.source));
    }
    out.begin(MetricType::Counter, "empathd_posts_total",
              "Where the fetched posts went; the sum is empathd_posts_fetched_total.");
    for (const SourceRecord& source : sources) {
        const Conservation& sums = source.conservation;
        const auto went = [&](const char* outcome, std::uint64_t count) {
            out.value(count, {{"source", source.source}, {"outcome", outcome}});
        };
        went("stored", sums.stored);
        went("duplicate", sums.duplicate);
        went("unmatched", sums.unmatched);
        went("rejected", sums.rejected);
        went("quarantined", sums.quarantined);
    }
    out.begin(MetricType::Gauge, "empathd_source_last_page_seconds",
              "When a source last gave a readable page (Unix).");
    for (const SourceRecord& source : sources) {
        if (source.last_page_at != TimePoint{}) {
            out.value(seconds_of(source.last_page_at), label("source", source.source));
        }
    }
}

void put_store(Families& out, const StoreMetrics& store)
{
    put_conservation(out, store.sources);
    out.begin(MetricType::Gauge, "empathd_outbox_rows", "Alerts on their way out, by state.");
    out.value(store.outbox.waiting, label("state", "waiting"));
    out.value(store.outbox.published, label("state", "published"));
    out.value(store.outbox.closed, label("state", "closed"));
    out.value(store.outbox.quarantined, label("state", "quarantined"));
    out.begin(MetricType::Gauge, "empathd_store_mentions", "Mentions stored.");
    out.value(store.mentions);
    out.begin(MetricType::Gauge, "empathd_alert_last_seq", "The newest alert's number.");
    out.value(static_cast<double>(store.last_alert_seq));
}

} // namespace

std::string prometheus_text(const ProcessMetrics& process, const HttpMetrics& server,
                            const std::optional<StoreMetrics>& store)
{
    Families out;
    put_process(out, process);
    put_polls(out, process.polls);
    put_queues(out, process.queues);
    put_named(out, "empathd_alerts_total", "Alerts raised, by severity.", "severity",
              process.alerts);
    put_named(out, "empathd_silences_total", "Alerts not raised, by reason.", "reason",
              process.silences);
    put_named(out, "empathd_deliveries_failed_total", "Deliveries that failed, by sink.", "sink",
              process.deliveries_failed);
    put_redis(out, process);
    put_server(out, server);
    out.begin(MetricType::Gauge, "empathd_store_up", "1 when the store answered.");
    out.value(store ? 1.0 : 0.0);
    if (store) {
        put_store(out, *store);
    }
    return out.text();
}

} // namespace empathd::http

#include "daemon/http/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, SayWhatTheProcessAndTheStoreKnow)
{
    ProcessMetrics process;
    process.version = "1.2.3";
    process.started_at = from_unix_ms(1'500);
    process.rss_bytes = 4096;
    process.polls = {{.source = "fedi", .polls = 5, .errors = 1, .poll_seconds = 2.5}};
    process.queues = {{.queue = "analysis", .items = 7, .items_max = 100, .bytes = 70}};
    process.alerts = {{"error", 2}};
    process.silences = {{"budget_spent", 4}};
    HttpMetrics server;
    server.streams = 3;
    server.answers_4xx = 8;
    SourceRecord source;
    source.source = "fedi";
    source.conservation = {.fetched = 10, .stored = 4, .duplicate = 6};
    StoreMetrics store{.sources = {source}, .mentions = 44, .last_alert_seq = 12};
    store.outbox.waiting = 9;

    const std::string text = prometheus_text(process, server, store);

    for (const char* line :
         {"empathd_build_info{version=\"1.2.3\"} 1\n", "process_start_time_seconds 1.5\n",
          "process_resident_memory_bytes 4096\n", "# TYPE empathd_polls_total counter\n",
          "empathd_polls_total{source=\"fedi\"} 5\n",
          "empathd_poll_errors_total{source=\"fedi\"} 1\n",
          "empathd_poll_seconds_total{source=\"fedi\"} 2.5\n",
          "empathd_queue_items{queue=\"analysis\"} 7\n",
          "empathd_alerts_total{severity=\"error\"} 2\n",
          "empathd_silences_total{reason=\"budget_spent\"} 4\n", "empathd_http_streams 3\n",
          "empathd_http_answers_total{class=\"4xx\"} 8\n", "empathd_store_up 1\n",
          "empathd_posts_fetched_total{source=\"fedi\"} 10\n",
          "empathd_posts_total{source=\"fedi\",outcome=\"duplicate\"} 6\n",
          "empathd_outbox_rows{state=\"waiting\"} 9\n", "empathd_store_mentions 44\n",
          "empathd_alert_last_seq 12\n"}) {
        EXPECT_THAT(text, HasSubstr(line));
    }
    EXPECT_THAT(text, Not(HasSubstr("empathd_source_last_page_seconds"))) << "never seen: absent";
}

TEST(Metrics, TellHowTheGroupsOfRedisFare)
{
    ProcessMetrics process;
    process.redis_groups = {{.group = "ops",
                             .lag = 7,
                             .pending = 3,
                             .oldest_pending_seconds = 61.5,
                             .consumers = 2,
                             .dead_consumers = 1},
                            {.group = "night"}};
    process.redis_failovers = 0;

    const std::string text = prometheus_text(process, {}, std::nullopt);

    for (const char* line : {"empathd_redis_group_lag{group=\"ops\"} 7\n",
                             "empathd_redis_group_pending{group=\"ops\"} 3\n",
                             "empathd_redis_group_pending{group=\"night\"} 0\n",
                             "empathd_redis_group_oldest_pending_seconds{group=\"ops\"} 61.5\n",
                             "empathd_redis_group_consumers{group=\"ops\"} 2\n",
                             "empathd_redis_group_dead_consumers{group=\"ops\"} 1\n",
                             "empathd_redis_failovers_total 0\n"}) {
        EXPECT_THAT(text, HasSubstr(line));
    }
    EXPECT_THAT(text, Not(HasSubstr("group_lag{group=\"night\"}"))) << "not known: absent";
    EXPECT_THAT(text, Not(HasSubstr("oldest_pending_seconds{group=\"night\"}")));
    EXPECT_THAT(prometheus_text({}, {}, std::nullopt), Not(HasSubstr("empathd_redis")));
}

TEST(Metrics, LeaveOutTheStoreWhenItDoesNotAnswer)
{
    const std::string text = prometheus_text({}, {}, std::nullopt);

    EXPECT_THAT(text, HasSubstr("empathd_store_up 0\n"));
    EXPECT_THAT(text, Not(HasSubstr("empathd_store_mentions")));
    EXPECT_THAT(text, Not(HasSubstr("empathd_polls_total"))) << "families without values";
}

TEST(Metrics, LabelsCannotBreakOut)
{
    ProcessMetrics process;
    process.alerts = {{"a\"b\n\\", 1}};

    EXPECT_THAT(prometheus_text(process, {}, std::nullopt),
                HasSubstr("empathd_alerts_total{severity=\"a\\\"b\\n\\\\\"} 1\n"));
}

} // namespace
} // namespace empathd::http

// Slack, Alertmanager and PagerDuty: what they send, and what they do not say.

#include "connectors/transport/json.hpp"
#include "daemon/notify/alertmanager_sink.hpp"
#include "daemon/notify/newest_told.hpp"
#include "daemon/notify/pagerduty_sink.hpp"
#include "daemon/notify/slack_sink.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/run.hpp"
#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using connectors::HttpResponse;
using testing::FakeHttp;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::run;

AlertRecord a_record(IncidentState state = IncidentState::open, std::uint32_t revision = 1)
{
    AlertRecord record = testing::an_alert("k1");
    record.alert.incident.id = "i1";
    record.alert.incident.state = state;
    record.alert.incident.revision = revision;
    record.alert.incident.severity = Severity::warning;
    record.alert.incident.lead_url = "https://forum.acme.test/t/7";
    return record;
}

std::vector<OutboxRow> rows_of(AlertRecord record)
{
    return {OutboxRow{.id = 1, .record = std::move(record)}};
}

std::shared_ptr<const Templates> built_in()
{
    std::vector<config::Problem> problems;
    return load_templates("", problems);
}

TEST(Slack, PostsTheTextOfTheTemplate)
{
    FakeHttp http;
    http.answer("https://hooks.test/T/B/secret", HttpResponse{.status = 200, .body = "ok"});
    const auto sink = make_slack_sink(
        {.name = "room", .url = "https://hooks.test/T/B/secret", .channel = "#care"}, {},
        built_in(), http);
    const auto rows = rows_of(a_record());

    const auto receipts = run(sink->deliver(rows));

    ASSERT_TRUE(receipts.at(0)) << receipts[0].error().message;
    EXPECT_EQ(sink->name(), "slack:room");
    EXPECT_EQ(
        http.asked.at(0).body,
        R"({"text":"*[warning]* Acme: it broke\n0 complaints by 0 authors, 0 reactions, 0 an hour now\n)"
        R"(Score 50 of 100 (not calibrated yet), because reactions come fast\n)"
        R"(On forum since 2026-03-02T10:00:00Z\n<https://forum.acme.test/t/7|Leading post>",)"
        R"("channel":"#care","parse":"none","link_names":false,"unfurl_links":false,"unfurl_media":false})");
}

TEST(Slack, ReadsItsAddressAnewAndKeepsItToItself)
{
    const testing::TemporaryFolder folder;
    const std::string file = folder.file("url");
    FakeHttp http;
    const std::string url = "https://hooks.test/services/T0/B0/s3cr3t";
    http.answer(url, Error{ErrorKind::not_found, url + ": HTTP 404 for /services/T0/B0/s3cr3t"});
    const auto sink = make_slack_sink({.name = "room", .url_file = file}, {}, built_in(), http);
    const auto rows = rows_of(a_record());

    const auto missing = run(sink->deliver(rows));
    testing::write_file(file, "not an address");
    const auto wrong = run(sink->deliver(rows));
    testing::write_file(file, url + "\n");
    const auto gone = run(sink->deliver(rows));

    EXPECT_EQ(missing.at(0).error().kind, ErrorKind::unauthorized);
    EXPECT_EQ(wrong.at(0).error().kind, ErrorKind::unauthorized);
    EXPECT_EQ(http.asked.size(), 1u);
    EXPECT_EQ(gone.at(0).error().kind, ErrorKind::not_found);
    EXPECT_THAT(gone[0].error().message, Not(HasSubstr("s3cr3t")));
    EXPECT_THAT(gone[0].error().message, HasSubstr("hooks.test"));
}

TEST(Slack, CutsWhatItWouldNotTake)
{
    const std::string body = slack_body(std::string(50'000, 'x') + "\n\n", "");
    EXPECT_LT(body.size(), 13'000u);
    EXPECT_THAT(body, HasSubstr("xxx...\""));
    EXPECT_THAT(body, Not(HasSubstr("channel\"")));
    EXPECT_TRUE(connectors::parse_json(slack_body("\"\\\n\x01 é", "#\"")));
}

TEST(Alertmanager, FiresUnderOneSeverityAndEndsTheOthers)
{
    const std::string body =
        alertmanager_body(a_record().alert, "https://e.test", std::chrono::hours{2});

    const auto alerts = connectors::parse_json(body);
    ASSERT_TRUE(alerts) << body;
    const auto items = connectors::items_of(*alerts);
    ASSERT_EQ(items.size(), 4u);
    for (const auto& item : items) {
        const auto& labels = *connectors::member(item, "labels");
        EXPECT_EQ(labels.MemberCount(), 4u) << "labels say which alert it is, nothing volatile";
        EXPECT_EQ(connectors::text_at(labels, "alertname"), "EmpathdIncident");
        EXPECT_EQ(connectors::text_at(labels, "brand"), "Acme");
        EXPECT_EQ(connectors::text_at(labels, "incident"), "i1");
        const bool fires = connectors::text_at(labels, "severity") == "warning";
        EXPECT_EQ(connectors::text_at(item, "endsAt"),
                  fires ? "2026-03-02T12:00:00Z" : "2026-03-02T10:00:00Z");
        EXPECT_EQ(connectors::text_at(item, "startsAt"), "2026-03-02T10:00:00Z");
        EXPECT_EQ(connectors::text_at(item, "generatorURL"), "https://e.test/v1/incidents/i1");
        const auto& annotations = *connectors::member(item, "annotations");
        EXPECT_EQ(connectors::text_at(annotations, "summary"), "Acme: it broke");
        EXPECT_EQ(connectors::text_at(annotations, "reason"), "spreading");
        EXPECT_EQ(connectors::text_at(annotations, "lead_url"), "https://forum.acme.test/t/7");
    }
}

TEST(Alertmanager, EndsEverythingWhenTheStoryIsOver)
{
    Alert alert = a_record(IncidentState::resolved).alert;
    alert.incident.first_at = alert.raised_at + std::chrono::hours{1}; // Of a wrong clock.
    const auto alerts = connectors::parse_json(alertmanager_body(alert, "", std::chrono::hours{2}));
    ASSERT_TRUE(alerts);
    for (const auto& item : connectors::items_of(*alerts)) {
        EXPECT_EQ(connectors::text_at(item, "endsAt"), "2026-03-02T10:00:00Z");
        EXPECT_EQ(connectors::text_at(item, "startsAt"), "2026-03-02T10:00:00Z");
        EXPECT_EQ(connectors::text_at(item, "generatorURL"), "https://forum.acme.test/t/7");
    }
}

TEST(Alertmanager, PostsToItsApi)
{
    FakeHttp http;
    http.answer("http://am.test:9093/api/v2/alerts", HttpResponse{.status = 200});
    const auto sink = make_alertmanager_sink({.name = "p", .url = "http://am.test:9093"}, {}, http);
    const auto rows = rows_of(a_record());

    EXPECT_TRUE(run(sink->deliver(rows)).at(0));
    EXPECT_EQ(sink->name(), "alertmanager:p");
    EXPECT_EQ(http.asked.size(), 1u);
}

TEST(Alertmanager, IsNotToldOfAnOpeningAfterTheEnd)
{
    FakeHttp http;
    http.answer("http://am.test/api/v2/alerts", Error{ErrorKind::unavailable, "down"});
    http.answer("http://am.test/api/v2/alerts", HttpResponse{.status = 200});
    const auto sink = make_alertmanager_sink({.name = "p", .url = "http://am.test"}, {}, http);
    const auto opening = rows_of(a_record(IncidentState::open, 1));
    const auto end = rows_of(a_record(IncidentState::resolved, 2));

    EXPECT_FALSE(run(sink->deliver(opening)).at(0));
    EXPECT_TRUE(run(sink->deliver(end)).at(0));
    const auto late = run(sink->deliver(opening));

    ASSERT_TRUE(late.at(0));
    EXPECT_EQ(*late[0], "told later already");
    EXPECT_EQ(http.asked.size(), 2u);
}

TEST(PagerDuty, TriggersUnderOneKeyPerEpisode)
{
    EXPECT_EQ(
        pagerduty_body(a_record().alert, "https://e.test", "R0UT1NG"),
        R"({"routing_key":"R0UT1NG","event_action":"trigger","dedup_key":"i1.1","payload":{)"
        R"("summary":"Acme: it broke","source":"empathd","severity":"warning",)"
        R"("timestamp":"2026-03-02T10:00:00Z","component":"Acme","group":"forum","class":"spreading",)"
        R"("custom_details":{"title":"It broke","why":"reactions come fast","reason":"spreading",)"
        R"("score":"50","complaints":"0","authors":"0","mentions":"1","copies":"0","reactions":"0",)"
        R"("rate_per_hour":"0","peak_per_hour":"0","first_at":"2026-03-02T10:00:00Z",)"
        R"("last_at":"2026-03-02T10:05:00Z","lead_url":"https://forum.acme.test/t/7",)"
        R"("incident_url":"https://e.test/v1/incidents/i1","incident":"i1","episode":"1",)"
        R"("revision":"1","key":"k1"}},"client":"Empathd","client_url":"https://e.test/v1/incidents/i1",)"
        R"("links":[{"href":"https://forum.acme.test/t/7","text":"Leading post"}]})");
}

TEST(PagerDuty, AcknowledgesAndResolvesWithoutWords)
{
    EXPECT_EQ(pagerduty_body(a_record(IncidentState::acknowledged).alert, "", "R"),
              R"({"routing_key":"R","event_action":"acknowledge","dedup_key":"i1.1"})");
    EXPECT_EQ(pagerduty_body(a_record(IncidentState::resolved).alert, "", "R"),
              R"({"routing_key":"R","event_action":"resolve","dedup_key":"i1.1"})");
}

TEST(PagerDuty, KeepsItsLimits)
{
    Alert alert = a_record().alert;
    alert.summary = std::string(100'000, 'x') + "\xE2\x80\xAE";
    alert.incident.id = std::string(1'000, 'i');
    const auto event = connectors::parse_json(pagerduty_body(alert, "", "R"));
    ASSERT_TRUE(event);
    EXPECT_LE(connectors::text_at(*event, "dedup_key").size(), 255u);
    const auto& payload = *connectors::member(*event, "payload");
    EXPECT_EQ(connectors::text_at(payload, "summary").size(), 1'024u);
}

TEST(PagerDuty, SendsNothingWithoutItsKey)
{
    const testing::TemporaryFolder folder;
    const std::string file = folder.file("key");
    FakeHttp http;
    http.answer("https://pd.test/v2", HttpResponse{.status = 202});
    const auto sink = make_pagerduty_sink(
        {.name = "p", .routing_key_file = file, .url = "https://pd.test/v2"}, {}, http);
    const auto rows = rows_of(a_record());

    EXPECT_EQ(run(sink->deliver(rows)).at(0).error().kind, ErrorKind::unauthorized);
    testing::write_file(file, "two words");
    EXPECT_EQ(run(sink->deliver(rows)).at(0).error().kind, ErrorKind::unauthorized);
    EXPECT_TRUE(http.asked.empty());
    testing::write_file(file, "R0UT1NG\n");
    const auto receipt = run(sink->deliver(rows)).at(0);
    ASSERT_TRUE(receipt);
    EXPECT_EQ(*receipt, "202");
    EXPECT_THAT(http.asked.at(0).body, HasSubstr("\"routing_key\":\"R0UT1NG\""));
}

Incident at(const std::string& id, std::uint32_t episode, std::uint32_t revision)
{
    return {.id = id, .episode = episode, .revision = revision};
}

TEST(NewestTold, KnowsWhatIsOlder)
{
    NewestTold newest;
    EXPECT_FALSE(newest.is_stale(at("a", 1, 1)));
    newest.told(at("a", 1, 2));
    EXPECT_TRUE(newest.is_stale(at("a", 1, 1)));
    EXPECT_FALSE(newest.is_stale(at("a", 1, 2))) << "the same again is a repeat, not an old one";
    EXPECT_FALSE(newest.is_stale(at("a", 2, 1))) << "a story that came back";
    EXPECT_FALSE(newest.is_stale(at("b", 1, 1)));
    newest.told(at("a", 2, 1));
    newest.told(at("a", 1, 9));
    EXPECT_TRUE(newest.is_stale(at("a", 1, 9)));
}

TEST(NewestTold, ForgetsTheStoriesThatCameFirst)
{
    NewestTold newest(2);
    newest.told(at("a", 1, 2));
    newest.told(at("b", 1, 2));
    newest.told(at("b", 1, 3));
    EXPECT_TRUE(newest.is_stale(at("a", 1, 1)));
    newest.told(at("c", 1, 2));
    EXPECT_FALSE(newest.is_stale(at("a", 1, 1)));
    EXPECT_TRUE(newest.is_stale(at("b", 1, 2)));
}

} // namespace
} // namespace empathd

#include "daemon/http/wire.hpp"

#include "tests/daemon/http/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace empathd::wire {
namespace {

using http::sample_alert;
using http::sample_incident;
using http::sample_mention;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Wire, MentionsComeBackAsTheyWent)
{
    const std::string json = mention_page({sample_mention(42, "Acme router died")}, 50);

    const auto page = read_mention_page(json);

    ASSERT_TRUE(page) << page.error().message;
    ASSERT_EQ(page->items.size(), 1u);
    const Mention& mention = page->items[0];
    EXPECT_EQ(mention.id, 42);
    EXPECT_EQ(mention.brand, "Acme");
    EXPECT_EQ(mention.network, "mastodon");
    EXPECT_EQ(mention.source, "fedi");
    EXPECT_EQ(mention.url, "https://a.test/@ana/1");
    EXPECT_EQ(mention.author, "ana@a.test");
    EXPECT_EQ(mention.title, "Router");
    EXPECT_EQ(mention.text, "Acme router died");
    EXPECT_EQ(mention.language, "en");
    EXPECT_EQ(mention.seen_at, from_unix_ms(1'700'000'000'042));
    EXPECT_EQ(mention.of("sentiment").label, "negative");
    EXPECT_NEAR(mention.of("sentiment").probability, 0.83, 1e-9);
    EXPECT_EQ(mention.of("experience").label, "complaint");
    EXPECT_EQ(mention.of("reason").label, "staff");
    EXPECT_EQ(mention.of("emotion").label, "unsure");
    EXPECT_EQ(mention.of("writer").label, "customer");
    EXPECT_EQ(mention.of("nonsense").label, "");
    EXPECT_EQ(mention.labels.size(), facet_count);
    EXPECT_EQ(mention.incident, "abc123");
    EXPECT_FALSE(mention.copy);
    EXPECT_EQ(page->next, "");
}

TEST(Wire, WritesAMentionLikeThis)
{
    StoredMention mention = sample_mention(1, "Acme broke");
    mention.post.title.clear();
    mention.incident.clear();

    EXPECT_EQ(
        mention_page({mention}, 50),
        R"({"items":[{"id":1,"brand":"Acme","network":"mastodon","post":"https://a.test/@ana/1",)"
        R"("source":"fedi","audience":"customer","url":"https://a.test/@ana/1",)"
        R"("author":"ana@a.test","text":"Acme broke","seen_at":"2023-11-14T22:13:20.001Z",)"
        R"("published_at":"2023-11-14T21:56:40Z","engagement":{"likes":3,"score":-2},)"
        R"("language":"en","sentiment":{"label":"negative","probability":0.83},)"
        R"("emotion":{"label":"unsure","probability":0.0},)"
        R"("experience":{"label":"complaint","probability":0.9},)"
        R"("reason":{"label":"staff","probability":0.7},)"
        R"("target":{"label":"unsure","probability":0.0},)"
        R"("need":{"label":"unsure","probability":0.0},)"
        R"("stage":{"label":"unsure","probability":0.0},)"
        R"("witness":{"label":"unsure","probability":0.0},)"
        R"("leaving":{"label":"unsure","probability":0.0},)"
        R"("irony":{"label":"unsure","probability":0.0},)"
        R"("offence":{"label":"unsure","probability":0.0},)"
        R"("writer":{"label":"customer","probability":0.6},)"
        R"("spans":[{"offset":0,"length":4}],)"
        R"("terms":["Acme"],"copy":false}]})");
}

TEST(Wire, EveryFacetCanBeAskedForByEachOfItsLabels)
{
    for (const Facet facet : all_facets()) {
        if (facet == Facet::audience) {
            continue; // The parameter of this name is about the source.
        }
        const auto parameter =
            std::ranges::find(mention_parameters, name_of(facet), &Parameter::name);
        ASSERT_NE(parameter, mention_parameters.end()) << name_of(facet);
        std::string accepted;
        bool none_is_a_label = false;
        for (const std::string_view label : labels_of(facet)) {
            accepted += std::string(label) + '|';
            none_is_a_label = none_is_a_label || label == none;
        }
        accepted += !none_is_a_label && pack_label(facet, none) ? "none|unsure" : "unsure";
        EXPECT_EQ(parameter->accepted, accepted) << name_of(facet);
    }
}

TEST(Wire, DetailGivesTheEvidenceItsWords)
{
    const StoredMention mention = sample_mention(7, "Acme router died");
    Observation observation{.key = mention.post.key, .at = from_unix_ms(1'700'000'100'000)};
    observation.engagement.likes = 9;

    const std::string json = mention_detail(mention, {observation});

    EXPECT_THAT(json, HasSubstr(R"("probabilities":{"negative":0.83,"neutral":0.17})"));
    EXPECT_THAT(json,
                HasSubstr(R"("evidence":[{"text":"router","offset":5,"length":6,"weight":1.5}])"));
    const auto back = read_mention(json);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_THAT(back->of("sentiment").evidence, ::testing::ElementsAre("router"));
    EXPECT_THAT(json, HasSubstr(R"("observations":[{"at":"2023-11-14T22:15:00Z","likes":9}])"));
    EXPECT_THAT(json, HasSubstr(R"("model":"m1")"));
}

TEST(Wire, EvidenceOutsideItsTextIsEmpty)
{
    StoredMention mention = sample_mention(7, "Acme");
    mention.experience.of(Facet::sentiment).evidence[0].span = {.offset = 400, .length = 6};

    EXPECT_THAT(mention_detail(mention, {}), HasSubstr(R"("evidence":[{"text":"",)"));
}

TEST(Wire, IncidentsComeBackAsTheyWent)
{
    const auto page = read_incident_page(incident_page({sample_incident()}));

    ASSERT_TRUE(page) << page.error().message;
    ASSERT_EQ(page->items.size(), 1u);
    const Incident& incident = page->items[0];
    EXPECT_EQ(incident.id, "abc123");
    EXPECT_EQ(incident.state, "open");
    EXPECT_EQ(incident.severity, "error");
    EXPECT_EQ(incident.score, 71.25);
    EXPECT_EQ(incident.title, "Acme router died");
    EXPECT_EQ(incident.lead_url, "https://a.test/@ana/1");
    EXPECT_EQ(incident.last_at, from_unix_ms(1'700'000'360'000));
    EXPECT_EQ(incident.mentions, 7u);
    EXPECT_EQ(incident.complaints, 4u);
    EXPECT_EQ(incident.authors, 5u);
    EXPECT_EQ(incident.witnesses, 3u);
    EXPECT_EQ(incident.echoes, 2u);
    EXPECT_EQ(incident.followers, 5'000'000'000u);
    EXPECT_THAT(incident.places, ::testing::ElementsAre("Almaty", "Đà Nẵng"));
    EXPECT_THAT(incident.reasons,
                ::testing::ElementsAre(::testing::Pair("overall", 1), ::testing::Pair("staff", 3)));
    EXPECT_THAT(incident.needs, ::testing::ElementsAre(::testing::Pair("apology", 4)));
    EXPECT_EQ(incident.reactions, 120u);
    EXPECT_THAT(incident.networks, ::testing::ElementsAre("mastodon", "reddit"));
    EXPECT_EQ(incident.rate_per_hour, 12.5);
    EXPECT_FALSE(incident.calibrated);
}

TEST(Wire, SaysWhenANumberIsNotCalibrated)
{
    empathd::Incident incident = sample_incident();

    EXPECT_THAT(incident_page({incident}),
                HasSubstr(R"("calibrated":false,"note":"not calibrated yet")"));
    incident.outlook.calibrated = true;
    EXPECT_THAT(incident_page({incident}), Not(HasSubstr("note")));
}

TEST(Wire, ShowsWhatLiesAheadOfAnIncidentAsFarAsItIsKnown)
{
    empathd::Incident incident = sample_incident();
    EXPECT_THAT(incident_page({incident}), Not(HasSubstr("forecast")));
    EXPECT_THAT(incident_page({incident}), Not(HasSubstr("reply_by")));
    EXPECT_THAT(incident_page({incident}), HasSubstr(R"("gravity":[])"));

    incident.outlook.forecast = {.calibration = Calibration::prior,
                                 .now = 10,
                                 .low = 20,
                                 .median = 40,
                                 .high = 90,
                                 .half_at = from_unix_ms(1'700'000'000'000)};
    incident.outlook.exposure = {.known = true, .now = 5, .low = 6, .expected = 7, .high = 8};
    incident.gravity.legal = true;
    incident.conversation = {.asked = 1, .unanswered = 1};
    const std::string json = incident_page({incident});
    EXPECT_THAT(json, HasSubstr(R"("calibration":"prior")"));
    EXPECT_THAT(json, HasSubstr(R"("median":40.0,"high":90.0,"interval":0.8)"));
    EXPECT_THAT(json, HasSubstr(R"("reply_by":"2023-11-14T22:13:20Z")"));
    EXPECT_THAT(json, HasSubstr(R"("exposure":{"from":"followers")"));
    EXPECT_THAT(json, HasSubstr(R"("gravity":["legal"])"));

    incident.outlook.forecast.withheld = true;
    EXPECT_THAT(incident_page({incident}), Not(HasSubstr("median")));
}

TEST(Wire, IncidentDetailHoldsItsMentions)
{
    const auto detail =
        read_incident_detail(incident_detail(sample_incident(), {sample_mention(3, "Acme")}, 1));

    ASSERT_TRUE(detail) << detail.error().message;
    EXPECT_EQ(detail->incident.id, "abc123");
    ASSERT_EQ(detail->mentions.items.size(), 1u);
    EXPECT_NE(detail->mentions.next, "");
}

TEST(Wire, ShowsTheScenarioWithItsAssumptionsAndHowTheStoryGrew)
{
    IncidentStory story;
    story.put_off = PutOff{.low = 10, .middle = 100, .high = 900, .assumptions = {"a scenario"}};
    story.timeline = Timeline{
        .points = {{.at = from_unix_ms(1'700'000'000'000), .mentions = 2}},
        .events = {
            {.at = from_unix_ms(1'700'000'000'000), .landmark = Landmark::language, .what = "vi"}}};
    const std::string json = incident_detail(sample_incident(), {}, 1, story);

    EXPECT_THAT(json, HasSubstr(R"("put_off":{"kind":"scenario","low":10.0,"middle":100.0)"));
    EXPECT_THAT(json, HasSubstr(R"("assumptions":["a scenario"])"));
    EXPECT_THAT(json, HasSubstr(R"("kind":"language","what":"vi")"));
    EXPECT_THAT(incident_detail(sample_incident(), {}, 1), Not(HasSubstr("put_off")));
}

TEST(Wire, AlertBodiesAreVerbatim)
{
    EXPECT_EQ(alert_page({sample_alert(9), sample_alert(8)}, false, 2),
              R"({"items":[{"seq":9,"alert":{"n":9}},{"seq":8,"alert":{"n":8}}]})");
    EXPECT_THAT(alert_page({sample_alert(8), sample_alert(9)}, true, 2),
                HasSubstr(R"("next":"9")"));
}

TEST(Wire, ReadsAnAlertWhereverItsFieldsStand)
{
    const auto flat = read_alert(
        5, R"({"severity":"error","score":70,"brand":"Acme","summary":"s","incident":"abc",)"
           R"("raised_at":"2024-05-01T00:00:00Z"})");
    const auto nested = read_alert(
        6,
        R"({"summary":"s","incident":{"id":"abc","severity":"error","score":70,"brand":"Acme"}})");

    ASSERT_TRUE(flat) << flat.error().message;
    ASSERT_TRUE(nested) << nested.error().message;
    for (const Alert& alert : {*flat, *nested}) {
        EXPECT_EQ(alert.severity, "error");
        EXPECT_EQ(alert.score, 70);
        EXPECT_EQ(alert.brand, "Acme");
        EXPECT_EQ(alert.incident, "abc");
        EXPECT_EQ(alert.summary, "s");
    }
    EXPECT_EQ(flat->raised_at, parse_rfc3339("2024-05-01T00:00:00Z"));
    EXPECT_THAT(flat->json, ::testing::StartsWith(R"({"seq":5,"alert":{"severity")"));
}

TEST(Wire, AlertBodiesComeBackAsTheyWent)
{
    empathd::Alert alert;
    alert.key = "k1";
    alert.reason = AlertReason::many_voices;
    alert.raised_at = from_unix_ms(1'700'000'000'000);
    alert.incident = sample_incident();
    alert.network = "mastodon";
    alert.summary = "Four customers say that their router died";
    alert.score_parts = {{"voices", 40}, {"rate", 31.25}};

    const std::string body = alert_body(alert);

    EXPECT_THAT(body, HasSubstr(R"("score_parts":{"voices":40.0,"rate":31.25})"));
    EXPECT_THAT(body, HasSubstr(R"("key":"k1","reason":"many_voices","state":"open")"));
    EXPECT_THAT(body, Not(HasSubstr("\n")));
    const auto back = read_alert(7, body);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->seq, 7);
    EXPECT_EQ(back->severity, "error");
    EXPECT_EQ(back->state, "open");
    EXPECT_EQ(back->reason, "many_voices");
    EXPECT_EQ(back->brand, "Acme");
    EXPECT_EQ(back->network, "mastodon");
    EXPECT_EQ(back->summary, alert.summary);
    EXPECT_EQ(back->incident, "abc123");
    EXPECT_EQ(back->score, 71.25);
    EXPECT_EQ(back->raised_at, alert.raised_at);
}

SourceRecord sample_source()
{
    SourceRecord source;
    source.source = "fedi";
    source.cursor = "secret-cursor";
    source.conservation = {.fetched = 10, .stored = 4, .duplicate = 3, .unmatched = 3};
    source.last_page_at = from_unix_ms(2'000);
    source.last_day.polls = 4;
    source.last_day.pages = 3;
    source.last_day.errors = 1;
    source.last_day.latency_ms = 500;
    return source;
}

TEST(Wire, SourcesShowCoverageAndNoCursor)
{
    const std::string json = source_page({sample_source()});

    EXPECT_THAT(json, Not(HasSubstr("secret-cursor")));
    const auto page = read_source_page(json);
    ASSERT_TRUE(page) << page.error().message;
    ASSERT_EQ(page->items.size(), 1u);
    const Source& source = page->items[0];
    EXPECT_EQ(source.name, "fedi");
    EXPECT_EQ(source.health, "ok");
    EXPECT_EQ(source.polls_day, 4u);
    EXPECT_EQ(source.pages_day, 3u);
    EXPECT_EQ(source.errors_day, 1u);
    EXPECT_EQ(source.mean_latency_ms, 125);
    EXPECT_EQ(source.fetched, 10u);
    EXPECT_TRUE(source.balanced);
}

TEST(Wire, ASourceThatRunsHasItsSight)
{
    const SourceRecord source = sample_source();
    EXPECT_THAT(source_page({source}, {{source.source, "silent"}}),
                HasSubstr(R"("sight":"silent")"));
    EXPECT_THAT(source_page({source}, {{"another", "silent"}}),
                ::testing::Not(HasSubstr("\"sight\"")));
}

TEST(Wire, ASourceIsWhatWasHeardOfItLast)
{
    SourceRecord source = sample_source();
    source.last_error_at = from_unix_ms(3'000);
    EXPECT_THAT(source_page({source}), HasSubstr(R"("health":"failing")"));

    source.last_page_at = from_unix_ms(4'000);
    EXPECT_THAT(source_page({source}), HasSubstr(R"("health":"ok")"));

    source.last_page_at = source.last_error_at = TimePoint{};
    EXPECT_THAT(source_page({source}), HasSubstr(R"("health":"waiting")"));
}

TEST(Wire, SaysWhenPostsAreUnaccountedFor)
{
    SourceRecord source = sample_source();
    source.conservation.stored = 3;

    EXPECT_THAT(source_page({source}), HasSubstr(R"("balanced":false)"));
}

TEST(Wire, AFullPageSaysWhereTheNextBegins)
{
    const auto page =
        read_mention_page(mention_page({sample_mention(9, "a"), sample_mention(8, "b")}, 2));

    ASSERT_TRUE(page) << page.error().message;
    const auto cursor = decode_cursor(page->next);
    ASSERT_TRUE(cursor) << page->next;
    EXPECT_EQ(cursor->id, 8);
    EXPECT_EQ(cursor->at, from_unix_ms(1'700'000'000'008));
}

TEST(Wire, APageThatGrowsTooLargeIsCutAndGoesOn)
{
    const std::string text(1'000, 'x');
    const auto page = read_mention_page(mention_page(
        {sample_mention(9, text), sample_mention(8, text), sample_mention(7, text)}, 50, 2'000));

    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->items.size(), 2u);
    ASSERT_TRUE(decode_cursor(page->next));
    EXPECT_EQ(decode_cursor(page->next)->id, 8);
}

TEST(Wire, CursorsOfAnyValueComeBack)
{
    for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, INT64_MAX}) {
        const auto cursor = decode_cursor(encode_cursor({.at = from_unix_ms(value), .id = value}));
        ASSERT_TRUE(cursor);
        EXPECT_EQ(cursor->id, value);
        EXPECT_EQ(to_unix_ms(cursor->at), value);
    }
}

TEST(Wire, RefusesCursorsNoServerWrote)
{
    for (const char* text : {"", "1", "1-", "1--", "1-5", "2-5-5", "1-5-x", "1-5-5-5", "-5-5",
                             "1-11111111111111111-5", "x-5-5"}) {
        EXPECT_FALSE(decode_cursor(text)) << text;
    }
}

TEST(Wire, HostileTextStaysInsideItsString)
{
    const auto page = read_mention_page(
        mention_page({sample_mention(1, "\"},{\"id\":2\n\x1b\xff</script>")}, 50));

    ASSERT_TRUE(page) << page.error().message;
    ASSERT_EQ(page->items.size(), 1u);
    EXPECT_EQ(page->items[0].text, "\"},{\"id\":2\n\x1b\uFFFD</script>");
}

TEST(Wire, NumbersJsonCannotSayAreNull)
{
    empathd::Incident incident = sample_incident();
    incident.score = std::nan("");

    EXPECT_THAT(incident_page({incident}), HasSubstr(R"("score":null)"));
    EXPECT_TRUE(read_incident_page(incident_page({incident})));
}

TEST(Wire, EventsKeepTheirBodyInOnePiece)
{
    StoredAlert alert = sample_alert(3);
    EXPECT_EQ(alert_event(alert), "id: 3\nevent: alert\ndata: {\"n\":3}\n\n");

    alert.record.body = "{\n \"n\":3\r\n}";
    EXPECT_EQ(alert_event(alert), "id: 3\nevent: alert\ndata: {\ndata:  \"n\":3\ndata: }\n\n");
}

TEST(Wire, ProblemsComeBackAsTheyWent)
{
    Problem problem;
    problem.title = "Bad parameter";
    problem.status = 400;
    problem.detail = "d";
    problem.instance = "/v1/mentions";
    problem.parameter = "limit";
    problem.accepted = {"a", "b"};
    problem.nearest = "n";

    const auto back = read_problem(problem_json(problem));

    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->type, "about:blank");
    EXPECT_EQ(back->title, problem.title);
    EXPECT_EQ(back->status, 400u);
    EXPECT_EQ(back->detail, "d");
    EXPECT_EQ(back->instance, "/v1/mentions");
    EXPECT_EQ(back->parameter, "limit");
    EXPECT_EQ(back->accepted, problem.accepted);
    EXPECT_EQ(back->nearest, "n");
}

TEST(Wire, HealthIsAsBadAsItsWorstProblem)
{
    Health health{.ready = true, .problems = {}};
    EXPECT_EQ(health_json(health), R"({"status":"ok","ready":true,"problems":[]})");

    health.problems.push_back({.name = "source_errors", .detail = "d", .failing = false});
    EXPECT_THAT(health_json(health), HasSubstr(R"("status":"degraded")"));
    EXPECT_TRUE(is_healthy(health));

    health.problems.push_back({.name = "no_redis", .detail = "d"});
    EXPECT_THAT(health_json(health), HasSubstr(R"("status":"failing")"));
    EXPECT_FALSE(is_healthy(health));
}

struct BadAnswer {
    const char* name;
    std::string json;
};

class WireRefuses : public ::testing::TestWithParam<BadAnswer> {};

TEST_P(WireRefuses, AsMalformed)
{
    const auto page = read_mention_page(GetParam().json);

    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, ErrorKind::malformed);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, WireRefuses,
    ::testing::Values(BadAnswer{"Empty", ""}, BadAnswer{"Html", "<html>"}, BadAnswer{"List", "[]"},
                      BadAnswer{"NoItems", "{}"}, BadAnswer{"ItemsAreText", R"({"items":"x"})"},
                      BadAnswer{"ItemIsNumber", R"({"items":[1]})"},
                      BadAnswer{"TwoDocuments", R"({"items":[]} {})"},
                      BadAnswer{"BadUtf8", "{\"items\":[],\"x\":\"\xff\"}"},
                      BadAnswer{"Deep", "{\"items\":" + std::string(100'000, '[') +
                                            std::string(100'000, ']') + "}"}),
    [](const auto& test) { return test.param.name; });

TEST(Wire, FieldsOfOtherTypesAreAbsent)
{
    const auto page = read_mention_page(
        R"({"items":[{"id":"x","brand":5,"sentiment":[],"seen_at":7,"copy":"yes"}]})");

    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->items[0].id, 0);
    EXPECT_EQ(page->items[0].brand, "");
    EXPECT_EQ(page->items[0].of("sentiment").label, "");
    EXPECT_EQ(page->items[0].seen_at, std::nullopt);
}

TEST(Wire, AFacetItDoesNotKnowIsReadLikeTheOthers)
{
    const auto mention = read_mention(
        R"({"id":1,"mood":{"label":"calm","probability":0.5,"evidence":[{"text":"well"}]}})");

    ASSERT_TRUE(mention) << mention.error().message;
    ASSERT_EQ(mention->labels.size(), 1u);
    EXPECT_EQ(mention->labels[0].facet, "mood");
    EXPECT_EQ(mention->labels[0].label, "calm");
    EXPECT_THAT(mention->labels[0].evidence, ::testing::ElementsAre("well"));
}

TEST(Wire, FieldsItDoesNotKnowReachTheUser)
{
    const auto page = read_mention_page(R"({"items":[{"id":1, "later": {"a": [1, 2]}}]})");

    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->items[0].json, R"({"id":1,"later":{"a":[1,2]}})");
}

TEST(Wire, ReadsAnIncidentOfAServerThatDoesNotCountWitnesses)
{
    const auto page = read_incident_page(
        R"({"items":[{"id":"a","authors":2,"reasons":["staff"],"needs":{"refund":"many"}}]})");
    ASSERT_TRUE(page);
    ASSERT_EQ(page->items.size(), 1u);
    EXPECT_EQ(page->items[0].authors, 2u);
    EXPECT_EQ(page->items[0].witnesses, 0u);
    EXPECT_TRUE(page->items[0].places.empty());
    EXPECT_TRUE(page->items[0].reasons.empty());
    EXPECT_TRUE(page->items[0].needs.empty());
}

} // namespace
} // namespace empathd::wire

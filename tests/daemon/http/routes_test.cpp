#include "daemon/http/routes.hpp"

#include "daemon/http/host.hpp"
#include "tests/daemon/http/samples.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/memory_reader.hpp"
#include "tests/support/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

class Routes : public ::testing::Test {
protected:
    Response ask(Request request)
    {
        const Services services{
            .reader = gate,
            .clock = clock,
            .hosts = answered_hosts("127.0.0.1:8642", {"api.acme.example"}),
            .health = [this] { return health; },
            .process_metrics = [] { return ProcessMetrics{.version = "9.9"}; },
            .server_metrics = {},
            .report = [this](const std::string& line) { reports.push_back(line); },
            .calibration = [this] { return calibrations; },
            .unanswered =
                [this](const std::string& brand) {
                    brands_asked.push_back(brand);
                    return threads;
                },
            .backtest = [this](wire::BacktestQuestion question)
                -> boost::asio::awaitable<Result<wire::Backtest>> {
                questions.push_back(question);
                co_return backtest;
            }};
        return testing::run_on(loop, handle(std::move(request), services));
    }
    Response get(const std::string& target)
    {
        return ask({.method = "GET", .target = target, .host = "localhost:8642"});
    }
    static wire::Problem problem_of(const Response& response)
    {
        EXPECT_EQ(response.content_type, "application/problem+json") << response.body;
        const auto problem = wire::read_problem(response.body);
        EXPECT_TRUE(problem) << response.body;
        if (!problem) {
            return {};
        }
        EXPECT_EQ(problem->status, response.status);
        EXPECT_NE(problem->title, "");
        return *problem;
    }
    static std::string header(const Response& response, std::string_view name)
    {
        for (const auto& [key, value] : response.headers) {
            if (key == name) {
                return value;
            }
        }
        return {};
    }

    // The loop outlives the gate: the reading thread lets go of it a moment after it has answered.
    boost::asio::io_context loop{1};
    testing::MemoryReader store;
    ReadGate gate{store};
    testing::FakeClock clock{*parse_rfc3339("2024-05-10T12:00:00Z")};
    wire::Health health{.ready = true, .problems = {}};
    std::vector<std::string> reports;
    std::vector<wire::PlatformCalibration> calibrations;
    std::vector<wire::UnansweredThread> threads;
    std::vector<std::string> brands_asked;
    std::vector<wire::BacktestQuestion> questions;
    Result<wire::Backtest> backtest = wire::Backtest{};
};

TEST_F(Routes, HandEveryFilterToTheStore)
{
    const Response response =
        get("/v1/mentions?brand=Acme&network=reddit&source=s&language=vi&sentiment=negative&"
            "experience=complaint&reason=none&need=refund&irony=unsure&incident=abc&author=ana&"
            "audience=employee&q=no+answer&since=7d&"
            "until=2024-05-09T00:00:00Z&limit=20");

    EXPECT_EQ(response.status, 200u) << response.body;
    ASSERT_EQ(store.mention_questions.size(), 1u);
    const MentionFilter& filter = store.mention_questions[0];
    EXPECT_EQ(filter.brand, "Acme");
    EXPECT_EQ(filter.network, "reddit");
    EXPECT_EQ(filter.source, "s");
    EXPECT_EQ(filter.language, "vi");
    EXPECT_THAT(filter.labels,
                ::testing::ElementsAre(Pair(Facet::sentiment, "negative"),
                                       Pair(Facet::experience, "complaint"),
                                       Pair(Facet::reason, "none"), Pair(Facet::need, "refund"),
                                       Pair(Facet::irony, "unsure")));
    EXPECT_EQ(filter.incident, "abc");
    EXPECT_EQ(filter.author, "ana");
    EXPECT_EQ(filter.audience, Audience::employee);
    EXPECT_EQ(filter.query, "no answer");
    EXPECT_EQ(filter.since, clock.now() - std::chrono::days{7});
    EXPECT_EQ(filter.until, parse_rfc3339("2024-05-09T00:00:00Z"));
    EXPECT_EQ(filter.limit, 20u);
    EXPECT_FALSE(filter.after);
}

TEST_F(Routes, FilterByNothingUnlessAsked)
{
    EXPECT_EQ(get("/v1/mentions").status, 200u);

    ASSERT_EQ(store.mention_questions.size(), 1u);
    const MentionFilter& filter = store.mention_questions[0];
    EXPECT_EQ(filter.brand, "");
    EXPECT_FALSE(filter.audience);
    EXPECT_FALSE(filter.since);
    EXPECT_EQ(filter.limit, 50u);
}

TEST_F(Routes, FollowTheCursorThroughEveryMentionOnce)
{
    for (int id = 7; id >= 1; --id) {
        store.all_mentions.push_back(sample_mention(id, "Acme"));
    }
    std::vector<std::int64_t> seen;
    std::string cursor;
    do {
        const Response response =
            get("/v1/mentions?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
        const auto page = wire::read_mention_page(response.body);
        ASSERT_TRUE(page) << response.body;
        for (const wire::Mention& mention : page->items) {
            seen.push_back(mention.id);
        }
        cursor = page->next;
    } while (!cursor.empty());

    EXPECT_THAT(seen, ::testing::ElementsAre(7, 6, 5, 4, 3, 2, 1));
}

TEST_F(Routes, ShowOneMentionWithItsObservations)
{
    store.all_mentions = {sample_mention(5, "Acme router died")};
    store.all_observations = {{.key = store.all_mentions[0].post.key, .at = clock.now()}};

    const Response response = get("/v1/mentions/5");

    EXPECT_EQ(response.status, 200u);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_THAT(response.body, HasSubstr(R"("observations":[{"at":"2024-05-10T12:00:00Z"}])"));
}

TEST_F(Routes, DoNotFindWhatIsNotThere)
{
    for (const char* target :
         {"/v1/mentions/6", "/v1/mentions/x", "/v1/mentions/-1", "/v1/mentions/1/2",
          "/v1/mentions/", "/v1/incidents/none", "/v2", "/v1", "//", "/v1/alerts/5", "/index.html",
          "/v1/mentions/99999999999999999999"}) {
        const Response response = get(target);
        EXPECT_EQ(response.status, 404u) << target;
        EXPECT_EQ(problem_of(response).instance, target);
    }
}

TEST_F(Routes, FilterIncidents)
{
    store.all_incidents = {sample_incident()};

    const Response response =
        get("/v1/incidents?brand=Acme&state=acknowledged&since=24h&min_score=45.5&limit=5");

    EXPECT_EQ(response.status, 200u) << response.body;
    ASSERT_EQ(store.incident_questions.size(), 1u);
    const IncidentFilter& filter = store.incident_questions[0];
    EXPECT_EQ(filter.brand, "Acme");
    EXPECT_EQ(filter.state, IncidentState::acknowledged);
    EXPECT_EQ(filter.since, clock.now() - std::chrono::hours{24});
    EXPECT_EQ(filter.score_min, 45.5);
    EXPECT_EQ(filter.limit, 5u);
}

TEST_F(Routes, ShowOneIncidentWithItsMentions)
{
    store.all_incidents = {sample_incident()};
    store.all_mentions = {sample_mention(2, "Acme"), sample_mention(1, "Acme")};
    store.all_mentions[0].incident = "other";

    const auto detail = wire::read_incident_detail(get("/v1/incidents/abc123").body);

    ASSERT_TRUE(detail) << detail.error().message;
    ASSERT_EQ(detail->mentions.items.size(), 1u);
    EXPECT_EQ(detail->mentions.items[0].id, 1);
}

TEST_F(Routes, ListAlertsNewestFirstOrUpwardsFromASeq)
{
    store.all_alerts = {sample_alert(1), sample_alert(2), sample_alert(4)};

    EXPECT_EQ(get("/v1/alerts?limit=2").body,
              R"({"items":[{"seq":4,"alert":{"n":4}},{"seq":2,"alert":{"n":2}}]})");
    EXPECT_EQ(get("/v1/alerts?after=1").body,
              R"({"items":[{"seq":2,"alert":{"n":2}},{"seq":4,"alert":{"n":4}}]})");
    EXPECT_EQ(get("/v1/alerts?after=0&limit=1").body,
              R"({"items":[{"seq":1,"alert":{"n":1}}],"next":"1"})");
}

TEST_F(Routes, StreamFromNowUnlessToldWhere)
{
    store.all_alerts = {sample_alert(1), sample_alert(4)};
    Request request{.method = "GET", .target = "/v1/alerts/stream", .host = "localhost"};
    EXPECT_EQ(ask(request).stream_after, 4);
    EXPECT_EQ(ask(request).content_type, "text/event-stream");

    request.target = "/v1/alerts/stream?after=2";
    EXPECT_EQ(ask(request).stream_after, 2);

    request.last_event_id = "3";
    EXPECT_EQ(ask(request).stream_after, 3) << "the header goes before the query";

    request.last_event_id = "0";
    EXPECT_EQ(ask(request).stream_after, 0);

    request.last_event_id = "three";
    EXPECT_EQ(ask(request).status, 400u);
    EXPECT_FALSE(ask(request).stream_after);
}

TEST_F(Routes, RefuseUnknownParametersEverywhere)
{
    for (const Endpoint& endpoint : endpoints()) {
        std::string target(endpoint.path);
        if (const auto hole = target.find("{id}"); hole != std::string::npos) {
            target.replace(hole, 4, "1");
        }
        const Response response = get(target + "?nonsense=1");
        EXPECT_EQ(response.status, 400u) << target;
        EXPECT_EQ(problem_of(response).parameter, "nonsense");
    }
}

TEST_F(Routes, NameTheParameterAndWhatItTakes)
{
    const wire::Problem problem = problem_of(get("/v1/mentions?experience=maybe"));

    EXPECT_EQ(problem.status, 400u);
    EXPECT_EQ(problem.type, "urn:empathd:problem:bad-parameter");
    EXPECT_EQ(problem.parameter, "experience");
    EXPECT_THAT(problem.accepted,
                ::testing::ElementsAre("complaint", "praise", "question", "other", "unsure"));
    EXPECT_EQ(problem.instance, "/v1/mentions");
    EXPECT_TRUE(store.mention_questions.empty());
}

TEST_F(Routes, RefuseBadValuesBeforeTheStoreIsAsked)
{
    for (const char* target :
         {"/v1/mentions?cursor=abc", "/v1/mentions?audience=all", "/v1/mentions?since=1h&until=2h",
          "/v1/incidents?state=closed", "/v1/incidents?min_score=101", "/v1/alerts?after=-1",
          "/v1/alerts/stream?after=x", "/v1/incidents/abc?limit=0", "/v1/mentions/%ff"}) {
        EXPECT_EQ(get(target).status, 400u) << target;
    }
    EXPECT_TRUE(store.mention_questions.empty());
    EXPECT_TRUE(store.incident_questions.empty());
    EXPECT_EQ(store.alert_questions, 0u);
}

TEST_F(Routes, SayWhichMethodsAPathHas)
{
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get"}) {
        const Response response =
            ask({.method = method, .target = "/v1/mentions", .host = "localhost"});
        EXPECT_EQ(response.status, 405u) << method;
        EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
    }
    const Response head = ask({.method = "HEAD", .target = "/healthz", .host = "localhost"});
    EXPECT_EQ(head.status, 200u);
}

TEST_F(Routes, AnswerKnownHostsOnly)
{
    const auto status_for = [this](std::optional<std::string> host) {
        return ask({.method = "GET", .target = "/healthz", .host = std::move(host)}).status;
    };
    EXPECT_EQ(status_for("127.0.0.1:8642"), 200u);
    EXPECT_EQ(status_for("LOCALHOST"), 200u);
    EXPECT_EQ(status_for("[::1]:8642"), 200u);
    EXPECT_EQ(status_for("api.acme.example"), 200u);
    EXPECT_EQ(status_for("evil.example:8642"), 421u);
    EXPECT_EQ(status_for("localhost.evil.example"), 421u);
    EXPECT_EQ(status_for(""), 421u);
    EXPECT_EQ(status_for(std::nullopt), 400u);
}

TEST_F(Routes, TakeTheHostOfAnAbsoluteTarget)
{
    Request request{.method = "GET", .target = "http://evil.example/healthz", .host = "localhost"};
    EXPECT_EQ(ask(request).status, 421u);

    request.target = "http://localhost:8642/v1/alerts?limit=1";
    EXPECT_EQ(ask(request).status, 200u);

    request.target = "http://localhost";
    EXPECT_EQ(ask(request).status, 200u);
}

TEST_F(Routes, PutSafeHeadersOnEveryAnswer)
{
    for (const char* target : {"/v1/mentions", "/nothing", "/metrics", "/v1/alerts/stream"}) {
        const Response response = get(target);
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff") << target;
        EXPECT_EQ(header(response, "Cache-Control"), "no-store") << target;
        EXPECT_THAT(header(response, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
        EXPECT_EQ(header(response, "Date"), "Fri, 10 May 2024 12:00:00 GMT");
        EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "") << target;
    }
}

struct StoreFailure {
    const char* name;
    Error error;
    std::uint32_t status;
    bool reported;
};

class RoutesOnFailure : public Routes, public ::testing::WithParamInterface<StoreFailure> {};

TEST_P(RoutesOnFailure, TellTheClientWhatItMayKnow)
{
    store.failure = GetParam().error;
    for (const char* target : {"/v1/mentions?q=%22", "/v1/mentions/1", "/v1/incidents",
                               "/v1/incidents/x", "/v1/alerts", "/v1/sources"}) {
        const Response response = get(target);
        EXPECT_EQ(response.status, GetParam().status) << target;
        EXPECT_THAT(problem_of(response).detail, Not(HasSubstr("/var/lib")));
    }
    EXPECT_EQ(!reports.empty(), GetParam().reported);
}

INSTANTIATE_TEST_SUITE_P(
    Errors, RoutesOnFailure,
    ::testing::Values(
        StoreFailure{"Slow", {ErrorKind::unavailable, "took 500 ms"}, 503, false},
        StoreFailure{"BadQuery", {ErrorKind::malformed, "a quote is open"}, 400, false},
        StoreFailure{"Disk", {ErrorKind::storage, "/var/lib/x: I/O error"}, 503, true},
        StoreFailure{"Stopping", {ErrorKind::cancelled, ""}, 503, false}),
    [](const auto& test) { return test.param.name; });

TEST_F(Routes, NameTheFullTextQueryThatIsBad)
{
    store.failure = Error{ErrorKind::malformed, "a quote is open"};

    const wire::Problem problem = problem_of(get("/v1/mentions?q=%22"));

    EXPECT_EQ(problem.parameter, "q");
    EXPECT_THAT(problem.detail, HasSubstr("a quote is open"));
}

TEST_F(Routes, TellHealthAndReadiness)
{
    EXPECT_EQ(get("/healthz").status, 200u);
    EXPECT_EQ(get("/readyz").body, R"({"ready":true})");

    health.ready = false;
    health.problems = {{.name = "no_redis", .detail = "connection refused"}};
    EXPECT_EQ(get("/healthz").status, 503u);
    EXPECT_THAT(get("/healthz").body, HasSubstr(R"("name":"no_redis")"));
    EXPECT_EQ(get("/readyz").status, 503u);
    EXPECT_EQ(header(get("/readyz"), "Retry-After"), "1");
}

TEST_F(Routes, MeasureEvenWithoutAStore)
{
    EXPECT_THAT(get("/metrics").body, HasSubstr("empathd_store_up 1"));
    EXPECT_THAT(get("/metrics").body, HasSubstr("version=\"9.9\""));

    store.failure = Error{ErrorKind::storage, "x"};
    const Response response = get("/metrics");
    EXPECT_EQ(response.status, 200u);
    EXPECT_THAT(response.body, HasSubstr("empathd_store_up 0"));
}

TEST_F(Routes, ListThemselvesAtTheRoot)
{
    const Response response = get("/");

    EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
    for (const Endpoint& endpoint : endpoints()) {
        EXPECT_THAT(response.body, HasSubstr(std::string(endpoint.path)));
    }
    EXPECT_THAT(response.body, HasSubstr("experience=complaint|praise|question|other|unsure"));
}

TEST_F(Routes, EncodeAStrangePathInTheProblem)
{
    EXPECT_EQ(problem_of(get("/\"<\xff")).instance, "/%22%3C%FF");
}

TEST_F(Routes, ShowHowGoodTheForecastsHaveBeen)
{
    calibrations = {{.platform = "fedi",
                     .matured = 400,
                     .own = true,
                     .intervals = 900,
                     .coverage = 0.79,
                     .median_error = 0.3,
                     .threshold = 120,
                     .reaches = {{.predicted = 0.05, .observed = 0.04, .posts = 700}},
                     .doubles = {}},
                    {.platform = "forum", .matured = 3}};
    const Response response = get("/v1/spread/calibration");
    const auto page = wire::read_calibration_page(response.body);

    ASSERT_TRUE(page) << response.body;
    ASSERT_EQ(page->items.size(), 2u);
    EXPECT_EQ(page->items[0].coverage, 0.79);
    EXPECT_EQ(page->items[0].reaches[0].posts, 700u);
    EXPECT_TRUE(page->items[0].own);
    EXPECT_THAT(page->items[1].json, HasSubstr("not calibrated yet"));
    EXPECT_THAT(page->items[1].json, Not(HasSubstr("coverage")));
}

TEST_F(Routes, ListWhoWaitsForAnAnswer)
{
    threads = {{.brand = "Acme",
                .incident = "abc",
                .network = "fedi",
                .url = "https://a.test/1",
                .asked_by = "ana",
                .asked_at = clock.now(),
                .agreeing = 3,
                .reply_by = clock.now() + std::chrono::hours{1},
                .waiting_min = 12.5},
               {.brand = "Acme", .asked_by = "bob"}};
    const Response response = get("/v1/unanswered?brand=Acme&limit=1");
    const auto page = wire::read_unanswered_page(response.body);

    ASSERT_TRUE(page) << response.body;
    ASSERT_EQ(page->items.size(), 1u);
    EXPECT_EQ(page->items[0].reply_by, clock.now() + std::chrono::hours{1});
    EXPECT_EQ(page->items[0].agreeing, 3u);
    EXPECT_EQ(page->items[0].waiting_min, 12.5);
    EXPECT_EQ(brands_asked, std::vector<std::string>{"Acme"});
}

TEST_F(Routes, ReadTheJournalOnFromAPlace)
{
    store.all_journal = {{.seq = 1, .kind = "acknowledge", .incident = "abc", .who = "Ann"},
                         {.seq = 2, .kind = "hidden", .incident = "abc", .detail = R"({"n":1})"},
                         {.seq = 3, .kind = "hidden", .incident = "xyz"}};
    const auto page = wire::read_journal_page(get("/v1/journal?incident=abc&after=1&limit=1").body);

    ASSERT_TRUE(page);
    ASSERT_EQ(page->items.size(), 1u);
    EXPECT_EQ(page->items[0].kind, "hidden");
    EXPECT_EQ(page->items[0].detail, R"({"n":1})");
    EXPECT_EQ(page->next, "2");
    EXPECT_EQ(problem_of(get("/v1/journal?after=x")).parameter, "after");
}

TEST_F(Routes, RunABackTestOfThirtyDaysUnlessToldOtherwise)
{
    backtest->rows = {{.score_warning = 45, .stories = 2, .per_day = 0.1, .good = 1}};
    backtest->alerts = {{.severity = "error", .verdict = "good", .lead_min = 90}};
    backtest->precision = 0.5;
    const Response response = get("/v1/backtest?budget=3");
    const auto read = wire::read_backtest(response.body);

    ASSERT_TRUE(read) << response.body;
    EXPECT_EQ(read->rows[0].good, 1u);
    EXPECT_EQ(read->alerts[0].lead_min, 90);
    EXPECT_EQ(read->precision, 0.5);
    EXPECT_FALSE(read->recall);
    ASSERT_EQ(questions.size(), 1u);
    EXPECT_EQ(questions[0].budget, 3);
    EXPECT_EQ(questions[0].since, clock.now() - std::chrono::hours{30 * 24});
}

TEST_F(Routes, SayWhenABackTestCannotRunNow)
{
    backtest = Error{ErrorKind::rate_limited, "one at a time"};
    EXPECT_EQ(problem_of(get("/v1/backtest")).status, 503u);
    EXPECT_EQ(problem_of(get("/v1/backtest?budget=-1")).parameter, "budget");
    EXPECT_EQ(problem_of(get("/v1/backtest?since=never")).parameter, "since");
}

TEST_F(Routes, SayFromWhenOnABackTestCanRun)
{
    backtest = Error{ErrorKind::refused, "too many; try since=2024-05-08T00:00:00Z"};
    const wire::Problem problem = problem_of(get("/v1/backtest"));
    EXPECT_EQ(problem.status, 400u);
    EXPECT_EQ(problem.parameter, "since");
    EXPECT_THAT(problem.detail, ::testing::HasSubstr("since=2024-05-08T00:00:00Z"));
}

} // namespace
} // namespace empathd::http

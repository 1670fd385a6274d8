// Whose turn it is: rates, Retry-After, how many at once.
#include "tests/connectors/transport/flight_fixture.hpp"

#include <ostream>
#include <vector>

namespace empathd::connectors {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
namespace script = testing::script;

class CurlTurns : public FlightTest {};

TEST_F(CurlTurns, RateHoldsRequestsBackWithoutLosingAny)
{
    policy.unmetered.clear();
    policy.requests_per_s = 40; // One each 25 ms.
    policy.burst = 2;
    server.answer("/x", "hello");
    const auto start = std::chrono::steady_clock::now();

    for (int i = 0; i < 6; ++i) {
        ASSERT_TRUE(get("/x"));
    }

    // Two at once, four more at 25 ms each.
    EXPECT_GE(std::chrono::steady_clock::now() - start, 100ms);
    EXPECT_EQ(server.hits(), 6u);
}

TEST_F(CurlTurns, EachHopOfARedirectCountsAgainstTheRate)
{
    policy.unmetered.clear();
    policy.requests_per_s = 20;
    policy.burst = 1;
    server.answer("/1", 302, {{"Location", "/2"}});
    server.answer("/2", 302, {{"Location", "/3"}});
    server.answer("/3", "");
    const auto start = std::chrono::steady_clock::now();

    ASSERT_TRUE(get("/1"));

    EXPECT_GE(std::chrono::steady_clock::now() - start, 100ms);
}

TEST_F(CurlTurns, WaitingForATurnDoesNotUseUpTheRequestsTime)
{
    policy.unmetered.clear();
    policy.requests_per_s = 2; // One each 500 ms.
    policy.burst = 1;
    server.answer("/x", "hello");

    for (int i = 0; i < 2; ++i) {
        const auto response = send(HttpRequest{.url = server.url("/x"), .timeout = 400ms});
        ASSERT_TRUE(response) << response.error().message;
    }
}

struct Wait {
    const char* name;
    int status;
    testing::HttpFields headers;
    std::uint32_t seconds; ///< 0: the host stays open.
};

class CurlRetryAfter : public CurlTurns, public ::testing::WithParamInterface<Wait> {};

TEST_P(CurlRetryAfter, ClosesTheHostForThatLongAndNoLonger)
{
    server.answer("/busy", GetParam().status, GetParam().headers);
    server.answer("/x", "open");

    const Error first = error_of_get("/busy");
    EXPECT_EQ(first.retry_after_s, GetParam().seconds);
    if (GetParam().seconds == 0) {
        EXPECT_TRUE(get("/x"));
        return;
    }
    EXPECT_EQ(first.kind, ErrorKind::rate_limited);
    const Error at_once = error_of_get("/x");
    EXPECT_EQ(at_once.kind, ErrorKind::rate_limited);
    EXPECT_EQ(at_once.retry_after_s, GetParam().seconds);

    clock.advance(std::chrono::seconds{GetParam().seconds} - 1500ms);
    EXPECT_EQ(error_of_get("/x").retry_after_s, 2u); // Rounded up.
    EXPECT_EQ(server.hits("/x"), 0u);

    clock.advance(1500ms);
    EXPECT_TRUE(get("/x"));
    EXPECT_EQ(server.hits("/x"), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, CurlRetryAfter,
    ::testing::Values(Wait{"Seconds", 429, {{"Retry-After", "42"}}, 42},
                      Wait{"Date", 429, {{"Retry-After", "Wed, 01 May 2024 12:35:56 GMT"}}, 60},
                      Wait{"Unavailable", 503, {{"Retry-After", "7"}}, 7},
                      Wait{"Absurd", 429, {{"Retry-After", "99999999999"}}, 86400},
                      Wait{"Twice", 429, {{"Retry-After", "5"}, {"Retry-After", "30"}}, 30},
                      Wait{"Dialect", 429, {{"X-RateLimit-Reset", "2024-05-01T12:40:56Z"}}, 360},
                      Wait{"Negative", 429, {{"Retry-After", "-1"}}, 0},
                      Wait{"Garbage", 429, {{"Retry-After", "1e9"}}, 0},
                      Wait{"Past", 429, {{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}}, 0},
                      Wait{"None", 429, {}, 0}, Wait{"NoneUnavailable", 503, {}, 0}),
    [](const auto& test) { return test.param.name; });

TEST_F(CurlTurns, AHostThatAskedForPeaceDoesNotCloseOthers)
{
    testing::HttpServer other;
    policy.allowed.push_back(other.authority());
    other.answer("/x", "open");
    server.answer("/busy", 429, {{"Retry-After", "60"}});

    EXPECT_EQ(error_of_get("/busy").kind, ErrorKind::rate_limited);

    EXPECT_TRUE(send(HttpRequest{.url = other.url("/x")}));
}

TEST_F(CurlTurns, ThoseWhoWaitFailWhenTheHostCloses)
{
    policy.transfers_per_host_max = 1;
    server.on("/busy", [](testing::Exchange& exchange) {
        exchange.pause(50ms);
        exchange.reply(429, {{"Retry-After", "60"}}, "");
    });
    server.answer("/x", "open");
    std::vector<Flight> flights(4);
    take_off(flights[0], "/busy");
    for (std::size_t i = 1; i < flights.size(); ++i) {
        take_off(flights[i], "/x");
    }

    ASSERT_TRUE(run_until([&] {
        return std::all_of(flights.begin(), flights.end(),
                           [](const Flight& flight) { return flight.response.has_value(); });
    }));

    for (const Flight& flight : flights) {
        EXPECT_EQ(kind_of(flight), ErrorKind::rate_limited);
    }
    EXPECT_EQ(server.hits("/x"), 0u);
}

TEST_F(CurlTurns, NoMoreTransfersAtOnceThanOneHostMayHave)
{
    policy.transfers_per_host_max = 3;
    server.on("/x", [](testing::Exchange& exchange) {
        exchange.pause(10ms);
        exchange.reply(200, {}, "hello");
    });
    std::vector<Flight> flights(20);
    for (Flight& flight : flights) {
        take_off(flight, "/x");
    }

    ASSERT_TRUE(run_until([&] {
        return std::all_of(flights.begin(), flights.end(),
                           [](const Flight& flight) { return flight.response.has_value(); });
    }));

    EXPECT_EQ(server.hits(), 20u);
    EXPECT_EQ(server.in_hand_max(), 3u);
    EXPECT_LE(server.connections(), 3u);
    for (const Flight& flight : flights) {
        EXPECT_TRUE(*flight.response);
    }
}

TEST_F(CurlTurns, NoMoreTransfersAtOnceThanAllHostsMayHave)
{
    testing::HttpServer other;
    policy.allowed.push_back(other.authority());
    policy.unmetered.push_back(other.authority());
    policy.transfers_max = 2;
    server.on("/x", script::silence());
    other.answer("/x", "hello");
    std::vector<Flight> held(2);
    Flight waiting;
    take_off(held[0], "/x");
    take_off(held[1], "/x");
    ASSERT_TRUE(run_until([&] { return server.in_hand() == 2; }));

    take_off(waiting, HttpRequest{.url = other.url("/x")});
    EXPECT_FALSE(run_until([&] { return waiting.response.has_value(); }, 50ms));
    EXPECT_EQ(other.connections(), 0u);

    held[0].cancel.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(run_until([&] { return waiting.response.has_value(); }));
    EXPECT_TRUE(waiting.response && *waiting.response);
}

TEST_F(CurlTurns, ABusyHostDoesNotHoldUpTheOthers)
{
    testing::HttpServer other;
    policy.allowed.push_back(other.authority());
    policy.transfers_per_host_max = 1;
    server.on("/x", script::silence());
    other.answer("/x", "hello");
    std::vector<Flight> held(3);
    for (Flight& flight : held) {
        take_off(flight, "/x");
    }
    Flight passing;
    take_off(passing, HttpRequest{.url = other.url("/x")});

    EXPECT_TRUE(run_until([&] { return passing.response.has_value(); }));
    EXPECT_EQ(server.hits(), 1u);
}

TEST_F(CurlTurns, TooManyWhoWaitAreSentAway)
{
    policy.transfers_per_host_max = 1;
    policy.waiting_max = 2;
    server.on("/x", script::silence());
    std::vector<Flight> flights(4);
    for (Flight& flight : flights) {
        take_off(flight, "/x");
    }

    ASSERT_TRUE(run_until([&] { return flights[3].response.has_value(); }));

    EXPECT_EQ(kind_of(flights[3]), ErrorKind::unavailable);
    EXPECT_TRUE(names(flights[3].response->error(), "more than 2 requests wait"));
    EXPECT_FALSE(flights[2].response);
}

TEST_F(CurlTurns, HostsBeyondTheLimitAreForgottenAndStillServed)
{
    policy.hosts_max = 2;
    std::vector<std::unique_ptr<testing::HttpServer>> servers;
    policy.allowed.emplace_back("127.0.0.0/8");
    for (int i = 0; i < 6; ++i) {
        servers.push_back(std::make_unique<testing::HttpServer>());
        servers.back()->answer("/x", "hello");
    }

    for (const auto& one : servers) {
        EXPECT_TRUE(send(HttpRequest{.url = one->url("/x")}));
    }
}

} // namespace
} // namespace empathd::connectors

// Ends that nobody asked the server about: cancelling, and the client's own end.
#include "tests/connectors/transport/flight_fixture.hpp"

#include <vector>

namespace empathd::connectors {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
namespace script = testing::script;

class CurlCancel : public FlightTest {};

TEST_F(CurlCancel, CancellingATransferClosesItsConnection)
{
    server.on("/x", script::silence());
    Flight flight;
    take_off(flight, "/x");
    ASSERT_TRUE(run_until([&] { return server.in_hand() == 1; }));

    flight.cancel.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(run_until([&] { return flight.response.has_value(); }));

    EXPECT_EQ(kind_of(flight), ErrorKind::cancelled);
    EXPECT_TRUE(server.wait_until_idle(2s));
    server.answer("/after", "alive");
    EXPECT_TRUE(get("/after"));
}

TEST_F(CurlCancel, CancellingInTheMiddleOfABodyEndsIt)
{
    server.on("/x", script::endless_body());
    Flight flight;
    take_off(flight, HttpRequest{.url = server.url("/x"), .body_bytes_max = std::size_t{1} << 40});
    ASSERT_TRUE(run_until([&] { return server.bytes_sent() > 20'000'000; }));

    flight.cancel.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(run_until([&] { return flight.response.has_value(); }));

    EXPECT_EQ(kind_of(flight), ErrorKind::cancelled);
    EXPECT_TRUE(server.wait_until_idle(2s));
}

TEST_F(CurlCancel, CancellingOneWhoWaitsForASlotLetsTheNextGo)
{
    policy.transfers_per_host_max = 1;
    server.on("/held", script::silence());
    server.answer("/x", "hello");
    Flight held;
    Flight waiting;
    Flight next;
    take_off(held, "/held");
    ASSERT_TRUE(run_until([&] { return server.in_hand() == 1; }));
    take_off(waiting, "/x");
    take_off(next, "/x");
    EXPECT_FALSE(run_until([&] { return waiting.response.has_value(); }, 20ms));

    waiting.cancel.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(run_until([&] { return waiting.response.has_value(); }));
    EXPECT_EQ(kind_of(waiting), ErrorKind::cancelled);
    EXPECT_FALSE(next.response);

    held.cancel.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(run_until([&] { return next.response.has_value(); }));
    EXPECT_TRUE(*next.response);
    EXPECT_EQ(server.hits("/x"), 1u);
}

TEST_F(CurlCancel, CancellingOneWhoWaitsForATokenEndsItAtOnce)
{
    policy.unmetered.clear();
    policy.requests_per_s = 0.001;
    policy.burst = 1;
    server.answer("/x", "hello");
    ASSERT_TRUE(get("/x"));
    Flight flight;
    take_off(flight, "/x");
    EXPECT_FALSE(run_until([&] { return flight.response.has_value(); }, 20ms));

    flight.cancel.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(run_until([&] { return flight.response.has_value(); }));

    EXPECT_EQ(kind_of(flight), ErrorKind::cancelled);
    EXPECT_EQ(server.hits(), 1u);
}

TEST_F(CurlCancel, SlotsAreNotLostWhenManyAreCancelledAtOnce)
{
    policy.transfers_per_host_max = 2;
    server.on("/held", script::silence());
    server.answer("/x", "hello");
    std::vector<Flight> flights(40);
    for (Flight& flight : flights) {
        take_off(flight, "/held");
    }
    ASSERT_TRUE(run_until([&] { return server.in_hand() == 2; }));

    for (Flight& flight : flights) { // Those that hold a slot give it to one cancelled next.
        flight.cancel.emit(asio::cancellation_type::terminal);
    }
    ASSERT_TRUE(run_until([&] {
        return std::all_of(flights.begin(), flights.end(),
                           [](const Flight& flight) { return flight.response.has_value(); });
    }));

    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(get("/x"));
    }
}

TEST_F(CurlCancel, DestroyingTheClientCancelsEverythingUnderWay)
{
    policy.transfers_per_host_max = 2;
    server.on("/x", script::silence());
    server.on("/body", script::endless_body());
    std::vector<Flight> flights(5);
    take_off(flights[0],
             HttpRequest{.url = server.url("/body"), .body_bytes_max = std::size_t{1} << 40});
    for (std::size_t i = 1; i < flights.size(); ++i) {
        take_off(flights[i], "/x");
    }
    ASSERT_TRUE(run_until([&] { return server.in_hand() == 2; }));

    destroy_client();

    EXPECT_TRUE(server.wait_until_idle(2s)); // Its connections are closed already.
    ASSERT_TRUE(run_until([&] {
        return std::all_of(flights.begin(), flights.end(),
                           [](const Flight& flight) { return flight.response.has_value(); });
    }));
    for (const Flight& flight : flights) {
        EXPECT_EQ(kind_of(flight), ErrorKind::cancelled);
    }
}

TEST_F(CurlCancel, DestroyingTheLoopWithRequestsUnderWayIsSafe)
{
    server.on("/x", script::silence());
    auto own_loop = std::make_unique<asio::io_context>(1);
    auto own_client = make_curl_client(own_loop->get_executor(), policy, clock);
    Result<HttpResponse> response = Error{ErrorKind::storage, "never set"};
    auto body = [](HttpClient& http, HttpRequest request,
                   Result<HttpResponse>& out) -> asio::awaitable<void> {
        out = co_await http.send(std::move(request));
    };
    asio::co_spawn(*own_loop, body(*own_client, HttpRequest{.url = server.url("/x")}, response),
                   [](std::exception_ptr) {});
    while (server.in_hand() == 0) {
        own_loop->run_one_for(5ms);
    }

    own_client.reset();
    own_loop.reset();

    EXPECT_EQ(response.error().kind, ErrorKind::storage);
}

TEST_F(CurlCancel, ManyRequestsAtOnceAllArrive)
{
    policy.transfers_per_host_max = 16;
    server.on("/x", [](testing::Exchange& exchange) {
        exchange.reply(200, {}, exchange.request().query);
    });
    std::vector<Flight> flights(400);
    for (std::size_t i = 0; i < flights.size(); ++i) {
        take_off(flights[i], "/x?" + std::to_string(i));
    }

    ASSERT_TRUE(run_until([&] {
        return std::all_of(flights.begin(), flights.end(),
                           [](const Flight& flight) { return flight.response.has_value(); });
    }));

    for (std::size_t i = 0; i < flights.size(); ++i) {
        ASSERT_TRUE(*flights[i].response);
        EXPECT_EQ((*flights[i].response)->body, std::to_string(i));
    }
    EXPECT_LE(server.connections(), 16u);
}

} // namespace
} // namespace empathd::connectors

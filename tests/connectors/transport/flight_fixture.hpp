#pragma once

#include "tests/connectors/transport/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <vector>

namespace empathd::connectors {

/// A request on its way beside others.
struct Flight {
    std::optional<Result<HttpResponse>> response;
    boost::asio::cancellation_signal cancel;
};

/// Several requests at once on one loop.
class FlightTest : public ClientTest {
protected:
    void take_off(Flight& flight, HttpRequest request)
    {
        auto body = [](HttpClient& http, HttpRequest sent,
                       Flight& own) -> boost::asio::awaitable<void> {
            own.response = co_await http.send(std::move(sent));
        };
        boost::asio::co_spawn(
            loop, body(client(), std::move(request), flight),
            boost::asio::bind_cancellation_slot(
                flight.cancel.slot(), [](std::exception_ptr e) { EXPECT_EQ(e, nullptr); }));
    }
    void take_off(Flight& flight, const std::string& path)
    {
        take_off(flight, HttpRequest{.url = server.url(path)});
    }

    /// Runs the loop until `done`; false after `limit`.
    template <class Done>
    bool run_until(Done done, std::chrono::milliseconds limit = std::chrono::seconds{5})
    {
        const auto end = std::chrono::steady_clock::now() + limit;
        loop.restart();
        while (!done()) {
            if (std::chrono::steady_clock::now() > end) {
                return false;
            }
            loop.run_one_for(std::chrono::milliseconds{5});
            if (loop.stopped()) {
                loop.restart();
            }
        }
        return true;
    }

    static ErrorKind kind_of(const Flight& flight)
    {
        EXPECT_TRUE(flight.response && !*flight.response);
        return flight.response && !*flight.response ? flight.response->error().kind
                                                    : ErrorKind::storage;
    }
};

} // namespace empathd::connectors

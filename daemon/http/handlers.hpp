#pragma once

#include "daemon/http/query.hpp"
#include "daemon/http/routes.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>

namespace empathd::http {

/// One call of one route: what its handler is given. Lives in the frame that awaits the handler.
struct Call {
    const Request& request;
    const Services& services;
    std::string id; ///< What stood for "{id}", decoded; empty when the route has none.
    Query query;
    Caller caller = Caller::with_every_scope();
};

[[nodiscard]] Response json_response(std::string body, std::uint32_t status = 200);
[[nodiscard]] Response refusal(wire::Problem problem);
[[nodiscard]] Response refusal(std::uint32_t status, std::string detail);
/// What a client may know of a failed read; the rest goes into the log.
[[nodiscard]] Response store_refusal(Call& call, const Error& error);

// One handler for each route. Each reads its parameters, asks the store once or twice, and leaves
// the writing to wire.hpp.
boost::asio::awaitable<Response> list_mentions(Call& call);
boost::asio::awaitable<Response> show_mention(Call& call);
boost::asio::awaitable<Response> list_incidents(Call& call);
boost::asio::awaitable<Response> show_incident(Call& call);
boost::asio::awaitable<Response> list_alerts(Call& call);
boost::asio::awaitable<Response> stream_alerts(Call& call);
boost::asio::awaitable<Response> list_sources(Call& call);
boost::asio::awaitable<Response> show_calibration(Call& call);
boost::asio::awaitable<Response> list_unanswered(Call& call);
boost::asio::awaitable<Response> list_journal(Call& call);
boost::asio::awaitable<Response> run_backtest(Call& call);
boost::asio::awaitable<Response> show_metrics(Call& call);
boost::asio::awaitable<Response> show_health(Call& call);
boost::asio::awaitable<Response> show_readiness(Call& call);
boost::asio::awaitable<Response> show_index(Call& call);

} // namespace empathd::http

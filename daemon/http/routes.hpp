#pragma once

#include "analysis/model/time.hpp"
#include "daemon/http/caller.hpp"
#include "daemon/http/metrics.hpp"
#include "daemon/http/wire.hpp"
#include "daemon/http/wire_foresight.hpp"
#include "daemon/store/store_gate.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::http {

/// What the API answers from. What is referred to outlives every request; the functions are called
/// on the event loop's thread and must not wait. Each of them may be empty.
struct Services {
    ReadGate& reader;
    const Clock& clock;
    std::vector<std::string> hosts;       ///< As `answered_hosts` makes them; others get 421.
    std::function<wire::Health()> health; ///< Empty: ready, no problems.
    std::function<ProcessMetrics()> process_metrics;
    std::function<HttpMetrics()> server_metrics; ///< The server sets its own.
    /// Told what went wrong inside, in one line for the log. Clients only hear that it did.
    std::function<void(const std::string& line)> report;
    std::function<wire::Sights()> sights{}; ///< Of the sources that run; may be empty.
    std::function<std::vector<wire::PlatformCalibration>()> calibration{};
    /// What is known of an incident beside its record.
    std::function<wire::IncidentStory(const Incident&)> story{};
    /// Of one brand, or of all when it is empty; the longest waiting first.
    std::function<std::vector<wire::UnansweredThread>(const std::string& brand)> unanswered{};
    /// Takes its time, elsewhere; fails with `rate_limited` while another one runs.
    std::function<boost::asio::awaitable<Result<wire::Backtest>>(wire::BacktestQuestion)>
        backtest{};
};

/// A request, free of any library.
struct Request {
    std::string method;              ///< "GET"
    std::string target;              ///< As it was sent: path and query, or absolute form.
    std::optional<std::string> host; ///< The Host header.
    std::string last_event_id;       ///< The Last-Event-ID header; empty when there is none.
    std::string body;                ///< As it came.

    // Headers; empty when there is none.
    std::string content_type;
    std::string authorization;
    std::string idempotency_key;
    std::string if_none_match;
    std::string accept_encoding;
    std::string origin;
    std::string fetch_site; ///< Sec-Fetch-Site.
};

struct Response {
    std::uint32_t status = 200;
    std::string content_type;
    std::string body; ///< Also for HEAD: the server leaves it out but says its length.
    /// Beside Content-Type, Content-Length and Connection; the same on all answers (Date, security)
    /// and the answer's own (Allow, Retry-After).
    std::vector<std::pair<std::string, std::string>> headers;
    /// Set: the head is followed by a stream of the alerts with seq above this, as events.
    std::optional<std::int64_t> stream_after;
    /// Set: this went wrong. Status, body and type come from it (`finish`).
    std::optional<wire::Problem> problem;
};

/// What there is to ask for, as the index and the README show it.
struct Endpoint {
    std::string_view method;
    std::string_view path; ///< "{id}" stands for one segment.
    std::span<const wire::Parameter> parameters;
    std::string_view summary;
    Scope scope = Scope::read;
};
[[nodiscard]] std::vector<Endpoint> endpoints();

/// The whole API: one request, one response, no socket. Never fails: what goes wrong is a problem
/// document (RFC 9457). `services` outlives the awaiting frame.
boost::asio::awaitable<Response> handle(Request request, const Services& services);

/// A problem document with the headers of every answer: for what the server refuses itself, before
/// there is a request. `target` may be empty.
[[nodiscard]] Response problem_response(wire::Problem problem, std::string_view target,
                                        const Clock& clock);

/// The reason phrase of the statuses the API uses (RFC 9110 section 15).
[[nodiscard]] std::string_view status_phrase(std::uint32_t status) noexcept;

} // namespace empathd::http

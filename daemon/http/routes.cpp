#include "daemon/http/routes.hpp"

#include "daemon/http/handlers.hpp"
#include "daemon/http/host.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace empathd::http {
namespace {

namespace asio = boost::asio;

using Handler = asio::awaitable<Response> (*)(Call&);

struct Route {
    Endpoint endpoint;
    Handler handler;
};

/// The API. HEAD goes wherever GET goes.
constexpr std::array routes{
    Route{{"GET", "/v1/mentions", wire::mention_parameters, "Mentions, newest first."},
          list_mentions},
    Route{{"GET", "/v1/mentions/{id}", {}, "One mention: why, and how its counts grew."},
          show_mention},
    Route{{"GET", "/v1/incidents", wire::incident_parameters, "Incidents, highest score first."},
          list_incidents},
    Route{{"GET", "/v1/incidents/{id}", wire::page_parameters, "One incident and its mentions."},
          show_incident},
    Route{{"GET", "/v1/alerts", wire::alert_parameters, "Alerts, newest first."}, list_alerts},
    Route{{"GET", "/v1/alerts/stream", wire::stream_parameters, "Alerts as they come (SSE)."},
          stream_alerts},
    Route{{"GET", "/v1/sources", {}, "Sources: health, coverage, where their posts went."},
          list_sources},
    Route{{"GET", "/v1/spread/calibration", {}, "How good the forecasts have been, by network."},
          show_calibration},
    Route{{"GET", "/v1/unanswered", wire::unanswered_parameters,
           "Who asked and waits for an answer, longest first."},
          list_unanswered},
    Route{{"GET", "/v1/journal", wire::journal_parameters,
           "What people and rules did, oldest first."},
          list_journal},
    Route{{"GET", "/v1/backtest", wire::backtest_parameters,
           "What would have been told, from the stored history."},
          run_backtest},
    Route{{"GET", "/metrics", {}, "Metrics for Prometheus."}, show_metrics},
    Route{{"GET",
           "/healthz",
           {},
           "What is wrong, if anything; 503 when it must be mended.",
           Scope::none},
          show_health},
    Route{{"GET", "/readyz", {}, "503 until questions can be answered.", Scope::none},
          show_readiness},
    Route{{"GET", "/", {}, "This list.", Scope::none}, show_index},
};

/// What "{id}" stands for when the path fits the pattern (empty for patterns without), else
/// nothing. The literal route wins: it is asked first, see `find_route`.
std::optional<std::string_view> match(std::string_view pattern, std::string_view path)
{
    const std::size_t hole = pattern.find("{id}");
    if (hole == std::string_view::npos) {
        return path == pattern ? std::optional{std::string_view{}} : std::nullopt;
    }
    if (!path.starts_with(pattern.substr(0, hole))) {
        return std::nullopt;
    }
    const std::string_view behind = pattern.substr(hole + std::string_view("{id}").size());
    std::string_view id = path.substr(hole);
    if (!id.ends_with(behind)) {
        return std::nullopt;
    }
    id.remove_suffix(behind.size());
    const bool one_segment = !id.empty() && id.find('/') == std::string_view::npos;
    return one_segment ? std::optional{id} : std::nullopt;
}

struct Target {
    std::string_view path;
    std::string_view query;
    std::optional<std::string_view> authority; ///< Of the absolute form.
};

/// Origin form and absolute form. Source: RFC 9112 section 3.2.
Target split_target(std::string_view target)
{
    Target parts;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.starts_with(scheme)) {
            target.remove_prefix(scheme.size());
            const std::size_t end = target.find_first_of("/?");
            parts.authority = target.substr(0, end);
            target.remove_prefix(std::min(end, target.size()));
            break;
        }
    }
    const std::size_t mark = target.find('?');
    parts.path = target.substr(0, mark);
    if (mark != std::string_view::npos) {
        parts.query = target.substr(mark + 1);
    }
    if (parts.authority && parts.path.empty()) {
        parts.path = "/";
    }
    return parts;
}

/// The path as a URI reference: what a strange client left unencoded is encoded.
std::string as_reference(std::string_view path)
{
    std::string out;
    for (const char c : path.substr(0, 256)) {
        if (c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\') {
            out += c;
        } else {
            std::array<char, 4> spelled{};
            std::snprintf(spelled.data(), spelled.size(), "%%%02X", static_cast<unsigned char>(c));
            out += spelled.data();
        }
    }
    return out;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT". Source: RFC 9110 section 5.6.7 (IMF-fixdate).
std::string http_date(TimePoint time)
{
    using namespace std::chrono;
    constexpr std::array days_of_week{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months_of_year{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto midnight = floor<days>(time);
    const year_month_day date{midnight};
    const hh_mm_ss clock{floor<seconds>(time - midnight)};
    std::array<char, 64> out{};
    const int size = std::snprintf(
        out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        days_of_week[weekday{midnight}.c_encoding()], static_cast<unsigned>(date.day()),
        months_of_year[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()));
    return std::string(out.data(), static_cast<std::size_t>(size));
}

/// On every answer. No CORS header is among them: pages of other origins get nothing.
void put_common_headers(Response& response, const Clock& clock)
{
    auto& headers = response.headers;
    headers.emplace_back("Date", http_date(clock.now()));
    headers.emplace_back("Cache-Control", "no-store");
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

wire::Problem problem(std::uint32_t status, std::string detail)
{
    wire::Problem out;
    out.status = status;
    out.detail = std::move(detail);
    return out;
}

/// Why the request's host is not served, if so.
std::optional<wire::Problem> host_problem(const Request& request, const Target& target,
                                          const Services& services)
{
    if (!request.host && !target.authority) {
        return problem(400, "The request has no Host header.");
    }
    // The absolute form goes before the header: RFC 9112 section 3.2.2.
    const std::string host = host_of(target.authority ? *target.authority : *request.host);
    const auto& hosts = services.hosts;
    if (host.empty() || std::find(hosts.begin(), hosts.end(), host) == hosts.end()) {
        return problem(421, "This host is not served here; add it to http.hosts to have it.");
    }
    return std::nullopt;
}

struct Found {
    const Route* route = nullptr;
    std::string_view id;
    std::string allow; ///< Methods of this path; empty when there is no such path.
};

Found find_route(std::string_view method, std::string_view path)
{
    Found found;
    const auto look = [&](bool literal) {
        for (const Route& route : routes) {
            const std::string_view pattern = route.endpoint.path;
            const bool is_literal = pattern.find('{') == std::string_view::npos;
            const auto id = is_literal == literal ? match(pattern, path) : std::nullopt;
            if (!id) {
                continue;
            }
            const bool is_get = route.endpoint.method == "GET";
            found.allow += found.allow.empty() ? "" : ", ";
            found.allow += std::string(route.endpoint.method) + (is_get ? ", HEAD" : "");
            if (route.endpoint.method == method || (is_get && method == "HEAD")) {
                found.route = &route;
                found.id = *id;
            }
        }
    };
    look(true);
    if (found.allow.empty()) {
        look(false);
    }
    return found;
}

Response refused(wire::Problem wrong)
{
    return {.problem = std::move(wrong)};
}

/// Turns a problem into the document that says it, and puts the headers of every answer on.
void finish(Response& response, std::string_view path, const Clock& clock)
{
    if (response.problem) {
        wire::Problem& wrong = *response.problem;
        if (wrong.title.empty()) { // As RFC 9457 section 4.2.1 has it for about:blank.
            wrong.title = status_phrase(wrong.status);
        }
        wrong.instance = as_reference(path);
        response.status = wrong.status;
        response.content_type = "application/problem+json";
        response.body = wire::problem_json(wrong);
        if (wrong.status == 503) {
            response.headers.emplace_back("Retry-After", "1");
        }
    }
    put_common_headers(response, clock);
}

/// The answer, not finished.
asio::awaitable<Response> answer(const Request& request, const Target& target,
                                 const Services& services)
{
    if (auto wrong = host_problem(request, target, services)) {
        co_return refused(std::move(*wrong));
    }
    const Found found = find_route(request.method, target.path);
    if (found.allow.empty()) {
        co_return refused(problem(404, "No such path; GET / lists those there are."));
    }
    if (found.route == nullptr) {
        Response response = refused(problem(405, "This path answers " + found.allow + "."));
        response.headers.emplace_back("Allow", found.allow);
        co_return response;
    }
    const auto id = percent_decoded(found.id, false);
    if (!id) {
        co_return refused(problem(400, "The path is not percent-encoded UTF-8."));
    }
    Query query(target.query, found.route->endpoint.parameters, services.clock.now());
    Call call{request, services, *id, std::move(query)};
    if (call.query.problem()) {
        co_return refused(*call.query.problem());
    }
    co_return co_await found.route->handler(call);
}

} // namespace

std::vector<Endpoint> endpoints()
{
    std::vector<Endpoint> list;
    list.reserve(routes.size());
    for (const Route& route : routes) {
        list.push_back(route.endpoint);
    }
    return list;
}

asio::awaitable<Response> handle(Request request, const Services& services)
{
    const Target target = split_target(request.target);
    Response response = co_await answer(request, target, services);
    finish(response, target.path, services.clock);
    co_return response;
}

Response problem_response(wire::Problem problem, std::string_view target, const Clock& clock)
{
    Response response{.problem = std::move(problem)};
    finish(response, split_target(target).path, clock);
    return response;
}

std::string_view status_phrase(std::uint32_t status) noexcept
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Unknown";
    }
}

} // namespace empathd::http

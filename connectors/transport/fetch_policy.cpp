#include "connectors/transport/fetch_policy.hpp"

#include "connectors/transport/url_parts.hpp"

#include <algorithm>
#include <array>

namespace empathd::connectors {
namespace {

Error refused(std::string message)
{
    return Error{ErrorKind::refused, std::move(message)};
}

char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

template <std::size_t N>
bool one_of(std::string_view name, const std::array<std::string_view, N>& names) noexcept
{
    return std::any_of(names.begin(), names.end(),
                       [name](std::string_view other) { return same_name(name, other); });
}

// Decided by the client or by HTTP itself: from a caller they would change what the limits mean, or
// where one request ends and the next begins.
constexpr std::array<std::string_view, 13> own_headers{
    "host",    "content-length",   "transfer-encoding", "connection",          "keep-alive",
    "te",      "proxy-connection", "upgrade",           "proxy-authorization", "expect",
    "trailer", "accept-encoding",  "user-agent"};
constexpr std::array<std::string_view, 4> methods{"GET", "POST", "PUT", "DELETE"};
constexpr std::array<std::string_view, 3> always_secret{"authorization", "cookie", "cookie2"};
constexpr std::array<std::string_view, 5> of_the_body{
    "content-type", "content-encoding", "content-language", "content-location", "digest"};

/// Source: RFC 9110 section 5.6.2 (token).
bool is_token(std::string_view name) noexcept
{
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [marks](char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool has_control(std::string_view text, bool tab_allowed) noexcept
{
    return std::any_of(text.begin(), text.end(), [tab_allowed](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && !(c == '\t' && tab_allowed)) || byte == 0x7F;
    });
}

/// One entry of FetchPolicy::allowed or ::unmetered against a target.
bool names(std::string_view entry, const Target& target)
{
    if (same_name(entry, target.authority())) {
        return true;
    }
    if (entry.size() > 2 && entry.front() == '[' && entry.back() == ']') {
        entry = entry.substr(1, entry.size() - 2);
    }
    return same_name(entry, target.host);
}

/// Common to what a caller asked for and where an answer sent us.
Result<Target> checked(Result<Target> target, const FetchPolicy& policy)
{
    if (target && target->url.size() > policy.url_bytes_max) {
        return refused(target->host + ": URL longer than " + std::to_string(policy.url_bytes_max) +
                       " bytes");
    }
    return target;
}

} // namespace

std::string Target::authority() const
{
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Target> check_url(const std::string& url, const FetchPolicy& policy)
{
    if (url.size() > policy.url_bytes_max) {
        return refused("URL longer than " + std::to_string(policy.url_bytes_max) + " bytes");
    }
    return checked(parse_target(url), policy);
}

Result<Target> check_location(const Target& from, const std::string& location,
                              const FetchPolicy& policy)
{
    if (location.size() > policy.url_bytes_max) {
        return refused(from.host + ": redirect to a URL longer than " +
                       std::to_string(policy.url_bytes_max) + " bytes");
    }
    const Result<Target> target = checked(parse_target(from, location), policy);
    if (!target) {
        return refused("redirect of " + from.host + ": " + target.error().message);
    }
    return target;
}

Result<> check_request(const HttpRequest& request)
{
    if (std::find(methods.begin(), methods.end(), request.method) == methods.end()) {
        return refused("HTTP method is none of GET, POST, PUT, DELETE");
    }
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name)) {
            return refused("a header's name is no token");
        }
        if (one_of(name, own_headers)) {
            return refused("header " + name + " is decided by the client");
        }
        if (has_control(value, true)) {
            return refused("header " + name + " holds a control character");
        }
    }
    return {};
}

bool names_host(const std::vector<std::string>& entries, const Target& target)
{
    return std::any_of(entries.begin(), entries.end(),
                       [&target](const std::string& entry) { return names(entry, target); });
}

bool may_connect(const Target& target, const Address& address, const FetchPolicy& policy)
{
    if (is_public(address) || names_host(policy.allowed, target)) {
        return true;
    }
    return std::any_of(policy.allowed.begin(), policy.allowed.end(),
                       [&address](const std::string& entry) {
                           const auto block = parse_block(entry);
                           return block && block->contains(address);
                       });
}

bool is_redirect(int status) noexcept
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<HttpRequest> redirected(HttpRequest request, int status, const Target& from,
                               const Target& to)
{
    if (from.scheme == "https" && to.scheme == "http") {
        return refused("redirect of " + from.host + " from https to http");
    }
    const bool becomes_get = (status == 303 && request.method != "GET") ||
                             ((status == 301 || status == 302) && request.method == "POST");
    if (becomes_get) {
        request.method = "GET";
        request.body.clear();
        std::erase_if(request.headers,
                      [](const auto& header) { return one_of(header.first, of_the_body); });
    }
    if (from.scheme != to.scheme || from.authority() != to.authority()) {
        if (!request.body.empty()) { // It may hold a token as well as any header.
            return refused("redirect of " + from.host + " would take the body to " + to.host);
        }
        const auto is_secret = [&secret = request.secret_headers](const auto& header) {
            return one_of(header.first, always_secret) ||
                   std::any_of(secret.begin(), secret.end(), [&header](const std::string& name) {
                       return same_name(name, header.first);
                   });
        };
        std::erase_if(request.headers, is_secret);
    }
    request.url = to.url;
    return request;
}

std::optional<Error> error_of(int status, const HttpRequest& request, std::string_view host,
                              std::optional<std::uint32_t> wait_s)
{
    const auto conditional = [&request] {
        return std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
            return same_name(header.first, "if-none-match") ||
                   same_name(header.first, "if-modified-since");
        });
    };
    if ((status >= 200 && status <= 299) || (status == 304 && conditional())) {
        return std::nullopt;
    }
    Error error{ErrorKind::malformed, std::string(host) + ": HTTP " + std::to_string(status)};
    if (status == 401 || status == 403) {
        error.kind = ErrorKind::unauthorized;
    } else if (status == 404 || status == 410) {
        error.kind = ErrorKind::not_found;
    } else if (status == 429 || (status == 503 && wait_s)) {
        error.kind = ErrorKind::rate_limited;
        error.retry_after_s = wait_s.value_or(0);
    } else if (status == 408 || status == 425 || (status >= 500 && status <= 599)) {
        error.kind = ErrorKind::unavailable;
    }
    return error;
}

} // namespace empathd::connectors

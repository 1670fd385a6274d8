#pragma once

#include "analysis/model/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::connectors {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "GET"; ///< GET, POST, PUT or DELETE.
    std::string url;            ///< http or https, absolute.
    HttpHeaders headers;
    std::string body; ///< Sent when not empty.
    /// From the first hop's start to the last byte, redirects included. Waiting for the host's turn
    /// (its rate, its Retry-After, other transfers) is not counted.
    std::chrono::milliseconds timeout{60'000};
    std::size_t body_bytes_max = 16 * 1024 * 1024; ///< Of the answer, counted after decompression.
    /// Names of headers that hold a secret, beside Authorization and Cookie, which always do: a
    /// redirect to another scheme, host or port leaves them behind.
    std::vector<std::string> secret_headers = {};
    /// False: a redirect is the answer, and so an error, `malformed`. For what must arrive as it
    /// was sent: most redirects make a POST a GET.
    bool follows_redirects = true;
};

struct HttpResponse {
    int status = 0;      ///< 200..299, or 304 when the request was conditional.
    HttpHeaders headers; ///< Names in lower case, in the order they came.
    std::string body;    ///< Decompressed.
    std::string url;     ///< Where it came from after redirects.
};

/// The first value of a header, by lower-case name; empty when absent.
[[nodiscard]] std::string_view header(const HttpResponse& response, std::string_view name) noexcept;

/// The one door to the network for connectors and sinks. Production is libcurl under the fetch
/// policy (curl_client.hpp); tests hand in a table of prepared answers.
class HttpClient {
public:
    virtual ~HttpClient() = default;

    /// Sends one request. Statuses other than HttpResponse::status's are errors:
    /// 401, 403 `unauthorized`; 404, 410 `not_found`; 429 and 503 with a wait `rate_limited` with
    /// `retry_after_s`; 408, 425, other 5xx, timeouts, refused connections and broken transfers
    /// `unavailable`; what the fetch policy forbids `refused`; other statuses `malformed`. The
    /// message names the host, the status or the limit that was met, never a query string or a
    /// header value.
    virtual boost::asio::awaitable<Result<HttpResponse>> send(HttpRequest request) = 0;
};

} // namespace empathd::connectors

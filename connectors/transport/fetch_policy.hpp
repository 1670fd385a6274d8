#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"
#include "connectors/transport/address.hpp"
#include "connectors/transport/http_client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::connectors {

/// Every limit of the way out. The defaults are meant for production; tests shorten them.
struct FetchPolicy {
    /// Sent with every request, the only one. An operator adds a way to reach them:
    /// "Empathd/0.1 (+https://acme.example/contact)".
    std::string user_agent = "Empathd/0.1";

    /// Where addresses that are not public may be reached: "host" (any port), "host:port",
    /// "[::1]:8080", or a block as "10.0.0.0/8". A host is compared by its name in the URL,
    /// whatever it resolves to; a block is compared with what a name resolves to.
    std::vector<std::string> allowed;
    std::string ca_file; ///< Certificates trusted instead of the system's; empty for the system's.

    int redirects_max = 5;
    std::size_t url_bytes_max = 8 * 1024;
    std::size_t header_bytes_max = 64 * 1024; ///< Of one answer, trailers included.
    /// Most bytes of body for one byte on the wire, looked at beyond `inflated_bytes_free`.
    std::size_t compression_ratio_max = 100;
    std::size_t inflated_bytes_free = 1024 * 1024;

    std::chrono::milliseconds connect_max{10'000};    ///< Name, connection and TLS.
    std::chrono::milliseconds first_byte_max{15'000}; ///< From connected to the end of the headers.
    std::size_t low_speed_bytes_per_s = 100;          ///< A body slower than this over each
    std::chrono::milliseconds low_speed_window{15'000}; ///< window is given up.

    double requests_per_s = 2;              ///< To one host (name and port), on average; above 0.
    double burst = 4;                       ///< Requests a rested host takes at once; at least 1.
    std::vector<std::string> unmetered;     ///< "host" or "host:port" with no such rate.
    std::size_t transfers_per_host_max = 4; ///< At the same time; others wait their turn.
    std::size_t transfers_max = 64;
    std::size_t waiting_max = 4096; ///< Requests that wait for their turn, in all.
    std::size_t hosts_max = 4096;   ///< Hosts whose rate is remembered.

    std::chrono::seconds retry_after_max{24 * 3600}; ///< A host that asks for more gets this.

    std::size_t connections_max = 64;                  ///< Kept open for reuse.
    std::chrono::seconds connection_lifetime_max{300}; ///< Then the name is resolved again.
};

/// A URL that may be asked, taken apart by the parser that the transfer itself uses.
struct Target {
    std::string url;    ///< Normal form, without fragment.
    std::string scheme; ///< "http" or "https".
    std::string host;   ///< Lower case, ASCII; IPv6 without brackets; IPv4 in its usual form.
    std::uint16_t port = 0;

    /// "host:port", "[v6]:port": what rates, connections and credentials belong to.
    [[nodiscard]] std::string authority() const;
};

/// Refuses (`refused`) what is no absolute http or https URL, has no host or one that is not ASCII
/// (punycode is), carries userinfo, holds control characters or is too long. Numbers in any base
/// become a usual IPv4 address here.
[[nodiscard]] Result<Target> check_url(const std::string& url, const FetchPolicy& policy);

/// The same for a Location as it stands, relative to where it came from.
[[nodiscard]] Result<Target> check_location(const Target& from, const std::string& location,
                                            const FetchPolicy& policy);

/// Method, header names (RFC 9110 section 5.6.2) and values (no CR, LF, NUL or other control
/// character), and that no header is one that the client itself decides: Host, Content-Length,
/// Transfer-Encoding, Connection, Accept-Encoding, User-Agent, ... Fails with `refused`.
[[nodiscard]] Result<> check_request(const HttpRequest& request);

/// Whether the host stands in `names` ("host" or "host:port").
[[nodiscard]] bool names_host(const std::vector<std::string>& names, const Target& target);

/// Whether a connection to `address` may be opened for `target`: public, or allowed.
[[nodiscard]] bool may_connect(const Target& target, const Address& address,
                               const FetchPolicy& policy);

[[nodiscard]] bool is_redirect(int status) noexcept;

/// The request that follows a redirect from `from` to `to`, or why there is none (`refused`):
/// https never becomes http; on another scheme, host or port the credentials stay behind, and a
/// body is not taken along at all. 303 asks with GET; 301 and 302 make POST a GET, as browsers do;
/// 307 and 308 change nothing. Source: RFC 9110 section 15.4.
[[nodiscard]] Result<HttpRequest> redirected(HttpRequest request, int status, const Target& from,
                                             const Target& to);

/// Seconds to wait that one Retry-After asks for: a number (fractions rounded up) or an HTTP-date,
/// at most `retry_after_max`, 0 for the past. Nothing for the negative and the unreadable.
/// Source: RFC 9110 section 10.2.3.
[[nodiscard]] std::optional<std::uint32_t> retry_after_s(std::string_view value, TimePoint now,
                                                         const FetchPolicy& policy);

/// Seconds to wait that an answer of 429 or 503 asks for: the longest readable Retry-After; without
/// one, for 429, when its rate window ends, in the dialects of Mastodon, Bluesky, X, Discord,
/// Reddit and others (x-ratelimit-reset, x-rate-limit-reset, ratelimit-reset,
/// x-ratelimit-reset-after: a date, seconds since 1970, or seconds to go). Nothing when it names no
/// time.
[[nodiscard]] std::optional<std::uint32_t> asked_wait_s(int status, const HttpHeaders& headers,
                                                        TimePoint now, const FetchPolicy& policy);

/// What a final status means for the caller, after http_client.hpp; nothing for a success.
/// `wait_s` is what `asked_wait_s` gave.
[[nodiscard]] std::optional<Error> error_of(int status, const HttpRequest& request,
                                            std::string_view host,
                                            std::optional<std::uint32_t> wait_s);

/// A URL for logs: scheme, host, port and path, without userinfo, query and fragment; parts of the
/// path that look like a key (20 characters or more with a digit in them) as "...". What is no URL
/// gives "(not a URL)".
[[nodiscard]] std::string url_for_log(const std::string& url);

} // namespace empathd::connectors

#pragma once

#include "connectors/transport/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

namespace empathd {

/// `message` without what is secret in an address: the user part, path and query of `url` give way
/// to "...".
[[nodiscard]] std::string without_address(std::string message, const std::string& url);

/// What a receiver's answer means for the row, the same for every sink over HTTP:
///
///     2xx                                          done; the receipt is the status
///     408, 425, 5xx, no connection, timeout        `unavailable`, tried again
///     429, 503 with a wait                         `rate_limited`, tried again no sooner
///     401, 403                                     `unauthorized`: the sink's, tried again
///     other statuses, redirects among them         `malformed`, `not_found`: the row's own fault
///
/// `who` ("webhook ops") begins the message; the address stays out of it.
[[nodiscard]] Result<std::string> receipt_of(const Result<connectors::HttpResponse>& answer,
                                             const std::string& who, const std::string& url);

/// A POST of one alert as JSON, with its key as Idempotency-Key. Redirects are not followed: most
/// would turn it into a GET, whose success means nothing.
[[nodiscard]] connectors::HttpRequest alert_request(std::string url, const std::string& key,
                                                    std::string body, std::chrono::seconds timeout);

/// Sends it and judges the answer. `http` must outlive the call.
[[nodiscard]] boost::asio::awaitable<Result<std::string>>
send_alert(connectors::HttpClient& http, connectors::HttpRequest request, std::string who);

} // namespace empathd

#pragma once

#include "config/config.hpp"
#include "connectors/transport/http_client.hpp"
#include "daemon/notify/sink.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace empathd {

/// Alerts as POST requests, as daemon/notify/README.md documents them, called "webhook:NAME". Done
/// when the receiver answered 2xx; one request at a time. Errors name the webhook and the host,
/// never the rest of the address nor the secret. `http` must outlive the sink.
[[nodiscard]] std::unique_ptr<Sink> make_webhook_sink(const config::WebhookConfig& config,
                                                      connectors::HttpClient& http);

/// "sha256=" and the HMAC-SHA-256 (RFC 2104) of `body` in lower-case hexadecimal.
[[nodiscard]] std::string webhook_signature(std::string_view secret, std::string_view body);

} // namespace empathd

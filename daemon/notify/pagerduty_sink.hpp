#pragma once

#include "config/config.hpp"
#include "connectors/transport/http_client.hpp"
#include "daemon/notify/sink.hpp"

#include <memory>
#include <string>

namespace empathd {

/// Alerts as events of PagerDuty's Events API v2 (and of those who take the same); called
/// "pagerduty:NAME". The routing key is read from its file at every delivery and goes nowhere but
/// into the body. An alert older than what was told of its story before is taken for delivered.
/// `http` must outlive the sink.
[[nodiscard]] std::unique_ptr<Sink> make_pagerduty_sink(const config::PagerDutyConfig& config,
                                                        const config::TemplatesConfig& told,
                                                        connectors::HttpClient& http);

/// One event: "trigger", "acknowledge" or "resolve" after the story's state, under the dedup_key
/// "INCIDENT.EPISODE", so that all alerts about one outbreak make one incident there. Severities
/// are the same four words. The summary is cut at 1,024 characters' worth of bytes.
/// Source: PagerDuty, "Send an alert event", Events API v2.
[[nodiscard]] std::string pagerduty_body(const Alert& alert, const std::string& public_url,
                                         const std::string& routing_key);

} // namespace empathd

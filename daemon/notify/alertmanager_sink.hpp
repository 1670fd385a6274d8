#pragma once

#include "config/config.hpp"
#include "connectors/transport/http_client.hpp"
#include "daemon/notify/sink.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace empathd {

/// Alerts as alerts of Prometheus' Alertmanager, which routes, groups and silences them; called
/// "alertmanager:NAME". An alert older than what was told of its story before is taken for
/// delivered. `http` must outlive the sink.
[[nodiscard]] std::unique_ptr<Sink> make_alertmanager_sink(const config::AlertmanagerConfig& config,
                                                           const config::TemplatesConfig& told,
                                                           connectors::HttpClient& http);

/// The body of POST /api/v2/alerts. Labels say which alert it is: alertname "EmpathdIncident",
/// brand, incident, severity; all that changes while a story goes on is an annotation, the reason
/// and the network too. A story fires under one severity: the body holds it under each of the
/// four, the others as ended, so that what grew worse does not stay twice.
///
/// startsAt is the story's first post. endsAt is the time of the alert where the story is over,
/// otherwise `resolve_timeout` later: without it Alertmanager would end the alert after its own
/// resolve_timeout of a few minutes, as we do not repeat ourselves.
/// Source: Alertmanager 0.25, api/v2/openapi.yaml, postAlerts.
[[nodiscard]] std::string alertmanager_body(const Alert& alert, const std::string& public_url,
                                            std::chrono::hours resolve_timeout);

} // namespace empathd

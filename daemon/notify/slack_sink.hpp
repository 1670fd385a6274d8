#pragma once

#include "config/config.hpp"
#include "connectors/transport/http_client.hpp"
#include "daemon/notify/message.hpp"
#include "daemon/notify/sink.hpp"

#include <memory>
#include <string>

namespace empathd {

/// Alerts as messages in a room, by the incoming webhook of Slack, Mattermost or Rocket.Chat;
/// called "slack:NAME". The address is read from its file at every delivery, and no message of
/// ours names more of it than the host. `http` must outlive the sink.
/// Source: Slack, "Sending messages using incoming webhooks"; Mattermost, "Incoming webhooks".
[[nodiscard]] std::unique_ptr<Sink> make_slack_sink(const config::SlackConfig& config,
                                                    const config::TemplatesConfig& told,
                                                    std::shared_ptr<const Templates> templates,
                                                    connectors::HttpClient& http);

/// The body: {"text", "channel" when not empty}, and that nothing in the text becomes a link, a
/// mention or a preview by itself. The text is cut at 12,000 bytes.
[[nodiscard]] std::string slack_body(std::string text, const std::string& channel);

} // namespace empathd

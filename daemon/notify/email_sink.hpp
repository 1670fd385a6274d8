#pragma once

#include "config/config.hpp"
#include "connectors/transport/mail_client.hpp"
#include "daemon/notify/message.hpp"
#include "daemon/notify/sink.hpp"

#include <functional>
#include <memory>
#include <string>

namespace empathd {

/// One line for the log, of what went wrong without keeping the alert from being delivered.
using Report = std::function<void(const std::string& line)>;

/// Alerts as mail; called "email:NAME". Done when the server took the message for every recipient
/// that it did not refuse for good (5xx); those are reported and kept in the receipt. A recipient
/// refused for now (4xx) makes the row wait and gets it later on its own, the others not again
/// unless the daemon was restarted between. The password is read from its file at every delivery.
/// `client` must outlive the sink.
[[nodiscard]] std::unique_ptr<Sink> make_email_sink(const config::EmailConfig& config,
                                                    const config::TemplatesConfig& told,
                                                    std::shared_ptr<const Templates> templates,
                                                    connectors::MailClient& client, Report report);

} // namespace empathd

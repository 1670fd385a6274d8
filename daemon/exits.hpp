#pragma once

#include "config/config.hpp"
#include "connectors/transport/http_client.hpp"
#include "connectors/transport/mail_client.hpp"
#include "daemon/notify/email_sink.hpp"
#include "daemon/notify/message.hpp"
#include "daemon/notify/sink.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace empathd {

/// The names of all configured ways out, as the store's outbox knows them: "redis",
/// "webhook:NAME", "slack:NAME", "email:NAME", "alertmanager:NAME", "pagerduty:NAME".
[[nodiscard]] std::vector<std::string> sink_names(const config::Config& config);

/// A way out, and how often it looks after what it has delivered.
struct MadeSink {
    std::unique_ptr<Sink> sink;
    std::chrono::seconds confirm_every{60};
};

/// What sinks stand on; all of it outlives them.
struct SinkServices {
    connectors::HttpClient& http;
    connectors::MailClient* mail; ///< Null only where there is no [[email]].
    std::shared_ptr<const Templates> templates;
    Report report;
};

/// The ways out themselves, in the order of `sink_names` and under these names.
[[nodiscard]] std::vector<MadeSink> make_sinks(const config::Config& config,
                                               const SinkServices& services);

/// Addresses over HTTP that the operator named as receivers; one that a file holds is read from
/// there, and left out while that is not to be had.
[[nodiscard]] std::vector<std::string> receiver_urls(const config::Config& config);

} // namespace empathd

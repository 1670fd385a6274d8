#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// The ways out for alerts that speak to people and their tools. Names are unique within each kind.
namespace empathd::config {

struct WebhookConfig {
    std::string name;
    std::string url;
    std::string secret_file; ///< Signs the body (HMAC-SHA-256); empty: unsigned.
    std::chrono::seconds timeout{10};
};

/// An incoming webhook as Slack, Mattermost and Rocket.Chat have them. Its address is its secret.
struct SlackConfig {
    std::string name;
    std::string url;      ///< Either this
    std::string url_file; ///< or a file that holds it.
    std::string channel;  ///< Instead of the webhook's own; empty: its own.
    std::chrono::seconds timeout{10};
};

/// Encryption of a connection that begins in the clear (smtp://).
enum class Starttls : std::uint8_t {
    required,      ///< Without it nothing is sent.
    opportunistic, ///< When the server offers it.
    never,
};

struct EmailConfig {
    std::string name;
    std::string server; ///< "smtp://host:port" or "smtps://host:port"; the port may be left out.
    std::string from;   ///< One address, ASCII, as all here.
    std::vector<std::string> to; ///< 1 to 50.
    std::string user; ///< Empty: no log-in. Never together with a connection in the clear.
    std::string password_file;
    Starttls starttls = Starttls::required;
    std::string ca_file; ///< Certificates trusted instead of the system's.
    std::chrono::seconds timeout{60};
};

struct AlertmanagerConfig {
    std::string name;
    std::string url;                        ///< Without "/api/v2/alerts".
    std::chrono::hours resolve_timeout{72}; ///< After its last alert a story counts as over there.
    std::chrono::seconds timeout{10};
};

struct PagerDutyConfig {
    std::string name;
    std::string routing_key_file;
    std::string url = "https://events.pagerduty.com/v2/enqueue";
    std::chrono::seconds timeout{10};
};

/// What people read of an alert.
struct TemplatesConfig {
    std::string folder;     ///< Of files that replace built-in ones of the same name; empty: none.
    std::string public_url; ///< Where people reach the API; empty: no links to it.
};

} // namespace empathd::config

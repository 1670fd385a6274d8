#include "config/load_exits.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace empathd::config {
namespace {

constexpr std::size_t recipients_max = 50;

/// Every [[kind]] in turn, with its name read and found to be the only one.
template <class Exit, class Read>
void read_each(Section& root, std::string_view kind, std::vector<Exit>& exits, const Read& read)
{
    std::set<std::string> names;
    for (Section& section : root.tables(kind, kind)) {
        Exit exit;
        exit.name = section.text_required("name");
        read(section, exit);
        if (!names.insert(exit.name).second) {
            section.problem("name", "another " + std::string(kind) + " has this name");
        }
        section.finish();
        exits.push_back(std::move(exit));
    }
}

std::chrono::seconds timeout_of(Section& section, std::int64_t otherwise)
{
    return std::chrono::seconds{section.integer("timeout_s", otherwise, 1, 120)};
}

std::string url_required(Section& section)
{
    std::string url = section.base_url("url", "");
    if (url.empty() && section.good()) {
        section.problem("url", "url is missing");
    }
    return url;
}

void read_webhook(Section& section, WebhookConfig& webhook)
{
    webhook.url = url_required(section);
    webhook.secret_file = section.text("secret_file", "");
    webhook.timeout = timeout_of(section, 10);
}

void read_slack(Section& section, SlackConfig& slack)
{
    slack.url = section.base_url("url", "");
    slack.url_file = section.text("url_file", "");
    if (section.good() && slack.url.empty() == slack.url_file.empty()) {
        section.problem("url_file", "either url_file or url must be given");
    }
    slack.channel = section.text("channel", "");
    slack.timeout = timeout_of(section, 10);
}

bool all_of(std::string_view text, std::string_view marks)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [marks](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.find(c) != std::string_view::npos;
    });
}

/// The forms that all mail systems take: atoms and dots, a host in ASCII. RFC 5321 section 4.1.2.
bool is_mail_address(std::string_view text)
{
    const std::size_t at = text.find('@');
    return at != std::string_view::npos && text.size() <= 254 && at <= 64 &&
           all_of(text.substr(0, at), ".!#$%&'*+-/=?^_`{|}~") && all_of(text.substr(at + 1), ".-");
}

/// "smtp://host:port", "smtps://[::1]"; nothing behind the port.
bool is_mail_server(std::string_view text)
{
    if (!text.starts_with("smtp://") && !text.starts_with("smtps://")) {
        return false;
    }
    std::string_view host = text.substr(text.find("://") + 3);
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && !host.ends_with(']')) {
        const std::string port(host.substr(colon + 1));
        if (port.empty() || port.size() > 5 || !all_of(port, "") ||
            port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) > 65535) {
            return false;
        }
        host = host.substr(0, colon);
    }
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        return all_of(host.substr(1, host.size() - 2), ":.");
    }
    return host.size() <= 253 && all_of(host, ".-");
}

void read_log_in(Section& section, EmailConfig& email)
{
    email.user = section.text("user", "");
    email.password_file = section.text("password_file", "");
    const std::string starttls =
        section.choice("starttls", "required", {"required", "opportunistic", "never"});
    email.starttls = starttls == "required"        ? Starttls::required
                     : starttls == "opportunistic" ? Starttls::opportunistic
                                                   : Starttls::never;
    if (email.user.empty() != email.password_file.empty()) {
        section.problem("user", "user and password_file belong together");
    }
    if (!email.user.empty() && email.starttls != Starttls::required &&
        !email.server.starts_with("smtps://")) {
        section.problem("starttls", "starttls must be \"required\" where a password is sent");
    }
}

void read_email(Section& section, EmailConfig& email)
{
    email.server = section.text_required("server");
    if (!email.server.empty() && !is_mail_server(email.server)) {
        section.problem("server", "server is \"" + email.server +
                                      "\", must be \"smtp://host:port\" or \"smtps://host:port\"");
    }
    email.from = section.text_required("from");
    email.to = section.texts("to");
    if (email.to.empty() || email.to.size() > recipients_max) {
        section.problem("to", "to must hold 1 to " + std::to_string(recipients_max) + " addresses");
    }
    if (!email.from.empty() && !is_mail_address(email.from)) {
        section.problem("from", "from is \"" + email.from + "\", must be like \"name@host\"");
    }
    for (const std::string& to : email.to) {
        if (!is_mail_address(to)) {
            section.problem("to", "to has \"" + to + "\", must be like \"name@host\"");
        }
    }
    read_log_in(section, email);
    email.ca_file = section.text("ca_file", "");
    email.timeout = timeout_of(section, 60);
}

void read_alertmanager(Section& section, AlertmanagerConfig& alertmanager)
{
    alertmanager.url = url_required(section);
    alertmanager.resolve_timeout =
        std::chrono::hours{section.integer("resolve_timeout_h", 72, 1, 24 * 30)};
    alertmanager.timeout = timeout_of(section, 10);
}

void read_pagerduty(Section& section, PagerDutyConfig& pagerduty)
{
    pagerduty.routing_key_file = section.text_required("routing_key_file");
    pagerduty.url = section.base_url("url", pagerduty.url);
    pagerduty.timeout = timeout_of(section, 10);
}

} // namespace

void read_exits(Section& root, Config& config)
{
    read_each(root, "webhook", config.webhooks, read_webhook);
    read_each(root, "slack", config.slacks, read_slack);
    read_each(root, "email", config.emails, read_email);
    read_each(root, "alertmanager", config.alertmanagers, read_alertmanager);
    read_each(root, "pagerduty", config.pagerduties, read_pagerduty);
    Section templates = root.table("templates");
    config.templates.folder = templates.text("folder", "");
    config.templates.public_url = templates.base_url("public_url", "");
    templates.finish();
}

} // namespace empathd::config

#include "config/read_redis.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace empathd::config {
namespace {

/// Asked one after the other while a connection is wanted, so they must not be many.
constexpr std::size_t sentinels_max = 9;
constexpr std::size_t instance_bytes_max = 200;

bool is_tls(const std::string& address)
{
    return address.starts_with("tls://");
}

bool is_unix(const std::string& address)
{
    return address.starts_with("unix:");
}

/// "host:port" or "tls://host:port".
bool is_host_and_port(const std::string& text)
{
    constexpr std::string_view tls_prefix = "tls://";
    const std::string place = is_tls(text) ? text.substr(tls_prefix.size()) : text;
    const std::size_t colon = place.rfind(':');
    if (colon == std::string::npos || colon == 0 || place.find('/') != std::string::npos) {
        return false;
    }
    const std::string host = place.substr(0, colon);
    const bool in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (host.find(':') != std::string::npos && !in_brackets) {
        return false;
    }
    const std::string port = place.substr(colon + 1);
    if (port.empty() || port.size() > 5 ||
        port.find_first_not_of("0123456789") != std::string::npos) {
        return false;
    }
    const int number = std::stoi(port);
    return number >= 1 && number <= 65535;
}

void read_place(Section& section, RedisConfig& redis)
{
    redis.address = section.text("address", redis.address);
    const bool is_path = is_unix(redis.address) && redis.address.size() > 6 &&
                         redis.address[std::string_view("unix:").size()] == '/';
    if (!redis.address.empty() && !is_path && !is_host_and_port(redis.address)) {
        section.problem("address",
                        "address is \"" + redis.address +
                            "\", must be \"host:port\", \"tls://host:port\" or \"unix:/path\"");
    }
    redis.sentinels = section.texts("sentinels");
    redis.master = section.text("master", "");
    redis.sentinel_password_file = section.text("sentinel_password_file", "");
    for (const std::string& sentinel : redis.sentinels) {
        if (!is_host_and_port(sentinel)) {
            section.problem("sentinels", "sentinel \"" + sentinel +
                                             "\" must be \"host:port\" or \"tls://host:port\"");
        }
    }
    if (redis.sentinels.size() > sentinels_max) {
        section.problem("sentinels",
                        "there are more than " + std::to_string(sentinels_max) + " sentinels");
    }
    if (!redis.sentinels.empty() && !redis.address.empty()) {
        section.problem("sentinels", "either address or sentinels, not both");
    }
    if (redis.sentinels.empty() != redis.master.empty()) {
        section.problem(redis.master.empty() ? "sentinels" : "master",
                        "sentinels and master are given together: master is the name by which the "
                        "sentinels know the server");
    }
    if (redis.sentinels.empty() && !redis.sentinel_password_file.empty()) {
        section.problem("sentinel_password_file", "there are no sentinels");
    }
}

void read_tls(Section& section, RedisConfig& redis)
{
    redis.tls = section.flag("tls", false);
    redis.ca_file = section.text("ca_file", "");
    redis.cert_file = section.text("cert_file", "");
    redis.key_file = section.text("key_file", "");
    redis.server_name = section.text("server_name", "");
    if (redis.tls && is_unix(redis.address)) {
        section.problem("tls", "TLS is not spoken on a Unix socket");
    }
    if (redis.cert_file.empty() != redis.key_file.empty()) {
        section.problem(redis.cert_file.empty() ? "key_file" : "cert_file",
                        "cert_file and key_file are given together");
    }
    const bool spoken = redis.tls || is_tls(redis.address) ||
                        std::any_of(redis.sentinels.begin(), redis.sentinels.end(), is_tls);
    const std::array<std::pair<const char*, const std::string*>, 3> options{
        std::pair{"ca_file", &redis.ca_file}, std::pair{"cert_file", &redis.cert_file},
        std::pair{"server_name", &redis.server_name}};
    for (const auto& [name, value] : options) {
        if (!spoken && !value->empty()) {
            section.problem(name, std::string(name) + " has no meaning without TLS: set tls = true "
                                                      "or begin the address with \"tls://\"");
        }
    }
}

void read_streams(Section& section, RedisConfig& redis)
{
    redis.stream = section.text("stream", redis.stream);
    redis.commands = section.text("commands", redis.commands);
    redis.answers = section.text("answers", redis.answers);
    redis.heartbeat = section.text("heartbeat", redis.heartbeat);
    redis.instance = section.text("instance", "");
    if (redis.stream.empty()) {
        section.problem("stream", "stream must not be empty");
    }
    if (redis.answers.empty() && !redis.commands.empty()) {
        section.problem("answers", "answers must not be empty while commands are obeyed");
    }
    if (redis.instance.size() > instance_bytes_max) {
        section.problem("instance", "instance is longer than 200 bytes");
    }
    const std::array<std::pair<const char*, const std::string*>, 4> streams{
        std::pair{"stream", &redis.stream}, std::pair{"commands", &redis.commands},
        std::pair{"answers", &redis.answers}, std::pair{"heartbeat", &redis.heartbeat}};
    for (std::size_t i = 0; i < streams.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (!streams[i].second->empty() && *streams[i].second == *streams[j].second) {
                section.problem(streams[i].first, std::string(streams[i].first) + " and " +
                                                      streams[j].first +
                                                      " must not be the same stream");
            }
        }
    }
}

} // namespace

void read_redis(Section section, RedisConfig& redis)
{
    read_place(section, redis);
    read_tls(section, redis);
    read_streams(section, redis);
    redis.groups = section.texts("groups");
    redis.stream_length =
        static_cast<std::uint64_t>(section.integer("stream_length", 100'000, 100, 100'000'000));
    redis.password_file = section.text("password_file", "");
    redis.redeliver_after = std::chrono::seconds{section.integer("redeliver_after_s", 30, 1, 3600)};
    section.finish();
}

} // namespace empathd::config

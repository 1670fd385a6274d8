#include "daemon/http/host.hpp"

#include <algorithm>

namespace empathd::http {
namespace {

bool is_port(std::string_view text)
{
    return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_host_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
}

std::string lower_case(std::string_view text)
{
    std::string out(text);
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

/// "[address]" or "[address]:port".
std::string bracketed(std::string_view authority)
{
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = authority.substr(close + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) {
        return {};
    }
    const std::string address = lower_case(authority.substr(1, close - 1));
    const bool good = address.find_first_not_of("0123456789abcdef:.") == std::string::npos;
    return good ? address : std::string();
}

} // namespace

std::string host_of(std::string_view authority)
{
    if (authority.starts_with('[')) {
        return bracketed(authority);
    }
    const std::size_t colon = authority.find(':');
    if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1))) {
        return {};
    }
    std::string host = lower_case(authority.substr(0, colon));
    if (host.ends_with('.')) {
        host.pop_back();
    }
    return std::all_of(host.begin(), host.end(), is_host_character) ? host : std::string();
}

std::vector<std::string> answered_hosts(std::string_view listen,
                                        const std::vector<std::string>& configured)
{
    std::vector<std::string> hosts{"localhost", "127.0.0.1", "::1"};
    if (!listen.starts_with("unix:")) {
        hosts.push_back(host_of(listen));
    }
    for (const std::string& host : configured) {
        hosts.push_back(host_of(host));
    }
    std::erase(hosts, std::string());
    std::sort(hosts.begin(), hosts.end());
    hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
    return hosts;
}

} // namespace empathd::http

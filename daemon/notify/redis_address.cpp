#include "daemon/notify/redis_address.hpp"

#include <charconv>
#include <cstdint>
#include <string_view>
#include <sys/un.h>
#include <system_error>

namespace empathd {
namespace {

constexpr std::size_t unix_path_bytes_max = sizeof(sockaddr_un{}.sun_path) - 1;
constexpr std::string_view unix_prefix = "unix:";
constexpr std::string_view tls_prefix = "tls://";

bool begins_with(const std::string& text, std::string_view prefix)
{
    return text.compare(0, prefix.size(), prefix) == 0;
}

bool is_port(const std::string& text)
{
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    return error == std::errc{} && stop == end && port != 0;
}

} // namespace

Result<RedisEndpoint> parse_redis_address(const std::string& address)
{
    const auto refuse = [&address](const std::string& why) {
        return Error{ErrorKind::invalid_config, "redis address \"" + address + "\": " + why};
    };
    if (begins_with(address, unix_prefix)) {
        RedisEndpoint endpoint{.path = address.substr(unix_prefix.size())};
        if (endpoint.path.empty() || endpoint.path.front() != '/') {
            return refuse("the path of the socket is not absolute");
        }
        if (endpoint.path.size() > unix_path_bytes_max) {
            return refuse("the path of the socket is too long");
        }
        return endpoint;
    }
    const bool tls = begins_with(address, tls_prefix);
    const std::string place = tls ? address.substr(tls_prefix.size()) : address;
    const std::size_t colon = place.rfind(':');
    if (colon == std::string::npos) {
        return refuse("neither host:port nor tls://host:port nor unix:/path");
    }
    RedisEndpoint endpoint{
        .host = place.substr(0, colon), .port = place.substr(colon + 1), .tls = tls};
    if (endpoint.host.size() > 2 && endpoint.host.front() == '[' && endpoint.host.back() == ']') {
        endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
    } else if (endpoint.host.find(':') != std::string::npos) {
        return refuse("a v6 address needs brackets");
    }
    if (endpoint.host.empty()) {
        return refuse("the host is missing");
    }
    if (!is_port(endpoint.port)) {
        return refuse("the port is not a number from 1 to 65535");
    }
    return endpoint;
}

std::string to_redis_address(const std::string& host, const std::string& port)
{
    return host.find(':') == std::string::npos ? host + ':' + port : '[' + host + "]:" + port;
}

} // namespace empathd

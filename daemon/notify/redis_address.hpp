#pragma once

#include "analysis/model/error.hpp"

#include <string>

namespace empathd {

/// Where an address points to.
struct RedisEndpoint {
    std::string host; ///< Empty for a Unix socket.
    std::string port;
    std::string path; ///< Of the Unix socket.
    bool tls = false; ///< The address began with "tls://".

    friend bool operator==(const RedisEndpoint&, const RedisEndpoint&) = default;
};

/// Reads "host:port", "[v6 address]:port", either with "tls://" in front, or "unix:/path". Fails
/// with `invalid_config`.
[[nodiscard]] Result<RedisEndpoint> parse_redis_address(const std::string& address);

/// "host:port" of a host and a port as a server tells them: a v6 address gets its brackets.
[[nodiscard]] std::string to_redis_address(const std::string& host, const std::string& port);

} // namespace empathd

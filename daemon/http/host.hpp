#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace empathd::http {

/// The host of a Host header or of "address:port", without port, in lower case, an IPv6 address
/// without its brackets and a name without its final dot. Empty when it is none.
/// Source: RFC 9110 section 7.2, RFC 3986 section 3.2.
[[nodiscard]] std::string host_of(std::string_view authority);

/// The hosts that are answered: the one of `listen` (an address or "unix:/path"), localhost and the
/// loopback addresses, and the configured ones.
///
/// A page of a stranger can point its own name at 127.0.0.1 and then read what answers there (DNS
/// rebinding); its requests carry that name as Host, which is how they are told apart. The port is
/// not compared: it is never what such a page lies about, and a proxy in front may have its own.
[[nodiscard]] std::vector<std::string> answered_hosts(std::string_view listen,
                                                      const std::vector<std::string>& configured);

} // namespace empathd::http

#pragma once

#include "daemon/http/wire.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace empathd::cli {

/// Largest answer that is read.
inline constexpr std::size_t answer_bytes_max = 64 * 1024 * 1024;

struct ServerAddress {
    std::string base_url;  ///< "http://127.0.0.1:8642", no trailing slash.
    std::string unix_path; ///< Not empty: over this socket; the host in base_url is only a name.
};

/// Reads "http://...", "https://..." or "unix:/path". Fails with `invalid_config`.
[[nodiscard]] Result<ServerAddress> parse_server(std::string_view text);

struct Answer {
    int status = 0;
    std::string body;
};

/// One GET. An answer of any status is an answer. Fails with `unavailable` when there is none: not
/// reachable, too slow, too large.
[[nodiscard]] Result<Answer> http_get(const ServerAddress& server, const std::string& target);

/// GET of an event stream. Bytes of a 200 go to `take` as they come, until the server closes or
/// `take` returns false; the answer's body is then empty. Other statuses are answers as above.
/// Fails with `unavailable` when the connection breaks or is silent for three heartbeats.
[[nodiscard]] Result<Answer> http_stream(const ServerAddress& server, const std::string& target,
                                         const std::string& last_event_id,
                                         const std::function<bool(std::string_view)>& take);

} // namespace empathd::cli

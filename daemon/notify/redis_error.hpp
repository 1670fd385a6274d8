#pragma once

#include "analysis/model/error.hpp"
#include "daemon/notify/resp.hpp"

#include <string_view>

namespace empathd {

/// What an error reply of Redis means for us. `line` is the reply without its '-', for example
/// "OOM command not allowed when used memory > 'maxmemory'.".
///
/// - It will pass by itself or by the operator's hand on Redis (OOM, MISCONF, READONLY, LOADING,
///   BUSY, MASTERDOWN, NOREPLICAS, CLUSTERDOWN, TRYAGAIN, and every code that is not known here):
///   `unavailable`.
/// - NOAUTH, WRONGPASS, NOPERM, and AUTH without a password set there: `unauthorized`.
/// - WRONGTYPE, MOVED: `invalid_config`: the key or the address that was configured is wrong.
/// - NOGROUP: `not_found`.
///
/// The message says it in our words. Of an unknown code it holds the beginning of the server's own
/// line, printable ASCII only: never call this with the answer to a command that held a secret,
/// except for the codes above (servers echo arguments of commands they do not know).
[[nodiscard]] Error redis_error(std::string_view line);

/// The server has become a replica (READONLY): another one may be master now.
[[nodiscard]] bool says_read_only(const RespReply& reply) noexcept;

} // namespace empathd

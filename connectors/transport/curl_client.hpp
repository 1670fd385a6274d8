#pragma once

#include "analysis/model/time.hpp"
#include "connectors/transport/fetch_policy.hpp"
#include "connectors/transport/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace empathd::connectors {

/// The production HttpClient: libcurl on an Asio loop, under the fetch policy.
///
/// - Each hop of a redirect is checked, metered and counted like a request of its own.
/// - A host that answered 429 or 503 with a time to wait is not touched before: `send` fails at
///   once with `rate_limited` and the seconds that are left.
/// - Requests above a host's rate or number of transfers wait; cancelling (terminal) ends a waiting
///   or running one with `cancelled` and closes its connection.
/// - Destroying the client ends everything under way with `cancelled`, delivered by the loop later.
///   The loop must outlive the client; `clock` must, too.
///
/// `executor` is that of a loop run by one thread, the only one that uses the client. Connections
/// kept for reuse keep its run() from returning while the client lives. The first client sets
/// SIGPIPE to be ignored, unless the process has decided otherwise: libcurl and OpenSSL need that.
[[nodiscard]] std::unique_ptr<HttpClient> make_curl_client(boost::asio::any_io_executor executor,
                                                           FetchPolicy policy, const Clock& clock);

} // namespace empathd::connectors

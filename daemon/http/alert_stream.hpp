#pragma once

#include "daemon/http/connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>

namespace empathd::http {

/// Writes the alerts with seq above `after` as events, those that are stored and those that come,
/// until the client leaves, is too slow, or the server stops. The response's head is out already.
///
/// None is missed and none comes twice, however it is resumed: what is written comes from the store
/// alone, in the order of seq; notifications only say when to look.
boost::asio::awaitable<void> stream_events(std::shared_ptr<Connection> connection,
                                           std::int64_t after);

} // namespace empathd::http

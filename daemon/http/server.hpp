#pragma once

#include "analysis/model/error.hpp"
#include "daemon/http/routes.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace empathd::http {

/// What one client, and all of them together, can make the server spend.
struct ServerLimits {
    std::size_t header_bytes = 8 * 1024;      ///< Request line and headers; more is 431.
    std::size_t target_bytes = 4 * 1024;      ///< Path and query; more is 414.
    std::size_t body_bytes = 1024 * 1024;     ///< More is 413.
    std::size_t connections = 256;            ///< One more gets 503 and is closed.
    std::size_t streams = 32;                 ///< Alert streams; one more gets 503.
    std::chrono::milliseconds header{10'000}; ///< From a request's first byte to its headers' end.
    std::chrono::milliseconds body{30'000};   ///< From there to its body's end.
    std::chrono::milliseconds idle{30'000};   ///< Between two requests of a connection.
    std::chrono::milliseconds write{30'000};  ///< For a client to take an answer, or an event.
    std::chrono::milliseconds heartbeat{15'000}; ///< Longest silence of a stream.
    std::chrono::milliseconds grace{600};        ///< For answers under way when stopping.
};

struct ServerOptions {
    std::string listen;             ///< "address:port" (loopback; port 0: any) or "unix:/path".
    std::vector<std::string> hosts; ///< Answered beside those of `answered_hosts`.
    ServerLimits limits;
};

/// The API on a socket. Lives on the event loop's thread: all its functions are called there.
class Server {
public:
    /// Closes everything at once. Frames of connections end when the loop runs next or goes.
    virtual ~Server() = default;

    /// Where it listens, with the real port: "127.0.0.1:8642", "[::1]:8642" or "unix:/path".
    [[nodiscard]] virtual const std::string& address() const noexcept = 0;

    /// There may be a new alert in the store: open streams look. Cheap, may be called too often;
    /// when it was forgotten, streams look at the next heartbeat.
    virtual void notify_alerts() = 0;

    [[nodiscard]] virtual HttpMetrics metrics() const = 0;

    /// Accepts no more, ends idle connections and streams, gives answers under way
    /// `ServerLimits::grace`, then closes the rest. Done within a second.
    virtual boost::asio::awaitable<void> stop() = 0;
};

/// Opens the socket and serves from then on. A Unix socket gets mode 0660; one that a dead process
/// left is replaced, one that answers is not. `executor` runs on one thread.
/// Fails with `invalid_config`: not an endpoint, not loopback, in use, or not permitted. There is
/// no authentication in this server, so it does not listen to the network: put a proxy that has it
/// in front.
[[nodiscard]] Result<std::unique_ptr<Server>> make_server(boost::asio::any_io_executor executor,
                                                          ServerOptions options, Services services);

} // namespace empathd::http

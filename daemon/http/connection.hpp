#pragma once

#include "daemon/http/server.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace empathd::http {

/// Completion token: an operation gives (error_code, ...) as a tuple and never throws.
inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

class Connection;

/// What all connections of a server have in common. Shared, because frames of connections outlive a
/// server that is destroyed without `stop`.
struct Shared {
    Shared(boost::asio::any_io_executor on, ServerLimits bounds, Services from);

    boost::asio::any_io_executor executor;
    ServerLimits limits;
    Services services;
    HttpMetrics counts;
    std::vector<Connection*> connections; ///< Each takes itself out when it ends.
    std::uint64_t alerts_version = 0;     ///< Grows with every notification.
    bool stopping = false;
    boost::asio::steady_timer drained; ///< Cancelled when the last connection has ended.

    void report(const std::string& line) const;
};

/// One socket with its deadline, and what a stream waits with. Knows nothing of HTTP. Shared
/// between the coroutine that serves it and the handlers of its timers, which may still be queued
/// when the coroutine has ended.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    using Socket = boost::asio::generic::stream_protocol::socket;

    Connection(Socket from, std::shared_ptr<Shared> with);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] Socket& socket() noexcept { return socket_; }
    [[nodiscard]] Shared& shared() noexcept { return *shared_; }

    /// From now on `after` until what the socket does is cancelled and `expired()`, unless
    /// disarmed.
    void arm(std::chrono::milliseconds after);
    void disarm();
    [[nodiscard]] bool expired() const noexcept { return expired_; }

    /// Only waits for the client, owes it nothing: stopping may close it at once.
    void set_idle(bool idle) noexcept { idle_ = idle; }
    void ask_to_stop();
    void close();

    /// Writes all of it within `ServerLimits::write`. False: the client is gone or too slow.
    boost::asio::awaitable<bool> write(std::string text);

    /// Says that nothing more comes and reads on for a moment: closing with unread input would
    /// reset the connection, and the client could lose the very answer that tells it why.
    boost::asio::awaitable<void> linger();

    // For streams, which write only:

    /// From now on input is thrown away, and `peer_gone()` when the client has closed. Without this
    /// only a failed write would tell.
    void watch_peer();
    [[nodiscard]] bool peer_gone() const noexcept { return peer_gone_; }
    /// Waits until `wake()`, the peer's end or `heartbeat` after the last write. True: the last.
    boost::asio::awaitable<bool> wait_silent(std::chrono::milliseconds heartbeat);
    void wake();

private:
    void cancel_after(std::chrono::milliseconds after, std::uint64_t generation);

    std::shared_ptr<Shared> shared_;
    Socket socket_;
    boost::asio::steady_timer deadline_;
    std::uint64_t generation_ = 0; ///< Of the deadline: a late handler of an old one does nothing.
    bool expired_ = false;
    bool idle_ = false;
    boost::asio::steady_timer wake_;
    std::chrono::steady_clock::time_point last_write_{};
    std::array<char, 1024> input_{}; ///< For what is read and thrown away.
    std::size_t input_bytes_ = 0;
    bool peer_gone_ = false;
};

} // namespace empathd::http

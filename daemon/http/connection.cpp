#include "daemon/http/connection.hpp"

#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

namespace empathd::http {
namespace {

namespace asio = boost::asio;

using boost::system::error_code;
using std::chrono::milliseconds;

constexpr std::size_t linger_bytes_max = 256 * 1024;
constexpr milliseconds linger_time{1'000};
constexpr std::size_t stream_input_max = 64 * 1024; ///< What a stream's client may still send.
constexpr milliseconds cancel_again{50};

} // namespace

Shared::Shared(asio::any_io_executor on, ServerLimits bounds, Services from)
    : executor(std::move(on)), limits(bounds), services(std::move(from)), drained(executor)
{
}

void Shared::report(const std::string& line) const
{
    if (services.report) {
        services.report(line);
    }
}

Connection::Connection(Socket from, std::shared_ptr<Shared> with)
    : shared_(std::move(with)), socket_(std::move(from)), deadline_(shared_->executor),
      wake_(shared_->executor)
{
    shared_->connections.push_back(this);
    ++shared_->counts.connections;
}

Connection::~Connection()
{
    std::erase(shared_->connections, this);
    --shared_->counts.connections;
    if (shared_->connections.empty()) {
        shared_->drained.cancel();
    }
}

// Beast's own stream closes the socket when its time is up, and then there is no way to say 408. So
// the deadline is a timer of ours that cancels what the socket does.
void Connection::arm(milliseconds after)
{
    expired_ = false;
    cancel_after(after, ++generation_);
}

/// Cancels again until disarmed: between two reads of one operation there is nothing to cancel, and
/// a single attempt at that moment would be lost.
void Connection::cancel_after(milliseconds after, std::uint64_t generation)
{
    deadline_.expires_after(after);
    auto done = [self = shared_from_this(), generation](error_code error) {
        if (error || generation != self->generation_) {
            return;
        }
        self->expired_ = true;
        error_code ignored;
        self->socket_.cancel(ignored);
        self->cancel_after(cancel_again, generation);
    };
    deadline_.async_wait(std::move(done));
}

void Connection::disarm()
{
    ++generation_;
    deadline_.cancel();
}

void Connection::ask_to_stop()
{
    wake_.cancel();
    if (idle_) {
        close();
    }
}

void Connection::close()
{
    error_code ignored;
    wake_.cancel();
    socket_.close(ignored);
}

asio::awaitable<bool> Connection::write(std::string text)
{
    arm(shared_->limits.write);
    const auto written = co_await asio::async_write(socket_, asio::buffer(text), as_result);
    disarm();
    last_write_ = std::chrono::steady_clock::now();
    co_return !std::get<0>(written);
}

asio::awaitable<void> Connection::linger()
{
    idle_ = true;
    error_code error;
    socket_.shutdown(Socket::shutdown_send, error);
    std::size_t total = 0;
    arm(linger_time);
    while (!error && !expired_ && !shared_->stopping && total < linger_bytes_max) {
        const auto read = co_await socket_.async_read_some(asio::buffer(input_), as_result);
        error = std::get<0>(read);
        total += std::get<1>(read);
    }
    disarm();
}

void Connection::watch_peer()
{
    auto done = [self = shared_from_this()](error_code error, std::size_t bytes) {
        self->input_bytes_ += bytes;
        if (error || self->input_bytes_ > stream_input_max) {
            self->peer_gone_ = true;
            self->wake_.cancel();
        } else {
            self->watch_peer();
        }
    };
    socket_.async_read_some(asio::buffer(input_), std::move(done));
}

asio::awaitable<bool> Connection::wait_silent(milliseconds heartbeat)
{
    wake_.expires_at(last_write_ + heartbeat);
    const auto waited = co_await wake_.async_wait(as_result);
    co_return !std::get<0>(waited);
}

void Connection::wake()
{
    wake_.cancel();
}

} // namespace empathd::http

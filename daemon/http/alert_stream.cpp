#include "daemon/http/alert_stream.hpp"

#include <string>
#include <utility>
#include <vector>

namespace empathd::http {
namespace {

namespace asio = boost::asio;

constexpr std::size_t alerts_at_a_time = 100;
constexpr std::size_t write_bytes = 64 * 1024; ///< Put together before it is written.

/// Counts a stream for as long as it runs.
class Counted {
public:
    explicit Counted(std::uint64_t& count) : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::uint64_t& count_;
};

enum class Step { over, wait, more };

/// Writes one page of alerts after `after` and moves it on.
asio::awaitable<Step> write_alerts(Connection& connection, std::int64_t& after)
{
    const auto read = [from = after](StoreReader& store) {
        return store.alerts(from, alerts_at_a_time, false);
    };
    const auto alerts = co_await connection.shared().services.reader.run(read);
    if (!alerts) { // A slow store is asked again; otherwise the client comes back and resumes.
        connection.shared().report("api: an alert stream's read failed: " + alerts.error().message);
        co_return alerts.error().kind == ErrorKind::unavailable ? Step::wait : Step::over;
    }
    if (alerts->empty()) {
        co_return Step::wait;
    }
    std::string events;
    for (const StoredAlert& alert : *alerts) {
        events += wire::alert_event(alert);
        after = alert.seq;
        if (events.size() < write_bytes && &alert != &alerts->back()) {
            continue;
        }
        std::string chunk = std::exchange(events, std::string());
        const bool written = co_await connection.write(std::move(chunk));
        if (!written) {
            co_return Step::over;
        }
    }
    const bool full = alerts->size() == alerts_at_a_time;
    co_return full ? Step::more : Step::wait;
}

} // namespace

asio::awaitable<void> stream_events(std::shared_ptr<Connection> connection, std::int64_t after)
{
    Shared& shared = connection->shared();
    const Counted counted(shared.counts.streams);
    const auto over = [&] { return connection->peer_gone() || shared.stopping; };
    connection->watch_peer();
    bool open = co_await connection->write("retry: 2000\n\n");
    while (open && !over()) {
        // Noted before the store is read: a notification that comes meanwhile is seen below.
        const std::uint64_t version = shared.alerts_version;
        const Step step = co_await write_alerts(*connection, after);
        open = step != Step::over;
        if (step != Step::wait || over() || version != shared.alerts_version) {
            continue;
        }
        const bool silent = co_await connection->wait_silent(shared.limits.heartbeat);
        if (silent && !over()) {
            open = co_await connection->write(": heartbeat\n\n");
        }
    }
}

} // namespace empathd::http

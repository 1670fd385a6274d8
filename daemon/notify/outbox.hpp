#pragma once

#include "analysis/model/time.hpp"
#include "daemon/notify/settlement.hpp"
#include "daemon/notify/sink.hpp"
#include "daemon/store/store_gate.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace empathd {

/// Longer than any sink's own deadlines (timeout_s is at most 120) let one call be.
inline constexpr std::chrono::seconds sink_call_max{150};

struct OutboxOptions {
    RetryLimits retry;
    std::chrono::milliseconds outage_wait_max{5'000}; ///< See SettlementOptions.
    std::chrono::milliseconds confirm_every{30'000};  ///< RedisConfig::redeliver_after.
    std::chrono::milliseconds confirm_soon{1'000};    ///< After a delivery, when few rows wait.
    std::chrono::milliseconds heartbeat{5'000};       ///< Longest sleep.
    std::size_t due_rows_max = 128;                   ///< Read from the store at a time.
    std::size_t probe_rows_max = 16;     ///< Tried while the sink is known to be in trouble.
    std::size_t published_rows_max = 64; ///< Confirmed at a time.
    std::uint32_t seed = 1;              ///< Of the waits' jitter.
};

/// Carries the alerts of one sink out of the outbox: one relay per sink, each a coroutine of its
/// own, so that a sink in trouble delays no other.
///
/// At least once, in the order of the alerts. What fails waits: a row on its own schedule while
/// those behind it go on; the whole sink (Redis down, full, read-only) by holding everything back,
/// its rows untouched and never given up. A row is closed only after the sink said so, and a crash
/// between that and the record repeats a delivery under the same key.
///
/// Belongs to the event loop's thread. `sink`, `store` and `clock` must outlive it, it must outlive
/// run().
class Outbox {
public:
    Outbox(OutboxOptions options, Sink& sink, StoreGate& store, const Clock& clock);

    /// Delivers until it is cancelled (then it ends with success) or the store fails (then with
    /// `storage`, and the daemon must stop).
    boost::asio::awaitable<Result<>> run();

    /// One pass: deliver what is due, confirm one lot when it is time. Returns when there is
    /// something to do again. Fails with `storage`, or `cancelled`. For run() and for tests.
    boost::asio::awaitable<Result<TimePoint>> step();

    /// New alerts are in the store: look now.
    void notify();

    /// Grows while the relay is alive: at least once per heartbeat and call of the store, and
    /// once for each call of the sink, see waits_for_sink.
    [[nodiscard]] std::uint64_t progress() const noexcept { return progress_; }

    /// A call of the sink is under way, and not for longer than `sink_call_max`: that there is no
    /// progress means nothing yet. `now` by the clock this was made with.
    [[nodiscard]] bool waits_for_sink(TimePoint now) const noexcept;

    [[nodiscard]] OutboxStatus status() const;

private:
    boost::asio::awaitable<Result<>> loop();
    boost::asio::awaitable<Result<>> deliver_due();
    [[nodiscard]] std::size_t room() const;
    void confirm_soon();
    boost::asio::awaitable<Result<bool>> deliver_batch(std::vector<OutboxRow> rows);
    boost::asio::awaitable<Result<>> confirm_lot();
    boost::asio::awaitable<Result<>> count_rows();
    boost::asio::awaitable<Result<>> record(std::vector<OutboxUpdate> updates);
    TimePoint now();

    OutboxOptions options_;
    Sink& sink_;
    StoreGate& store_;
    const Clock& clock_;
    Settlement settlement_;

    TimePoint last_now_{};
    std::chrono::milliseconds clock_lag_{0}; ///< Added to a clock that was set back.
    TimePoint next_due_{};                   ///< When rows are looked for again.
    TimePoint confirm_at_{};                 ///< Next lot.
    TimePoint soon_at_{};                    ///< A lot is wanted then, because of a delivery.
    std::int64_t confirmed_to_ = 0;          ///< Last row id of the lot before, within a round.
    std::optional<TimePoint> calling_since_; ///< A call of the sink is under way.
    std::vector<OutboxUpdate> unrecorded_;   ///< What the store was too busy to take.
    std::optional<boost::asio::steady_timer> timer_;
    bool full_ = false; ///< As many rows await confirmation as may.
    bool notified_ = false;
    std::uint64_t progress_ = 0;
};

} // namespace empathd

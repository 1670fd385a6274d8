#include "daemon/notify/outbox.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace empathd {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

/// Before a busy store is asked again.
constexpr milliseconds busy_wait{1'000};

SettlementOptions settlement_options(const OutboxOptions& options, const Sink& sink)
{
    return SettlementOptions{.retry = options.retry,
                             .outage_wait_max = options.outage_wait_max,
                             .confirm_every = options.confirm_every,
                             .awaits_confirmation = sink.awaits_confirmation(),
                             .outlasts_outages = sink.outlasts_outages(),
                             .seed = options.seed};
}

bool is_busy(const Error& error) noexcept
{
    return error.kind == ErrorKind::unavailable;
}

} // namespace

Outbox::Outbox(OutboxOptions options, Sink& sink, StoreGate& store, const Clock& clock)
    : options_(options), sink_(sink), store_(store), clock_(clock),
      settlement_(sink.name(), settlement_options(options, sink))
{
}

/// The clock, but never backwards: when it is set back, the rows' times, which were set before,
/// would otherwise lie far ahead.
TimePoint Outbox::now()
{
    const TimePoint shown = clock_.now();
    if (shown + clock_lag_ < last_now_) {
        clock_lag_ = last_now_ - shown;
    }
    last_now_ = shown + clock_lag_;
    return last_now_;
}

void Outbox::notify()
{
    notified_ = true;
    if (timer_) {
        timer_->cancel();
    }
}

bool Outbox::waits_for_sink(TimePoint now) const noexcept
{
    return calling_since_ && now + clock_lag_ < *calling_since_ + sink_call_max;
}

OutboxStatus Outbox::status() const
{
    OutboxStatus status = settlement_.status();
    status.full = full_;
    status.details = sink_.details();
    return status;
}

asio::awaitable<Result<>> Outbox::record(std::vector<OutboxUpdate> updates)
{
    if (updates.empty()) {
        co_return Result<>();
    }
    // A copy, because a cancelled wait does not stop the store.
    auto call = [updates](Store& store) { return store.outbox_update(updates); };
    const Result<> recorded = co_await store_.run(std::move(call));
    ++progress_;
    if (!recorded && is_busy(recorded.error())) {
        unrecorded_.insert(unrecorded_.end(), std::make_move_iterator(updates.begin()),
                           std::make_move_iterator(updates.end()));
        co_return Result<>();
    }
    co_return recorded;
}

/// True: go on with the next batch.
asio::awaitable<Result<bool>> Outbox::deliver_batch(std::vector<OutboxRow> rows)
{
    calling_since_ = now();
    const auto receipts = co_await sink_.deliver(rows);
    calling_since_.reset();
    ++progress_;
    assert(receipts.size() == rows.size());
    for (const Result<std::string>& receipt : receipts) {
        if (!receipt && receipt.error().kind == ErrorKind::cancelled) {
            co_return receipt.error();
        }
    }
    auto updates = settlement_.after_delivery(rows, receipts, now());
    if (settlement_.take_recovered()) {
        confirm_at_ = TimePoint{}; // It may have come back without what it had.
    } else if (!settlement_.troubled()) {
        confirm_soon();
    }
    const auto recorded = co_await record(std::move(updates));
    if (!recorded) {
        co_return recorded.error();
    }
    co_return !settlement_.troubled() && unrecorded_.empty();
}

/// Rows to deliver in one go.
std::size_t Outbox::room() const
{
    const std::size_t rows =
        settlement_.troubled() ? options_.probe_rows_max : options_.due_rows_max;
    if (!sink_.awaits_confirmation()) {
        return rows;
    }
    const std::uint64_t published = settlement_.published().value_or(0);
    const std::uint64_t most = sink_.published_max();
    return published >= most ? 0 : std::min<std::uint64_t>(rows, most - published);
}

/// Consumers that are awake acknowledge within moments. Seeing it early leaves less to guess about
/// when an entry vanishes; with many rows outstanding it would cost a whole round each time.
void Outbox::confirm_soon()
{
    if (sink_.awaits_confirmation() &&
        settlement_.published().value_or(0) < options_.published_rows_max) {
        soon_at_ = now() + options_.confirm_soon;
        confirm_at_ = std::min(confirm_at_, soon_at_);
    }
}

asio::awaitable<Result<>> Outbox::deliver_due()
{
    if (sink_.awaits_confirmation() && !settlement_.published()) {
        const auto counted = co_await count_rows();
        if (!counted) {
            co_return counted.error();
        }
    }
    const std::size_t limit = room();
    full_ = limit == 0;
    if (full_) { // Until something is acknowledged.
        next_due_ = now() + options_.heartbeat;
        co_return Result<>();
    }
    auto call = [name = sink_.name(), at = now(), limit](Store& store) {
        return store.outbox_due(name, at, limit);
    };
    auto due = co_await store_.run(std::move(call));
    ++progress_;
    if (!due) {
        next_due_ = now() + busy_wait;
        co_return is_busy(due.error()) ? Result<>() : Result<>(due.error());
    }
    const bool more = due->size() == limit;
    const std::size_t batch_max = std::max<std::size_t>(1, sink_.batch_max());
    if (batch_max < due->size()) {
        // One after the other: those that failed before must not hold up those that did not.
        std::stable_sort(due->begin(), due->end(), [](const OutboxRow& a, const OutboxRow& b) {
            return a.attempts < b.attempts;
        });
    }
    for (std::size_t at = 0; at < due->size(); at += batch_max) {
        const auto first = std::next(due->begin(), static_cast<std::ptrdiff_t>(at));
        const auto size = static_cast<std::ptrdiff_t>(std::min(batch_max, due->size() - at));
        std::vector<OutboxRow> batch(std::make_move_iterator(first),
                                     std::make_move_iterator(first + size));
        const auto go_on = co_await deliver_batch(std::move(batch));
        if (!go_on) {
            co_return go_on.error();
        }
        if (!*go_on) { // Read anew: what came meanwhile goes first.
            next_due_ = TimePoint{};
            co_return Result<>();
        }
    }
    next_due_ = more ? TimePoint{} : settlement_.next_retry(now() + options_.heartbeat);
    co_return Result<>();
}

asio::awaitable<Result<>> Outbox::count_rows()
{
    auto call = [name = sink_.name()](Store& store) { return store.outbox_counts(name); };
    const auto counts = co_await store_.run(std::move(call));
    ++progress_;
    if (counts) {
        settlement_.counted(*counts);
    } else if (!is_busy(counts.error())) {
        co_return counts.error();
    }
    co_return Result<>();
}

asio::awaitable<Result<>> Outbox::confirm_lot()
{
    std::vector<OutboxRow> rows;
    if (sink_.awaits_confirmation()) {
        auto call = [name = sink_.name(), after = confirmed_to_,
                     limit = options_.published_rows_max](Store& store) {
            return store.outbox_published(name, after, limit);
        };
        auto published = co_await store_.run(std::move(call));
        ++progress_;
        if (!published) {
            confirm_at_ = now() + busy_wait;
            co_return is_busy(published.error()) ? Result<>() : Result<>(published.error());
        }
        rows = std::move(*published);
    }
    calling_since_ = now();
    auto updates = co_await sink_.confirm(rows);
    calling_since_.reset();
    ++progress_;
    if (!updates) {
        if (updates.error().kind == ErrorKind::cancelled) {
            co_return updates.error();
        }
        confirm_at_ = settlement_.after_failed_confirmation(updates.error(), now());
        co_return co_await count_rows();
    }
    settlement_.after_confirmation(rows, *updates, now());
    for (const OutboxUpdate& update : *updates) {
        if (update.state == OutboxState::waiting) {
            next_due_ = std::min(next_due_, update.next_at);
        } else if (update.state == OutboxState::closed && full_) {
            next_due_ = TimePoint{}; // There is room again.
        }
    }
    const auto recorded = co_await record(std::move(*updates));
    if (!recorded) {
        co_return recorded.error();
    }
    if (rows.size() == options_.published_rows_max) {
        confirmed_to_ = rows.back().id;
        confirm_at_ = TimePoint{}; // The round goes on.
        co_return Result<>();
    }
    confirmed_to_ = 0;
    confirm_at_ = now() + options_.confirm_every;
    if (soon_at_ > now()) { // Delivered only just now.
        confirm_at_ = std::min(confirm_at_, soon_at_);
    }
    co_return co_await count_rows();
}

asio::awaitable<Result<TimePoint>> Outbox::step()
{
    ++progress_;
    if (std::exchange(notified_, false)) {
        next_due_ = TimePoint{};
    }
    if (!unrecorded_.empty()) { // What is not recorded would go out again.
        std::vector<OutboxUpdate> updates = std::move(unrecorded_);
        unrecorded_.clear();
        const auto recorded = co_await record(std::move(updates));
        if (!recorded) {
            co_return recorded.error();
        }
    }
    if (unrecorded_.empty() && now() >= std::max(next_due_, settlement_.held_until())) {
        const auto delivered = co_await deliver_due();
        if (!delivered) {
            co_return delivered.error();
        }
    }
    if (unrecorded_.empty() && now() >= confirm_at_) {
        const auto confirmed = co_await confirm_lot();
        if (!confirmed) {
            co_return confirmed.error();
        }
    }
    if (!unrecorded_.empty()) {
        co_return now() + busy_wait;
    }
    const TimePoint next = std::min(std::max(next_due_, settlement_.held_until()), confirm_at_);
    co_return std::min(next, now() + options_.heartbeat);
}

asio::awaitable<Result<>> Outbox::loop()
{
    constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
    const auto executor = co_await asio::this_coro::executor;
    timer_.emplace(executor);
    for (;;) {
        const auto next = co_await step();
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) {
            co_return Result<>();
        }
        if (!next) {
            co_return next.error();
        }
        const milliseconds wait = std::clamp(*next - now(), milliseconds{0}, options_.heartbeat);
        if (notified_ || wait.count() == 0) {
            continue;
        }
        timer_->expires_after(wait);
        co_await timer_->async_wait(as_result);
    }
}

asio::awaitable<Result<>> Outbox::run()
{
    const bool throwing = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    Result<> ended;
    try {
        ended = co_await loop();
    } catch (const boost::system::system_error& error) {
        // A call that was cancelled before the store's thread began it.
        if (error.code() != asio::error::operation_aborted) {
            throw;
        }
    }
    co_await asio::this_coro::throw_if_cancelled(throwing);
    if (!ended && ended.error().kind == ErrorKind::cancelled) {
        co_return Result<>();
    }
    co_return ended;
}

} // namespace empathd

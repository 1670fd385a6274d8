#include "daemon/notify/settlement.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace empathd {
namespace {

/// Failing rows whose beginning is remembered; others go by their stored attempts alone.
constexpr std::size_t failing_rows_max = 10'000;

/// The row's, not the sink's.
bool is_own_fault(ErrorKind kind) noexcept
{
    switch (kind) {
    case ErrorKind::malformed:
    case ErrorKind::refused:
    case ErrorKind::not_found: return true;
    case ErrorKind::cancelled:
    case ErrorKind::unavailable:
    case ErrorKind::rate_limited:
    case ErrorKind::unauthorized:
    case ErrorKind::invalid_config:
    case ErrorKind::storage: break;
    }
    return false;
}

RetryLimits outage_limits(const SettlementOptions& options)
{
    RetryLimits limits = options.retry;
    limits.cap = options.outage_wait_max;
    return limits;
}

} // namespace

Settlement::Settlement(std::string sink, SettlementOptions options)
    : options_(options), rows_planner_(options.retry, options.seed),
      outage_planner_(outage_limits(options), options.seed + 1)
{
    status_.sink = std::move(sink);
}

void Settlement::note(const Error& error, TimePoint now)
{
    status_.last_error = error.message;
    status_.last_error_at = now;
    ++status_.errors.at(static_cast<std::size_t>(error.kind));
}

OutboxUpdate Settlement::delivered(const OutboxRow& row, const std::string& receipt, TimePoint now)
{
    failing_.erase(row.id);
    const bool done = !options_.awaits_confirmation;
    ++status_.delivered;
    status_.closed += done ? 1 : 0;
    if (!done && published_) {
        ++*published_;
    }
    status_.last_success_at = now;
    return OutboxUpdate{.id = row.id,
                        .state = done ? OutboxState::closed : OutboxState::published,
                        .attempts = row.attempts + 1,
                        .next_at = now,
                        .receipt = receipt};
}

OutboxUpdate Settlement::failed(const OutboxRow& row, const Error& error, TimePoint now)
{
    note(error, now);
    const auto known = failing_.find(row.id);
    const TimePoint since = known == failing_.end() ? now : known->second.since;
    OutboxUpdate update{.id = row.id,
                        .state = OutboxState::waiting,
                        .attempts = row.attempts + 1,
                        .receipt = row.receipt,
                        .error = error.message};
    if (options_.outlasts_outages && !is_own_fault(error.kind)) {
        update.next_at = rows_planner_.after_outage(now, update.attempts, error);
    } else {
        const Retry retry = rows_planner_.after_failure(now, update.attempts, since, error);
        update.next_at = retry.next_at;
        update.state = retry.give_up ? OutboxState::quarantined : OutboxState::waiting;
    }
    if (update.state == OutboxState::quarantined) {
        failing_.erase(row.id);
        ++status_.quarantined;
        return update;
    }
    if (known != failing_.end() || failing_.size() < failing_rows_max) {
        failing_.insert_or_assign(row.id, Failing{since, update.next_at});
    }
    ++status_.retried;
    return update;
}

std::vector<OutboxUpdate>
Settlement::after_delivery(const std::vector<OutboxRow>& rows,
                           const std::vector<Result<std::string>>& receipts, TimePoint now)
{
    assert(rows.size() == receipts.size());
    const bool some_went = std::any_of(receipts.begin(), receipts.end(),
                                       [](const auto& receipt) { return receipt.has_value(); });
    const bool outage = options_.outlasts_outages && !some_went;
    std::vector<OutboxUpdate> updates;
    std::optional<Error> trouble;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (receipts[i]) {
            updates.push_back(delivered(rows[i], *receipts[i], now));
            continue;
        }
        const Error error = receipts[i].error();
        if (is_own_fault(error.kind)) {
            updates.push_back(failed(rows[i], error, now));
            continue;
        }
        trouble = error;
        if (!outage) {
            updates.push_back(failed(rows[i], error, now));
        }
        if (!outage && error.kind == ErrorKind::rate_limited) { // It speaks of the whole receiver.
            held_until_ = std::max(held_until_, updates.back().next_at);
        }
    }
    troubled_ = trouble.has_value();
    if (some_went) {
        recovered_ = recovered_ || outages_in_a_row_ > 0;
        outages_in_a_row_ = 0;
    } else if (troubled_ && outage) {
        note(*trouble, now);
        ++outages_in_a_row_;
        ++status_.outages;
        held_until_ = outage_planner_.after_outage(now, outages_in_a_row_, *trouble);
    }
    return updates;
}

void Settlement::after_confirmation(const std::vector<OutboxRow>& rows,
                                    std::vector<OutboxUpdate>& updates, TimePoint now)
{
    confirm_failures_in_a_row_ = 0;
    for (OutboxUpdate& update : updates) {
        const auto row = std::find_if(rows.begin(), rows.end(), [&update](const OutboxRow& asked) {
            return asked.id == update.id;
        });
        assert(row != rows.end());
        update.attempts = row->attempts;
        update.next_at = now;
        if (update.state != OutboxState::published && published_ && *published_ > 0) {
            --*published_;
        }
        if (update.state == OutboxState::waiting) {
            update.next_at += readd_wait(row->attempts, options_.confirm_every);
            update.error = "its entry had vanished";
            ++status_.added_again;
        } else if (update.state == OutboxState::closed) {
            ++status_.closed;
        }
    }
}

TimePoint Settlement::after_failed_confirmation(const Error& error, TimePoint now)
{
    note(error, now);
    ++confirm_failures_in_a_row_;
    return outage_planner_.after_outage(now, confirm_failures_in_a_row_, error);
}

void Settlement::counted(const OutboxCounts& rows) noexcept
{
    status_.rows = rows;
    published_ = rows.published;
}

bool Settlement::take_recovered() noexcept
{
    return std::exchange(recovered_, false);
}

TimePoint Settlement::next_retry(TimePoint latest) const noexcept
{
    for (const auto& [id, failing] : failing_) {
        latest = std::min(latest, failing.next_at);
    }
    return latest;
}

OutboxStatus Settlement::status() const
{
    OutboxStatus status = status_;
    status.connected = !troubled_ && confirm_failures_in_a_row_ == 0;
    return status;
}

} // namespace empathd

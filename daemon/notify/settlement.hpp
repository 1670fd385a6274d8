#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"
#include "daemon/notify/group_status.hpp"
#include "daemon/notify/retry.hpp"
#include "daemon/store/store.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace empathd {

/// How one sink fares, for /healthz, /metrics and the log. Totals are since the start.
struct OutboxStatus {
    std::string sink;
    bool connected = true;  ///< The last delivery and the last confirmation succeeded, or there was
                            ///< none yet.
    bool full = false;      ///< As many rows await acknowledgement as the sink holds: others wait.
    std::string last_error; ///< Empty when there was none yet; stays after recovery.
    TimePoint last_error_at{};             ///< Zero when there was none.
    TimePoint last_success_at{};           ///< Of a delivery; zero when there was none.
    std::uint64_t delivered = 0;           ///< Handed over, repeats included.
    std::uint64_t closed = 0;              ///< Acknowledged, or taken by a sink that needs no more.
    std::uint64_t retried = 0;             ///< Rows that did not go and wait for another try.
    std::uint64_t added_again = 0;         ///< Rows whose entry had vanished.
    std::uint64_t quarantined = 0;         ///< Given up.
    std::uint64_t outages = 0;             ///< Tries that failed because the sink as a whole did.
    std::array<std::uint64_t, 9> errors{}; ///< By ErrorKind.
    OutboxCounts rows;   ///< In the store, when they were last counted (each confirmation).
    SinkDetails details; ///< As Sink::details() tells.
};

struct SettlementOptions {
    RetryLimits retry;
    /// Longest between two tries of a sink that is down: how late alerts are when it is back.
    std::chrono::milliseconds outage_wait_max{5'000};
    std::chrono::milliseconds confirm_every{30'000};
    bool awaits_confirmation = false; ///< As Sink says.
    bool outlasts_outages = false;    ///< As Sink says.
    std::uint32_t seed = 1;           ///< Of the waits' jitter.
};

/// The outbox' book-keeping without its waiting: what becomes of rows and of the sink after each
/// answer. Pure: it is told what happened and when. Times must not go backwards.
class Settlement {
public:
    Settlement(std::string sink, SettlementOptions options);

    /// Of rows that were handed over, with one receipt or error each; none of them `cancelled`.
    /// Rows of a sink that is down as a whole have no update: they stay as they are.
    [[nodiscard]] std::vector<OutboxUpdate>
    after_delivery(const std::vector<OutboxRow>& rows,
                   const std::vector<Result<std::string>>& receipts, TimePoint now);

    /// Sets what a sink's confirm() leaves open in its updates, and counts. `rows` are those it was
    /// asked about.
    void after_confirmation(const std::vector<OutboxRow>& rows, std::vector<OutboxUpdate>& updates,
                            TimePoint now);

    /// Returns when to try again.
    [[nodiscard]] TimePoint after_failed_confirmation(const Error& error, TimePoint now);

    void counted(const OutboxCounts& rows) noexcept;

    /// Rows that await confirmation now; nothing before they were counted.
    [[nodiscard]] std::optional<std::uint64_t> published() const noexcept { return published_; }

    /// Nothing is to be delivered before. Zero when nothing stands against it.
    [[nodiscard]] TimePoint held_until() const noexcept { return held_until_; }
    /// The last delivery met a sink in trouble.
    [[nodiscard]] bool troubled() const noexcept { return troubled_; }
    /// The sink has just come back from an outage: true once. It may have lost what it had.
    [[nodiscard]] bool take_recovered() noexcept;
    /// When the first of the rows known to fail is due, or `latest` when none is sooner.
    [[nodiscard]] TimePoint next_retry(TimePoint latest) const noexcept;
    [[nodiscard]] OutboxStatus status() const;

private:
    struct Failing {
        TimePoint since{};
        TimePoint next_at{};
    };

    [[nodiscard]] OutboxUpdate delivered(const OutboxRow& row, const std::string& receipt,
                                         TimePoint now);
    [[nodiscard]] OutboxUpdate failed(const OutboxRow& row, const Error& error, TimePoint now);
    void note(const Error& error, TimePoint now);

    SettlementOptions options_;
    RetryPlanner rows_planner_;
    RetryPlanner outage_planner_;
    std::map<std::int64_t, Failing> failing_; ///< By row id.
    std::optional<std::uint64_t> published_;
    TimePoint held_until_{};
    std::uint32_t outages_in_a_row_ = 0;
    std::uint32_t confirm_failures_in_a_row_ = 0;
    bool troubled_ = false;
    bool recovered_ = false;
    OutboxStatus status_;
};

} // namespace empathd

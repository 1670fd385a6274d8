#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"
#include "daemon/http/wire.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {
struct JournalEntry;
} // namespace empathd

/// The JSON of what is said about the forecasts themselves, the unanswered, the journal and back
/// tests. Both directions, as in wire.hpp.
namespace empathd::wire {

// ---- Parameters.

inline constexpr std::array unanswered_parameters{
    Parameter{"brand", "text", "Only of this brand."},
    limit_parameter,
};

inline constexpr std::array journal_parameters{
    Parameter{"incident", "text", "Only about this incident (its id)."},
    Parameter{"kind", "text", "Only of this kind (acknowledge, resolve, hidden, mark, ...)."},
    Parameter{"since", time_values, "At or after this time."},
    Parameter{"after", "whole number from 0", "Only with a higher seq."},
    limit_parameter,
};

inline constexpr std::array backtest_parameters{
    Parameter{"budget", "number from 0 to 1000", "Alerts a day that may be told (the configured)."},
    Parameter{"since", time_values, "History from here on (30d)."},
};

// ---- How good the forecasts are.

struct ReliabilityBin {
    double predicted = 0; ///< Mean of what was said, 0..1,
    double observed = 0;  ///< and how often it came true.
    std::uint64_t posts = 0;
};

struct PlatformCalibration {
    std::string platform;
    std::uint64_t matured = 0;   ///< Posts whose life is over, learned from.
    bool own = false;            ///< False: "not calibrated yet".
    std::uint64_t intervals = 0; ///< Intervals that were checked,
    double coverage = 0;         ///< and how many of them held; 0.8 is meant.
    double median_error = 0;     ///< Median of |forecast - final| / final.
    double threshold = 0;        ///< Reactions that "reaches your threshold" means.
    std::vector<ReliabilityBin> reaches;
    std::vector<ReliabilityBin> doubles;
    std::string json; ///< Client: the item itself.
};

[[nodiscard]] std::string calibration_page(const std::vector<PlatformCalibration>& platforms);
[[nodiscard]] Result<Page<PlatformCalibration>> read_calibration_page(std::string_view json);

// ---- Who waits for an answer.

struct UnansweredThread {
    std::string brand;
    std::string incident; ///< Empty: it belongs to none.
    std::string network;
    std::string url;
    std::string asked_by;
    TimePoint asked_at{};
    std::uint64_t agreeing = 0;
    std::optional<TimePoint> reply_by; ///< When half of the forecast exposure will have happened.
    double waiting_min = 0;
    std::string json;
};

[[nodiscard]] std::string unanswered_page(const std::vector<UnansweredThread>& threads);
[[nodiscard]] Result<Page<UnansweredThread>> read_unanswered_page(std::string_view json);

// ---- What people and rules did.

struct JournalLine {
    std::int64_t seq = 0;
    std::optional<TimePoint> at;
    std::string kind;
    std::string incident;
    std::string who;
    std::string detail; ///< JSON.
    std::string json;
};

/// `next` is the `after` that goes on, when `limit` items came.
[[nodiscard]] std::string journal_page(const std::vector<JournalEntry>& entries, std::size_t limit);
[[nodiscard]] Result<Page<JournalLine>> read_journal_page(std::string_view json);

// ---- What would have been told.

struct BacktestQuestion {
    std::optional<double> budget; ///< Alerts a day; nothing: the configured.
    TimePoint since{};
};

/// One bar that was tried.
struct BacktestRow {
    double score_warning = 0;
    std::uint64_t stories = 0; ///< Told.
    double per_day = 0;        ///< Alerts a day, escalations included, ends and reminders not.
    std::uint64_t good = 0;    ///< Stories told that were marked well spotted, fixed or answered,
    std::uint64_t bad = 0;     ///< marked a false alarm or not about the brand.
    std::uint64_t missed = 0;  ///< Good ones not told.
};

struct BacktestAlert {
    TimePoint raised_at{};
    std::string severity;
    double score = 0;
    std::string reason;
    std::string incident;
    std::string summary;
    std::string verdict;            ///< "good", "bad" or "unmarked".
    std::optional<double> lead_min; ///< Before the 3-sigma volume rule; nothing: that never told.
};

struct Backtest {
    TimePoint since{};
    TimePoint until{};
    double budget = 0;
    std::uint64_t mentions = 0;
    std::uint64_t stories = 0;
    std::uint64_t marked_good = 0;
    std::uint64_t marked_bad = 0;
    double score_warning_now = 0;    ///< As configured,
    double score_warning_found = 0;  ///< and as the history suggests for the budget.
    std::optional<double> precision; ///< Of the found one, over marked stories; nothing: unmarked.
    std::optional<double> recall;
    std::optional<double> median_lead_min;
    std::vector<BacktestRow> rows;
    std::vector<BacktestAlert> alerts; ///< What would have been sent with the found one.
    std::string json;
};

[[nodiscard]] std::string backtest_json(const Backtest& backtest);
[[nodiscard]] Result<Backtest> read_backtest(std::string_view json);

} // namespace empathd::wire

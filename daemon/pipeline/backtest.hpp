#pragma once

#include "analysis/model/alert.hpp"
#include "daemon/pipeline/backtest_stories.hpp"
#include "daemon/pipeline/history_tape.hpp"
#include "daemon/pipeline/story_desk.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace empathd {

/// The values of score_warning that a back test tries.
inline constexpr std::array backtest_bars{30.0, 35.0, 40.0, 45.0, 50.0, 55.0,
                                          60.0, 65.0, 70.0, 75.0, 80.0, 85.0};

/// Alerts that one replay keeps; of more, the first.
inline constexpr std::size_t replayed_alerts_max = 100'000;

/// What is kept of an alert that would have been raised.
struct ReplayedAlert {
    std::string key;
    AlertReason reason = AlertReason::spreading;
    TimePoint raised_at{};
    Severity severity = Severity::info;
    double score = 0;
    std::string incident;
    std::string summary;
    bool ends = false; ///< It tells of an end: taken back, faded.
};

/// These options with another lowest score; those of the severities above rise with it where they
/// must.
[[nodiscard]] DeskOptions with_bar(DeskOptions options, double score_warning);

/// History through fresh desks, each with options of its own. A desk decides here as it did live,
/// when it had the same options, had learned as much and nobody commanded anything: the same
/// alerts with the same keys, times, reasons and scores.
///
/// Pure; one thread at a time.
class Replay {
public:
    Replay(const std::vector<DeskOptions>& desks, const Verdicts& verdicts);

    /// The next stretch of history through one desk. Each desk takes each stretch, in order.
    void take(std::size_t desk, const HistoryStep& step);

    [[nodiscard]] std::size_t desks() const noexcept { return desks_.size(); }
    /// In the order in which they were raised.
    [[nodiscard]] const std::vector<ReplayedAlert>& alerts(std::size_t desk) const
    {
        return desks_[desk].alerts;
    }
    /// As the first desk had them; all have the same, for what people are told moves no post.
    [[nodiscard]] const StoryBook& stories() const noexcept { return stories_; }

private:
    struct Desk {
        StoryDesk desk;
        std::vector<ReplayedAlert> alerts;
    };

    std::vector<Desk> desks_;
    StoryBook stories_;
};

/// How one bar did.
struct BarScore {
    double score_warning = 0;
    std::uint64_t told = 0; ///< Stories of which at least one alert was raised.
    /// Alerts a day, escalations included; no ends, and no reminders that nobody took a story: in
    /// a replay nobody ever does.
    double per_day = 0;
    std::uint64_t good = 0;   ///< Of the stories told, those marked good,
    std::uint64_t bad = 0;    ///< and marked bad.
    std::uint64_t missed = 0; ///< Stories marked good that were not told.

    /// Over marked stories: how many of those told were good; nothing when none was marked.
    [[nodiscard]] std::optional<double> precision() const noexcept;
    /// How many of the good were told; nothing when none is.
    [[nodiscard]] std::optional<double> recall() const noexcept;
    /// Their harmonic mean, 2 good / (2 good + bad + missed); 0 when nothing good was told.
    [[nodiscard]] double f1() const noexcept;
};

/// `days` are those that were replayed; fewer than one count as one.
[[nodiscard]] BarScore score_of(const std::vector<ReplayedAlert>& alerts, const StoryBook& stories,
                                double score_warning, double days);

/// Marked stories from which on marks choose the bar.
inline constexpr std::uint64_t marked_stories_min = 10;

/// The bar that the history suggests; index into `bars`, which rise and are not empty. Of those
/// that keep within `budget` alerts a day: with enough marked stories that with the best F1 (of
/// equal ones the one with fewer bad, then the lowest), else the lowest. The highest when none
/// keeps within it.
[[nodiscard]] std::size_t best_bar(const std::vector<BarScore>& bars, double budget,
                                   std::uint64_t marked_stories);

} // namespace empathd

#pragma once

#include "analysis/model/time.hpp"
#include "analysis/spread/sigma_rule.hpp"
#include "daemon/pipeline/history_tape.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace empathd {

/// What people said of an incident, in the end.
struct Verdict {
    bool good = false;     ///< It was worth an alert; else it was not.
    std::int64_t said = 0; ///< Grows with time: of two, the later counts.
};
using Verdicts = std::map<std::string, Verdict>; ///< By the incident's id, as stored.

/// The common spike alert at each brand's mentions, told at the first mention that makes an hour a
/// spike: as early as that rule can.
class SpikeRule {
public:
    /// Mentions in the order of time.
    void add(const std::string& brand, TimePoint at);

    /// The first alarm of a brand from `from` to `to`.
    [[nodiscard]] std::optional<TimePoint> first_alarm(const std::string& brand, TimePoint from,
                                                       TimePoint to) const;

private:
    struct Brand {
        analysis::SigmaRule rule;
        TimePoint hour{}; ///< Zero: none yet.
        std::uint64_t count = 0;
        double limit = 0; ///< Of this hour.
        bool alarmed = false;
        std::vector<TimePoint> alarms;
    };
    std::map<std::string, Brand> brands_;
};

/// The stories of a replay, and what people and the spike rule said of them.
class StoryBook {
public:
    explicit StoryBook(Verdicts verdicts) : verdicts_(std::move(verdicts)) {}

    /// Where the desk put what came.
    void take(const HistoryStep& step, const std::vector<MentionRecord>& mentions);

    [[nodiscard]] std::uint64_t stories() const noexcept { return stories_.size(); }
    [[nodiscard]] std::uint64_t mentions() const noexcept { return mentions_; }
    [[nodiscard]] std::uint64_t marked_good() const;
    [[nodiscard]] std::uint64_t marked_bad() const;
    /// First seen time of the first mention; zero: there was none.
    [[nodiscard]] TimePoint first_at() const noexcept { return first_at_; }

    /// What was said of a story: true for good. A story that began before the history did has
    /// another id here than it had, so what was said of any incident that its posts were in counts;
    /// of several the latest.
    [[nodiscard]] std::optional<bool> verdict_of(const std::string& story) const;

    /// Minutes from `told_at` to the spike rule's first alarm while the story's posts came;
    /// negative when the rule was earlier, nothing when it never told.
    [[nodiscard]] std::optional<double> lead_min(const std::string& story, TimePoint told_at) const;

private:
    struct Story {
        std::string brand;
        TimePoint first_at{};
        TimePoint last_at{};
        std::optional<Verdict> verdict;
    };

    void learn_verdict(Story& story, const std::string& incident) const;
    [[nodiscard]] std::uint64_t count(bool good) const;

    Verdicts verdicts_;
    std::map<std::string, Story> stories_;
    SpikeRule spikes_;
    std::uint64_t mentions_ = 0;
    TimePoint first_at_{};
};

} // namespace empathd

#pragma once

#include "analysis/decision/decision.hpp"
#include "analysis/incident/tracker.hpp"
#include "analysis/spread/spread_book.hpp"
#include "daemon/pipeline/stages.hpp"
#include "daemon/store/store.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

namespace empathd {

struct DeskOptions {
    analysis::TrackerOptions tracker;
    analysis::DecisionOptions decision;
};

/// What one page holds for the stories. Order does not matter: it is taken by time.
struct DeskInput {
    std::vector<AnalysedPost> posts;       ///< New or edited.
    std::vector<Observation> observations; ///< Of posts stored earlier.
    std::vector<PostKey> deletions;
    TimePoint at{}; ///< The page's time; nothing in it is later.
};

/// What the stories make of it.
struct DeskOutput {
    std::vector<MentionRecord> mentions; ///< One for each hit; `post` indexes DeskInput::posts.
    std::vector<Incident> incidents;     ///< Those that changed.
    std::vector<Alert> alerts;           ///< In the order in which they were raised.
};

/// How often each verdict was given since the start, for the metrics.
struct VerdictCounts {
    std::array<std::uint64_t, alert_reasons> told{};       ///< By AlertReason.
    std::array<std::uint64_t, silence_reasons> silenced{}; ///< By SilenceReason.
};

/// The stages that remember: which story, how fast, is anybody told. Takes pages one after the
/// other; the same pages give the same alerts, however they are cut.
///
/// Used by the pipeline alone, one call at a time. No clock: times come with the pages.
class StoryDesk {
public:
    explicit StoryDesk(DeskOptions options);

    /// Puts everything back where the store says it stood. Call first, once.
    void restore(const TrackedState& state);

    [[nodiscard]] DeskOutput take(const DeskInput& input);

    void set_options(const analysis::DecisionOptions& decision) { options_.decision = decision; }
    [[nodiscard]] std::size_t open_stories() const noexcept { return tracker_.size(); }
    [[nodiscard]] const VerdictCounts& verdicts() const noexcept { return verdicts_; }

private:
    struct Changes {
        std::set<std::string> touched;
        std::vector<Alert> alerts;
    };

    void arrive(const AnalysedPost& post, std::size_t index, DeskOutput& out, Changes& changes);
    void observe(const Observation& observation, Changes& changes);
    void remove(const PostKey& key, TimePoint at, Changes& changes);
    void judge(const std::string& incident, TimePoint at, Changes& changes);
    void end(Incident& incident, AlertReason reason, TimePoint at, Changes& changes);
    void refresh(TimePoint at, Changes& changes);
    [[nodiscard]] std::uint32_t told_in_day(TimePoint at);

    DeskOptions options_;
    analysis::Tracker tracker_;
    analysis::SpreadBook spread_;
    std::deque<TimePoint> told_; ///< When alerts below critical were raised, ascending.
    std::set<std::string> open_; ///< Stories whose pace is looked at again as it falls.
    TimePoint refreshed_at_{};
    VerdictCounts verdicts_;
};

} // namespace empathd

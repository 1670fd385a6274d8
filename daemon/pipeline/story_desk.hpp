#pragma once

#include "analysis/decision/decision.hpp"
#include "analysis/incident/threads.hpp"
#include "analysis/incident/tracker.hpp"
#include "analysis/spread/exposure.hpp"
#include "analysis/spread/spread_book.hpp"
#include "daemon/pipeline/desk_command.hpp"
#include "daemon/pipeline/lives.hpp"
#include "daemon/pipeline/notices.hpp"
#include "daemon/pipeline/stages.hpp"
#include "daemon/pipeline/volumes.hpp"
#include "daemon/store/store.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace empathd {

struct DeskOptions {
    analysis::TrackerOptions tracker;
    analysis::DecisionOptions decision;
    analysis::ExposureFactors exposure;
    AlertRules rules;
    /// Reactions that count as spreading; nothing: what is usual.
    std::optional<double> threshold;
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
    std::vector<std::optional<std::vector<std::string>>>
        sinks;                       ///< Beside alerts: who gets them; nothing: all.
    std::vector<StateRecord> states; ///< What must be remembered from here on.
    std::vector<JournalEntry> journal;
    std::vector<PostKey> hasten; ///< Posts worth reading again at once.
};

/// How often each verdict was given since the start, for the metrics.
struct VerdictCounts {
    std::array<std::uint64_t, alert_reasons> told{};       ///< By AlertReason.
    std::array<std::uint64_t, silence_reasons> silenced{}; ///< By SilenceReason.
};

/// The stages that remember: which story, how fast and how far, is anybody told, who has it. Takes
/// pages one after the other; the same pages give the same alerts, however they are cut.
///
/// What time alone brings (a wait that is over, a story that fades, its pace written down every
/// five minutes) happens at its own time, before what comes later: a page, or an empty one that
/// only says how late it is. Used by the pipeline alone, one call at a time. No clock.
class StoryDesk {
public:
    explicit StoryDesk(DeskOptions options);

    /// Puts everything back where the store says it stood. Call first, once. Fails with `storage`
    /// when what was remembered cannot be read.
    Result<> restore(const TrackedState& state, const analysis::Officials& officials);

    [[nodiscard]] DeskOutput take(const DeskInput& input);

    /// Does what a person asked for at `at`. Fails, naming what is wrong, with `malformed`,
    /// `not_found` or `refused`; then only time has passed, and `out` holds what that brought.
    /// What was made (a silence's or a split story's id), or nothing.
    Result<std::string> obey(const DeskCommand& command, TimePoint at, DeskOutput& out);

    /// What people must know that is no story: it begins, stands, or is over at `at`.
    [[nodiscard]] DeskOutput take(const Notice& notice, TimePoint at);

    /// The next time at which something happens by itself; nothing before the first page.
    [[nodiscard]] std::optional<TimePoint> next_due() const;

    void set_options(const analysis::DecisionOptions& decision) { options_.decision = decision; }
    void set_rules(AlertRules rules);
    /// What it decides by now.
    [[nodiscard]] const DeskOptions& options() const noexcept { return options_; }

    [[nodiscard]] std::size_t open_stories() const noexcept { return tracker_.size(); }
    [[nodiscard]] const VerdictCounts& verdicts() const noexcept { return verdicts_; }
    [[nodiscard]] const analysis::Threads& threads() const noexcept { return threads_; }
    [[nodiscard]] const analysis::SpreadBook& spread() const noexcept { return spread_; }
    [[nodiscard]] const Lives& lives() const noexcept { return lives_; }
    [[nodiscard]] const analysis::ExposureFactors& factors() const noexcept
    {
        return options_.exposure;
    }
    [[nodiscard]] const Notices& notices() const noexcept { return notices_; }
    [[nodiscard]] const Volumes& volumes() const noexcept { return volumes_; }
    /// Nothing when there is no such story or notice. Valid until the next call.
    [[nodiscard]] const Incident* find(const std::string& id);
    [[nodiscard]] Timeline timeline(const std::string& id) const { return tracker_.timeline(id); }

private:
    /// What is remembered of a story beside what the tracker counts.
    struct StoryFacts {
        Gravity gravity;
        /// How sure it is that they complain, by network and author; a post without one by its id.
        std::map<std::string, double> complainers;
        std::set<std::string> stages;
        std::set<std::string> emotions;
        std::set<std::string> audiences;
    };
    struct Changes {
        std::set<std::string> touched;
        LifeNews news;
        std::vector<PostKey> hasten;
        std::vector<StateRecord> states;
        std::vector<JournalEntry> journal;
    };

    void arrive(const AnalysedPost& post, std::size_t index, DeskOutput& out, Changes& changes);
    void observe(const Observation& observation, Changes& changes);
    void remove(const PostKey& key, TimePoint at, Changes& changes);
    void advance(TimePoint to, Changes& changes);
    void refresh(TimePoint at, Changes& changes);
    void judge(const std::string& incident, TimePoint at, Changes& changes);
    /// One event in the life of a story, with the story brought up to date before.
    std::string live(const std::string& incident, const std::optional<analysis::Event>& event,
                     TimePoint at, Changes& changes);
    // desk_notices.cpp: incidents that are no stories.
    void take_notice(const Notice& notice, TimePoint at, Changes& changes);
    std::string live_notice(const std::string& id, const std::optional<analysis::Event>& event,
                            TimePoint at, Changes& changes);
    [[nodiscard]] std::string stands_for(const Incident& notice);
    void close_hour(TimePoint at, Changes& changes);

    void update(Incident& incident, TimePoint at);
    [[nodiscard]] analysis::Labels labels_of(const Incident& incident) const;
    void learn_facts(const std::string& incident, const Post& post, const Experience& experience);
    void hear(const Post& post, const std::string& brand, const Experience& experience,
              const std::string& incident, bool official, TimePoint at);
    void restore_members(const TrackedState& state, const analysis::Officials& officials);
    Result<> restore_states(const TrackedState& state);
    void finish(Changes& changes, DeskOutput& out);
    [[nodiscard]] std::uint32_t told_in_day(TimePoint at);

    Result<std::string> obey_about_incident(const DeskCommand& command, TimePoint at,
                                            Changes& changes);
    Result<std::string> obey_silence(const DeskCommand& command, TimePoint at, Changes& changes);
    Result<std::string> obey_correction(const DeskCommand& command, TimePoint at, Changes& changes);

    DeskOptions options_;
    analysis::Tracker tracker_;
    analysis::SpreadBook spread_;
    analysis::Threads threads_;
    Lives lives_;
    Notices notices_;
    Volumes volumes_;
    std::map<std::string, StoryFacts> facts_;
    std::deque<TimePoint> told_; ///< When alerts that the budget counts were raised, ascending.
    std::set<std::string> open_; ///< Stories whose pace is looked at again as it falls.
    TimePoint refreshed_at_{};   ///< The last step of the five-minute grid.
    VerdictCounts verdicts_;
};

} // namespace empathd

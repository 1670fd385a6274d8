#pragma once

#include "analysis/match/officials.hpp"
#include "daemon/pipeline/stages.hpp"
#include "daemon/pipeline/story_desk.hpp"
#include "daemon/store/store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace empathd {

/// A stretch of history, as the desk takes it.
struct HistoryStep {
    DeskInput input;
    /// Beside the hits of each of input.posts: the incident the store has that mention in; empty:
    /// none.
    std::vector<std::vector<std::string>> stored_incidents;
};

/// Turns stored history back into what the desk was given when it happened, a page at a time, and
/// keeps no more of it than what is still to come: mentions of one post are one post again, counts
/// come at their own times, and a post has the counts of its first sight when it arrives.
///
/// What the store does not know any more cannot come back: the words before an edit, deleted posts,
/// what people commanded. Of one millisecond, posts come before counts.
/// Pure; one thread at a time.
class HistoryTape {
public:
    /// `officials` outlives the tape. Nothing later than `until` is played.
    HistoryTape(const analysis::Officials& officials, TimePoint until);

    /// The next page, in the order of StoreReader::history. What happened before the page's last
    /// time; nothing where not even a post has come yet.
    [[nodiscard]] std::optional<HistoryStep> add(std::vector<HistoryItem> page);

    /// What is left until the end. Call once, after the last page.
    [[nodiscard]] HistoryStep finish();

private:
    /// Counts that are still to come.
    struct Coming {
        Observation observation;
        std::uint64_t order = 0; ///< Of the same time, what came first goes first.
    };
    struct Later {
        [[nodiscard]] bool operator()(const Coming& a, const Coming& b) const
        {
            return a.observation.at != b.observation.at ? a.observation.at > b.observation.at
                                                        : a.order > b.order;
        }
    };

    void hold(HistoryItem item);
    void release(HistoryStep& step);

    const analysis::Officials& officials_;
    const TimePoint until_;
    TimePoint newest_{};                   ///< Of the posts held; zero: none came yet.
    HistoryStep held_;                     ///< Posts of `newest_`: more of it may come.
    std::map<PostKey, std::size_t> index_; ///< Into held_.input.posts.
    std::priority_queue<Coming, std::vector<Coming>, Later> coming_;
    std::uint64_t observations_ = 0;
};

} // namespace empathd

#pragma once

#include "analysis/model/incident.hpp"
#include "analysis/model/post.hpp"
#include "analysis/spread/leaky.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace empathd::analysis {

/// Remembers what every member of every story counted last and how fast each story grows.
///
/// Counts are fed as differences; a count that falls (likes taken back, a network that corrects
/// itself) feeds nothing. Each new post counts as one reaction.
/// Pure: no clock. The same calls in the same order give the same state.
class SpreadBook {
public:
    /// A post came into a story, first seen at `at` with these counts.
    void arrive(const std::string& incident, const Post& post, TimePoint at);

    /// New counts of a post, for every story it is in. A post that never arrived is ignored.
    void observe(const std::vector<std::string>& incidents, const PostKey& key,
                 const Engagement& engagement, TimePoint at);

    /// How the story spreads at `at`; nothing at all for an unknown one.
    [[nodiscard]] Outlook outlook(const std::string& incident, TimePoint at);

    /// Takes back the highest rate so far, which only the store remembers after a restart.
    void restore_peak(const std::string& incident, double per_hour);

    void forget_post(const PostKey& key);
    void forget_incident(const std::string& incident);

private:
    struct PostState {
        std::uint64_t reactions = 0;
        TimePoint at{};
    };
    struct IncidentState {
        LeakyCounters counters;
        double peak_per_hour = 0;
    };

    std::unordered_map<std::string, PostState> posts_; ///< By network and id.
    std::unordered_map<std::string, IncidentState> incidents_;
};

} // namespace empathd::analysis

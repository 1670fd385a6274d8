#pragma once

#include "analysis/model/incident.hpp"
#include "analysis/model/post.hpp"
#include "analysis/spread/exposure.hpp"
#include "analysis/spread/features.hpp"
#include "analysis/spread/forecaster.hpp"
#include "analysis/spread/leaky.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace empathd::analysis {

/// Remembers what every post that carries a story counted last, how fast each story grows, and says
/// how far posts and stories may go.
///
/// Counts are fed as differences; a count that falls (likes taken back, a network that corrects
/// itself) feeds nothing. Each new post counts as one reaction. A post whose network shows no
/// counts counts as itself alone and is not forecast.
/// Pure: no clock. The same calls in the same order give the same state. Calls in the order of
/// time: what comes late feeds the pace, but not the forecast.
class SpreadBook {
public:
    /// A post that carries the story came into it, first seen at `at` with these counts.
    void arrive(const std::string& incident, const Post& post, TimePoint at);

    /// New counts of a post, for those of these stories that it carries. A post that never arrived
    /// is ignored.
    void observe(const std::vector<std::string>& incidents, const PostKey& key,
                 const Engagement& engagement, TimePoint at);

    /// How the story spreads at `at`; nothing at all for an unknown one. `reach` is what is known
    /// of its views and followers; its reactions are the book's own.
    [[nodiscard]] Outlook outlook(const std::string& incident, TimePoint at, Reach reach = {},
                                  const ExposureFactors& factors = {});

    /// Reactions an hour now, as `outlook` gives them; 0 for an unknown one.
    [[nodiscard]] double rate_of(const std::string& incident, TimePoint at) const;

    /// Reactions of the posts that carry it, these counted as one each; 0 for an unknown one.
    [[nodiscard]] double reactions_of(const std::string& incident) const;

    /// How far one post may go; nothing for one that never arrived or shows no counts.
    [[nodiscard]] std::optional<Forecast> forecast_of(const PostKey& key, TimePoint at) const;

    /// Takes back the highest rate so far, which only the store remembers after a restart.
    void restore_peak(const std::string& incident, double per_hour);

    /// `from`'s posts are `into`'s now.
    void merge(const std::string& into, const std::string& from);

    /// These posts are `into`'s now and no longer `from`'s. The pace is shared out by reactions.
    void split(const std::string& from, const std::string& into, const std::vector<PostKey>& keys);

    /// Learns from posts and stories whose life is over at `at`, and forgets these posts. True:
    /// something was learned, and what `save` gives has changed.
    bool mature(TimePoint at);
    [[nodiscard]] std::size_t posts() const noexcept { return posts_.size(); }

    void forget_post(const PostKey& key);
    void forget_incident(const std::string& incident);

    [[nodiscard]] const Forecaster& forecaster() const noexcept { return forecaster_; }
    /// The reactions that count as spreading on every platform; nothing: what is usual there.
    void set_threshold(const std::vector<std::string>& platforms, std::optional<double> reactions);

    /// What was learned; nothing of running posts and stories: these are replayed.
    [[nodiscard]] std::string save() const;
    /// `malformed` for other bytes; nothing has changed then.
    Result<> load(std::string_view bytes);

private:
    struct StoryState {
        LeakyCounters counters;
        Track track;
        double sum = 0;
        double peak_per_hour = 0;
    };
    struct PostState {
        Track track;
        TimePoint arrived_at{};
        std::uint64_t views = 0;
        std::uint64_t followers = 0;
    };

    static std::string name_of(const PostKey& key) { return key.network + '\x1f' + key.id; }
    void grow(const std::string& incident, StoryState& story, double news, TimePoint from,
              TimePoint at);

    std::unordered_map<std::string, PostState> posts_; ///< By network and id.
    std::unordered_map<std::string, StoryState> stories_;
    Forecaster forecaster_;
    ViewRate view_rate_;
};

inline constexpr const char* spread_method = "nig-conformal-1";

} // namespace empathd::analysis

#pragma once

#include "analysis/lineage/minhash.hpp"
#include "analysis/model/incident.hpp"
#include "analysis/model/post.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

struct TrackerOptions {
    std::chrono::hours window{72};   ///< A story can be joined this long after its last post.
    std::size_t candidates_max = 16; ///< Near-copies compared per band: common phrases stay cheap.
};

/// One mention on its way into a story.
struct StoryPost {
    const Post& post;
    std::string brand;
    bool complaint = false;
    float complaint_probability = 0; ///< Calibrated, of being a complaint.
    std::string language;            ///< As understood; "und" when unsure.
    std::optional<MinHash> signature;
};

/// In place of a story's title once its first post is gone: a deleted post's words are not kept.
inline constexpr std::string_view deleted_title = "(deleted at the source)";

/// Where it went.
struct Placement {
    std::string incident; ///< Empty: no story, and no complaint that would begin one.
    bool opened = false;  ///< It began the story, or a new episode of a resolved one.
    bool copy = false;    ///< A near-copy of an earlier member.
};

/// Knows the running stories of all brands and says which one a mention belongs to.
///
/// A mention joins the story of its brand that it answers or shares a thread with, else the one
/// whose member it nearly copies, else the one that shares a link with it. A complaint that finds
/// none begins one; anything else then stays alone. A story nobody adds to for the window is
/// resolved by `expire`; joined within another window it comes back as the next episode.
///
/// Pure: no clock, no I/O. The same calls in the same order give the same state, which is how a
/// restart rebuilds it from the store.
class Tracker {
public:
    explicit Tracker(TrackerOptions options);
    ~Tracker();
    Tracker(Tracker&&) noexcept;
    Tracker& operator=(Tracker&&) noexcept;

    /// Places a mention that was first seen at `at`. A post that is a member already (an edit)
    /// keeps its story and is counted anew.
    Placement place(const StoryPost& mention, TimePoint at);

    /// Puts a story back as it was told: identity, episode, revision, state, severity. Its members
    /// follow by `restore`, which counts them.
    void restore(const Incident& told);
    /// Puts a member back into the story it was stored with; unknown stories are ignored.
    void restore(const StoryPost& mention, const std::string& incident, bool copy, TimePoint at);

    /// New counts of a post; the stories it is in.
    std::vector<std::string> observe(const PostKey& key, const Engagement& engagement);

    /// The post is gone at its source; the stories it was in (which may now have no members). A
    /// story that it began loses its title with it.
    std::vector<std::string> remove(const PostKey& key);

    /// Marks stories older than the window resolved and forgets those older than two; the ids of
    /// the newly resolved.
    std::vector<std::string> expire(TimePoint now);

    /// Nothing when unknown or forgotten. Valid until the story is forgotten. Counts are the
    /// tracker's; state, revision, severity, score and outlook are the caller's to set.
    [[nodiscard]] Incident* find(const std::string& id);

    /// Highest probability that a member is a complaint; 0 when unknown.
    [[nodiscard]] float certainty(const std::string& id) const;

    [[nodiscard]] std::size_t size() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The form in which two links count as the same: no scheme, no "www.", no fragment, no utm_ and
/// similar tracking parameters, no trailing slash. Empty for a bare host, which says nothing.
[[nodiscard]] std::string link_identity(std::string_view url);

} // namespace empathd::analysis

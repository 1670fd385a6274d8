#pragma once

#include "analysis/incident/link_identity.hpp"
#include "analysis/incident/retold.hpp"
#include "analysis/incident/story.hpp"
#include "analysis/lineage/minhash.hpp"
#include "analysis/model/error.hpp"
#include "analysis/model/incident.hpp"
#include "analysis/model/mention.hpp"
#include "analysis/model/post.hpp"
#include "analysis/model/timeline.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// A complaint whose likeness to a story reaches this retells it. Set on a development week
/// (README.md), not on what is measured.
inline constexpr float retold_likeness_min = 0.9F;
/// The same of a mention that is no complaint: news, a warning, a question about it.
inline constexpr float retold_likeness_min_others = 1.8F;

struct TrackerOptions {
    std::chrono::hours window{72};   ///< A story can be joined this long after its last post.
    std::size_t candidates_max = 16; ///< Near-copies compared per band: common phrases stay cheap.
    bool retold = true;              ///< False: only threads, near-copies and links join.
    float retold_min = retold_likeness_min;
    float retold_min_others = retold_likeness_min_others;
};

/// One mention on its way into a story.
struct StoryPost {
    const Post& post;
    std::string brand;
    bool complaint = false;
    float complaint_probability = 0; ///< Calibrated, of being a complaint.
    std::string language;            ///< As understood; "und" when unsure.
    std::optional<MinHash> signature;
    Telling telling = Telling::none;
    std::string reason; ///< Labels of Facet::reason and Facet::need, as understood.
    std::string need;
    std::vector<Span> spans; ///< Where post.text names the brand: those words tell no story.
};

/// In place of a story's title once its first post is gone: a deleted post's words are not kept.
inline constexpr std::string_view deleted_title = "(deleted at the source)";

/// Which rule brought a mention where it went.
enum class JoinedBy : std::uint8_t { nothing, itself, thread, copy, link, retold };

/// Where it went.
struct Placement {
    std::string incident; ///< Empty: no story, and no complaint that would begin one.
    bool opened = false;  ///< It began the story, or a new episode of a resolved one.
    bool copy = false;    ///< A near-copy of an earlier member.
    JoinedBy by =
        JoinedBy::nothing; ///< `itself`: an edit of a member. `nothing` when it began one.
    /// How like the likeliest story it was: why it was joined by `retold`, or what it fell short
    /// by where it began one or stayed alone. Nothing when there was none to compare, or no need.
    std::optional<Likeness> likeness;
};

/// What people corrected by hand, for the store: members and incidents do not tell it. Put back
/// before anything else, it lets members that are stored with their old story's id follow.
struct Corrections {
    struct Alias {
        std::string from; ///< The id of a story that is no more.
        std::string into;

        friend bool operator==(const Alias&, const Alias&) = default;
    };
    /// A post that was split off, or moved on after that: it is in this story, whatever the store
    /// says.
    struct Moved {
        std::string brand;
        PostKey key;
        std::string incident;

        friend bool operator==(const Moved&, const Moved&) = default;
    };
    std::vector<Alias> aliases; ///< By `from`, each once; `into` is no alias itself.
    std::vector<Moved> moved;   ///< By brand and key, each once.
};

/// Knows the running stories of all brands and says which one a mention belongs to.
///
/// A mention joins the story of its brand that it answers or shares a thread with, else the one
/// whose member it nearly copies, else the one that shares a link with it, else the one it retells
/// (retold.hpp). A complaint that finds none begins one; anything else then stays alone. A story
/// nobody adds to for the window is resolved by `expire`; joined within another window it comes
/// back as the next episode.
///
/// Pure: no clock, no I/O. The same calls in the same order give the same state, which is how a
/// restart rebuilds it from the store: corrections, then incidents, then members in the order in
/// which they were placed, then observations in theirs.
class Tracker {
public:
    explicit Tracker(TrackerOptions options);
    ~Tracker();
    Tracker(Tracker&&) noexcept;
    Tracker& operator=(Tracker&&) noexcept;

    /// Places a mention that was first seen at `at`. A post that is a member already (an edit)
    /// keeps its story and is counted anew.
    Placement place(const StoryPost& mention, TimePoint at);

    /// Puts corrections back. Call first.
    void restore(const Corrections& corrections);
    /// Puts a story back as it was told: identity, episode, revision, state, severity. Its members
    /// follow by `restore`, which counts them. One that was merged into another is ignored.
    void restore(const Incident& told);
    /// Puts a member back into the story it was stored with, or the one it was corrected to;
    /// unknown stories are ignored.
    void restore(const StoryPost& mention, const std::string& incident, bool copy, TimePoint at);

    /// New counts of a post at `at`; the stories it is in.
    std::vector<std::string> observe(const PostKey& key, const Engagement& engagement,
                                     TimePoint at);

    /// The post is gone at its source; the stories it was in (which may now have no members). A
    /// story that it began loses its title with it.
    std::vector<std::string> remove(const PostKey& key);

    /// Marks stories older than the window resolved and forgets those older than two; the ids of
    /// the newly resolved.
    std::vector<std::string> expire(TimePoint now);

    /// Two stories are one. `from`'s members move into `into`, which keeps its title, episode,
    /// revision and state, but is open when only `from` was, and as severe as the more severe.
    /// `from`'s id stays an alias: find() knows it, and answers to its posts land in `into`.
    /// Fails with `not_found` for an id that is unknown, with `refused` for the same story and for
    /// stories of different brands; then nothing has changed.
    Result<> merge(const std::string& into, const std::string& from);

    /// These members are another story; its id. They stay apart from the story they were in, and
    /// what answers, copies or retells them follows them. The new story is open, not told yet, and
    /// is called by its first member's words. Fails with `not_found` for an unknown story or a key
    /// that is no member, with `refused` for no keys and for all members; then nothing has changed.
    Result<std::string> split(const std::string& id, const std::vector<PostKey>& keys);

    /// Every correction that still concerns a story: what to store.
    [[nodiscard]] Corrections corrections() const;

    /// Nothing when unknown or forgotten; an alias gives the story it was merged into. Valid until
    /// the story is forgotten. Counts are the tracker's; state, revision, severity, score and
    /// outlook are the caller's to set.
    [[nodiscard]] Incident* find(const std::string& id);

    /// Highest probability that a member is a complaint; 0 when unknown.
    [[nodiscard]] float certainty(const std::string& id) const;

    /// How the story grew; empty when unknown. Made when asked for.
    [[nodiscard]] Timeline timeline(const std::string& id) const;

    /// The story's members, in the order in which they came; empty when unknown.
    [[nodiscard]] std::vector<PostKey> members(const std::string& id) const;

    [[nodiscard]] std::size_t size() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace empathd::analysis

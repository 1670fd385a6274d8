#pragma once

#include "analysis/incident/account.hpp"
#include "analysis/lineage/minhash.hpp"
#include "analysis/model/incident.hpp"
#include "analysis/model/post.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::analysis {

/// Who tells: somebody it happened to, somebody who heard of it, or nobody that could be told.
enum class Telling : std::uint8_t { none, first_hand, second_hand };

/// A post's reactions from a time on.
struct ReactionsAt {
    TimePoint at{};
    std::uint64_t reactions = 0;
};

/// Of one post, so many times are kept; of more, neighbours nearest in time become one.
inline constexpr std::size_t reaction_times_max = 48;

/// One post of a story, as far as the story counts it.
struct Member {
    PostKey key;
    std::string url;
    std::string author;
    std::string language;
    std::string reason; ///< Labels of Facet::reason and Facet::need; empty when unsure.
    std::string need;
    std::string title; ///< Its first line: what the story is called when it begins with this one.
    bool complaint = false;
    bool copy = false;
    bool repost = false; ///< Passes another post on letter by letter ("RT @...").
    bool answer = false; ///< Of a post, seen or not.
    Telling telling = Telling::none;
    float probability = 0;
    std::uint64_t followers = 0;
    std::uint64_t reactions = 0;
    std::uint64_t views = 0;
    TimePoint at{};
    std::uint64_t order = 0; ///< Grows with arrival, within one tracker.
    // What finds the story through this post.
    std::vector<std::string> threads; ///< Keys of its own id and of its thread.
    std::vector<std::string> links;   ///< link_identity of each.
    std::optional<MinHash> signature;
    Account account;                 ///< Empty unless it tells().
    std::vector<ReactionsAt> growth; ///< By time; the first is how it arrived.
};

/// What is left of a member whose post is gone at its source.
struct DeletedPost {
    std::uint64_t order = 0;
    std::vector<std::string> threads;
};

/// Whether what it says says what the story is about: no copies, and of answers only complaints.
[[nodiscard]] inline bool tells(const Member& member) noexcept
{
    return !member.copy && (member.complaint || !member.answer);
}

/// An author as a story knows them.
struct Author {
    std::uint64_t followers = 0;
    bool witness = false;
};

/// A name of a story and who uses it.
struct NameUse {
    std::string text;              ///< As first written with a capital.
    std::set<std::string> authors; ///< Network and author; two are enough to know.
    bool place = false;            ///< At least once after a word that places go with.
};

/// How often the accounts of a story say something.
struct FeatureUse {
    std::uint64_t hash = 0;
    std::uint32_t accounts = 0;
    bool name = false; ///< At least one writes it like a name, or a place.
    bool place = false;
    std::uint64_t family = 0;
};

/// An incident with its members and what they say together.
struct Story {
    Incident incident;
    std::vector<Member> members; ///< By order.
    std::vector<DeletedPost> deleted;
    PostKey titled_by; ///< The member whose words the title has; empty when not known.
    std::map<std::pair<std::string, std::string>, Author> authors; ///< Network and author.
    std::set<std::string> urls; ///< link_identity of members' own.
    std::map<std::uint64_t, NameUse> names;
    std::uint64_t lead_reactions = 0;
    float certainty = 0;
    // Kept by RetoldIndex.
    std::vector<FeatureUse> uses; ///< By hash.
    std::uint32_t accounts = 0;   ///< Members that tell it.
    bool indexed = false;
    TimePoint told_at{};    ///< When it was last told.
    std::uint64_t seen = 0; ///< Scratch of one search.
    float rough = 0;        ///< Scratch of one search.
};

/// Adds one member to the story's counts.
void count(Story& story, const Member& member);

/// Counts all members anew, after one has left or changed.
void recount(Story& story);

/// Notes reactions at a time. Times of one member do not fall.
void grow(Member& member, TimePoint at, std::uint64_t reactions);

/// The post's first line, at most 140 bytes, cut between characters and marked when it goes on.
[[nodiscard]] std::string title_of(const Post& post);

} // namespace empathd::analysis

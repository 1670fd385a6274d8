#pragma once

#include "analysis/model/time.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace empathd {

/// Longest text kept of one post, in bytes; the rest is cut at a character and `truncated` says so.
inline constexpr std::size_t post_text_bytes_max = 64 * 1024;

/// Counts a network shows beside a post. Absent means that the network did not say: it is not zero.
struct Engagement {
    std::optional<std::uint64_t> likes;   ///< Likes, favourites, claps.
    std::optional<std::uint64_t> replies; ///< Replies or comments.
    std::optional<std::uint64_t> shares;  ///< Reposts, boosts, quotes.
    std::optional<std::uint64_t> views;   ///< Views or impressions.
    std::optional<std::int64_t> score;    ///< Up minus down votes; may be negative.

    friend bool operator==(const Engagement&, const Engagement&) = default;
};

/// Reactions the counts stand for: likes, replies and shares, absent ones as none; a positive score
/// in place of likes where a network shows no likes. Views are no reactions.
[[nodiscard]] std::uint64_t reactions(const Engagement& engagement) noexcept;

/// What makes a post the same post wherever it is met: the network and its global id there (AT-URI,
/// ActivityPub uri, item number). Ids are opaque text, never numbers.
struct PostKey {
    std::string network;
    std::string id;

    friend auto operator<=>(const PostKey&, const PostKey&) = default;
};

struct Media {
    std::string url;
    std::string description; ///< Alternative text; empty when the author gave none.

    friend bool operator==(const Media&, const Media&) = default;
};

/// Who speaks in a source: people who buy from the company, or people who work for it.
enum class Audience : std::uint8_t { customer, employee };

/// One published post, as its source showed it. Immutable once read.
struct Post {
    PostKey key;
    std::string
        native_id; ///< What `Connector::observe` asks with; equals key.id unless ids are local.
    std::string source; ///< Name of the configured source that brought it.
    Audience audience = Audience::customer;
    std::string url;    ///< Where a person reads it; may be empty.
    std::string author; ///< Stable handle or id in the network; may be empty.
    std::string author_name;
    std::optional<std::uint64_t> author_followers;
    std::string title; ///< Plain NFC text, may be empty.
    std::string
        text; ///< Plain NFC UTF-8, no markup, at most post_text_bytes_max. Spans point here.
    bool truncated = false;
    std::string language; ///< As the source claims it (BCP 47); empty when it does not say.
    std::string reply_to; ///< Global id of the post answered; empty for a first post.
    std::string thread;   ///< Global id of the thread's first post; empty when unknown or itself.
    std::vector<std::string> links;
    std::vector<Media> media;
    TimePoint published_at{};   ///< As claimed by the source.
    std::string published_text; ///< The claim, letter by letter.
    std::optional<TimePoint> edited_at;
    TimePoint seen_at{}; ///< First seen by us; the poller sets it unless the connector did.
    Engagement engagement;
};

/// Engagement of a known post at a later time.
struct Observation {
    PostKey key;
    TimePoint at{}; ///< The poller sets it unless the connector did.
    Engagement engagement;
};

} // namespace empathd

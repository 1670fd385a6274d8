#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/post.hpp"
#include "connectors/connector.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace empathd::connectors {

/// Items read of one document: more would keep the event loop from its other sources.
inline constexpr std::size_t feed_items_read_max = 20'000;

/// One item of a feed, before it is known which of them are new.
struct FeedItem {
    std::string id; ///< Atom id, RSS guid, rdf:about or JSON Feed id, as it stands; may be empty.
    bool dated = false; ///< Whether `post.published_at` was read; otherwise it is unset.
    /// All of the post but key, native_id, source, audience and thread. `reply_to` is the
    /// reference as it stands, `published_text` also a claim that could not be read.
    Post post;
};

/// What a feed says.
struct FeedDocument {
    std::vector<FeedItem> items;      ///< As they stand in the document.
    std::vector<std::string> deleted; ///< Ids of RFC 6721 tombstones, as they stand.
    std::vector<Rejected> rejected;   ///< Items with neither id, link, title nor text.
    bool cut = false;                 ///< Too large: its end was not read.
};

/// Where a document came from.
struct FeedOrigin {
    std::string_view content_type; ///< The header; may be empty or wrong.
    std::string_view url;          ///< Its address after redirects: what its links are relative to.
};

/// Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1, told apart by what they
/// hold and never by what the server calls them.
/// Fails with `malformed` for anything else; for an HTML page the message says so, and which feed
/// the page names. Pure.
/// Sources: https://www.rssboard.org/rss-specification, RFC 4287 (Atom), RFC 4685 (threading),
/// RFC 6721 (tombstones), https://www.jsonfeed.org/version/1.1/, https://www.rssboard.org/media-rss
[[nodiscard]] Result<FeedDocument> parse_feed(std::string_view body, const FeedOrigin& origin);

/// The two halves of it: text in valid UTF-8 whose root is known to be a feed.
[[nodiscard]] Result<FeedDocument> parse_xml_feed(std::string_view text, std::string_view url);
[[nodiscard]] Result<FeedDocument> parse_json_feed(std::string_view text, std::string_view url);

} // namespace empathd::connectors

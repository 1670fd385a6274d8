#pragma once

#include "connectors/connector.hpp"
#include "connectors/feed/cursor.hpp"
#include "connectors/feed/document.hpp"
#include "connectors/registry.hpp"

#include <memory>
#include <string>

namespace empathd::connectors {

/// Largest feed that is read, in bytes, decompressed.
inline constexpr std::size_t feed_body_bytes_max = 8 * 1024 * 1024;

struct FeedOptions {
    std::string address; ///< Of the feed, as configured: in its cursor and in ids of its own.
    std::string network = "feed"; ///< What its keys belong to.
    std::size_t items = 500;      ///< Newest items looked at in one page, 1 to feed_items_max.
    SourceIdentity identity;
};

/// Follows one feed: RSS, Atom or JSON Feed (document.hpp). Options: feed.toml.
///
/// Asks conditionally; a server that knows no 304, or changes its ETag each time, is seen through
/// by a digest of the body. An item is handed over when it is new, and again when its title or text
/// changed since one of the last two pages; its counts come as observations in between. When
/// nothing of a page was known before, posts may have come and gone between two polls: Page::lost.
/// Fails as `Connector` says; an HTML page and an empty answer are `malformed`, HTTP 410 is a
/// `not_found` that says so. `observe_ids_max()` is 0: a feed cannot be asked about an item.
[[nodiscard]] std::unique_ptr<Connector>
make_feed(config::Section& section, const SourceIdentity& identity, Environment environment);

/// What of a document is new to `cursor`, which is moved on. Pure: `now` dates posts that have no
/// date of their own.
///
/// A post's key is its id in the feed, else its link, else the digest of title and text. Ids that
/// are no URI on their own ("42") get the feed's address in front, as two feeds may both use them.
/// Items of one document that share an id are told apart by their links, or by author, date and
/// title where they share the link for want of an id; an id once shared stays so.
[[nodiscard]] Page page_of(FeedDocument document, const FeedOptions& options, TimePoint now,
                           FeedCursor& cursor);

} // namespace empathd::connectors

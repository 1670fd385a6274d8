#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/post.hpp"
#include "connectors/connector.hpp"
#include "connectors/registry.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::connectors {

/// Stories and comments of Hacker News that hold one of the configured phrases. Options:
/// hackernews.toml.
///
/// Searches by Algolia's GET {base_url}/search_by_date, a window of time at a time, oldest first. A
/// window with more hits than fit one answer is made narrower, so the 1,000 results at which every
/// query ends are never met. The search index is late: each round asks again from `overlap_minutes`
/// before the newest hit seen, and the cursor remembers which hits of that stretch are known.
/// Counts come from the item itself: GET {firebase_url}/item/ID.json, one request an id.
/// Sources: https://hn.algolia.com/api and https://github.com/HackerNews/API
/// Limits: about 10,000 searches an hour and address (a figure of the community); no stated limit
/// for items. A post found by two phrases may come twice; its key joins it.
[[nodiscard]] std::unique_ptr<Connector>
make_hackernews(config::Section& section, const SourceIdentity& identity, Environment environment);

/// One hit of a search.
struct HackernewsHit {
    std::string id;                 ///< The item number; of an unreadable hit without one, a hash.
    std::int64_t created_s = 0;     ///< Seconds since 1970; 0 when the hit does not say.
    std::optional<Post> post;       ///< Nothing when it could not be read:
    std::optional<Rejected> reject; ///< then why.
};

/// One answer of the search.
struct HackernewsHits {
    std::vector<HackernewsHit> hits;    ///< In the order of the answer: newest first.
    std::optional<std::uint64_t> total; ///< Hits of the query as the server counts them.
    std::uint64_t page_size = 0; ///< Hits an answer may hold as the server says; 0: it does not.
};

/// Reads an answer of search_by_date. Fails with `malformed` when it has no list of hits.
[[nodiscard]] Result<HackernewsHits> parse_hackernews_hits(std::string_view json,
                                                           const SourceIdentity& identity);

/// Reads an item. Nothing inside for an item that is null, deleted or dead. Fails with `malformed`
/// when it is no item.
[[nodiscard]] Result<std::optional<Observation>> parse_hackernews_item(std::string_view json);

} // namespace empathd::connectors

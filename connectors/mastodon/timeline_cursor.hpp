#pragma once

#include "analysis/model/error.hpp"
#include "connectors/mastodon/timeline_walk.hpp"

#include <map>
#include <string>

namespace empathd::connectors {

/// One timeline in the cursor.
struct TimelineProgress {
    TimelineState state;
    bool open = false; ///< It was not read to its end yet in this round.
};

/// What the cursor of a Mastodon source holds.
struct MastodonProgress {
    std::map<std::string, TimelineProgress> timelines; ///< By name: "tag:a,b", "public", "local".
    std::string turn; ///< The timeline that is next; empty: the first one.
};

/// The cursor: printable JSON. Reading fails with `malformed`; an empty cursor is no progress.
[[nodiscard]] std::string to_cursor(const MastodonProgress& progress);
[[nodiscard]] Result<MastodonProgress> mastodon_from_cursor(const std::string& cursor);

} // namespace empathd::connectors

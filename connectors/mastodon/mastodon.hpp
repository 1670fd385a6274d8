#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/post.hpp"
#include "connectors/connector.hpp"
#include "connectors/registry.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::connectors {

/// Public posts of a Mastodon instance, or of a server that speaks its API (Pleroma, GoToSocial,
/// Misskey's and others): hashtags and the public or local timeline. Options: mastodon.toml.
///
/// Asks GET {base_url}/api/v1/timelines/tag/TAG and /api/v1/timelines/public, forward by min_id and
/// without a hole (timeline_walk.hpp), and re-reads counts by GET /api/v1/statuses?id[]=, one by
/// one where a server lacks that. Sources: https://docs.joinmastodon.org/methods/timelines/ and
/// https://docs.joinmastodon.org/methods/statuses/#index
///
/// One fetch sends at most 12 requests, at most 4 for one timeline; what is left waits in the
/// cursor. Limits of Mastodon: 300 requests in 5 minutes for an address or account. When an answer
/// says that none is left (X-RateLimit-Remaining), the fetch ends early. X-RateLimit-Reset is not
/// used: the transport shows no headers of a refused request, only its Retry-After.
///
/// The token is read from its file at every fetch, so it can be replaced while the daemon runs.
[[nodiscard]] std::unique_ptr<Connector>
make_mastodon(config::Section& section, const SourceIdentity& identity, Environment environment);

/// What reading a status depends on.
struct MastodonReading {
    std::string base_url;              ///< Of the instance, without trailing slash.
    SourceIdentity identity;           ///< Goes into every post.
    bool respect_noindex = true;       ///< Leave out authors who do not want to be indexed.
    bool respect_discoverable = false; ///< Leave out authors who do not want to be suggested.
};

/// One element of a timeline.
struct MastodonStatus {
    std::string id; ///< Local to the instance; of a boost the boost's own. Empty: it has none.
    std::optional<TimePoint> created;
    std::optional<Post> post;       ///< Nothing when it could not be read or is left out because
                                    ///< it is not public or its author does not want it.
    std::optional<Rejected> reject; ///< Why it could not be read.
};

/// Reads a list of statuses, in its order. Fails with `malformed` when it is no list.
///
/// A boost becomes the boosted status. A content warning is the first line of the text. An answer
/// names its parent by the local id only, so Post::reply_to is the parent's uri when the parent is
/// on the same page, or is by the same author of this instance (then it differs in the id alone);
/// otherwise it is "{base_url}/statuses/ID": right as a sign that this is an answer, but no key of
/// any post.
[[nodiscard]] Result<std::vector<MastodonStatus>>
parse_mastodon_statuses(std::string_view json, const MastodonReading& reading);

/// Reads the counts of one status or of a list of them; what is no status is left out. Fails with
/// `malformed` when it is neither.
[[nodiscard]] Result<std::vector<Observation>>
parse_mastodon_counts(std::string_view json, const MastodonReading& reading);

/// The max_id of the Link header's rel="next"; empty when there is none.
[[nodiscard]] std::string mastodon_next_max_id(std::string_view link_header);

} // namespace empathd::connectors

#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/post.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace empathd::connectors {

/// Most posts one page may hold; a connector that read more hands out the rest with `more`.
inline constexpr std::size_t page_posts_max = 1'000;

/// An item of a readable page that could not be read itself.
struct Rejected {
    std::string reason; ///< One line: what was wrong with it.
    std::string sample; ///< The start of the item as it came, at most 4 KiB.
};

/// What one poll brought back.
struct Page {
    std::vector<Post> posts;        ///< Oldest first.
    std::vector<PostKey> deletions; ///< Posts the source says are gone.
    std::vector<Observation>
        observations; ///< Counts of older posts, where the source sends them along.
    std::vector<Rejected> rejected;
    std::string cursor;     ///< Opaque to everyone but the connector that wrote it; printable text.
    bool more = false;      ///< The source holds more right now: ask again before sleeping.
    bool unchanged = false; ///< The source said that nothing is new (HTTP 304 or an equal body).
    std::string lost;       ///< Not empty: a known hole, in words; goes into the coverage ledger.
    std::optional<TimePoint> as_of; ///< The time this page is about, when not now (a replay).
};

/// One place posts come from.
///
/// A connector is asked, it does not run: the daemon owns schedule, retries, rate budget and the
/// storing of the cursor. Between calls it keeps nothing that it could not rebuild from the cursor,
/// so killing the daemon between two calls loses nothing.
///
/// Called from one strand, never concurrently with itself. Several instances of one connector run
/// side by side: no mutable globals. It does not log.
class Connector {
public:
    virtual ~Connector() = default;

    /// The posts published after `cursor`; with an empty cursor the newest the source shows.
    ///
    /// Fails with `unavailable`, `rate_limited`, `unauthorized`, `refused`, `not_found` or
    /// `malformed`; the caller then keeps the old cursor. One unreadable post in a readable page
    /// goes into `rejected` and is no failure. Cancelling ends it with `cancelled`.
    virtual boost::asio::awaitable<Result<Page>> fetch(std::string cursor) = 0;

    /// Engagement now of posts it brought, by Post::native_id, at most `observe_ids_max()` of them.
    /// Ids the source no longer knows are left out: twice in a row means deleted at the source.
    /// A post whose source shows no counts comes back with an empty Engagement.
    virtual boost::asio::awaitable<Result<std::vector<Observation>>>
    observe(std::vector<std::string> native_ids) = 0;

    /// Most ids one `observe` takes; 0: the source cannot be asked again, `observe` is never
    /// called.
    [[nodiscard]] virtual std::size_t observe_ids_max() const noexcept = 0;
};

} // namespace empathd::connectors

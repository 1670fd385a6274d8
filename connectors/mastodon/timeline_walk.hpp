#pragma once

#include "analysis/model/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::connectors {

inline constexpr std::size_t timeline_known_max = 20;    ///< Newest statuses remembered.
inline constexpr std::uint32_t backfill_pages_max = 500; ///< Pages one hole is filled with.

/// One status as the paging sees it.
struct TimelineEntry {
    std::string id; ///< Local to the instance, opaque.
    std::optional<TimePoint> created;
};

/// A stretch of a timeline that still has to be read, downwards.
struct Backfill {
    /// Everything from these statuses up has been read: the lowest first, then the ones above it,
    /// which stand in when it is deleted.
    std::vector<std::string> bottom;
    std::size_t stand_in = 0;         ///< Which of them is asked below; less than their number.
    std::vector<std::string> to;      ///< Statuses known before the hole, newest first.
    std::optional<TimePoint> to_time; ///< The newest time seen before the hole.
    std::uint32_t pages = 0;          ///< Read so far.
};

/// How far one timeline has been read; part of the cursor.
struct TimelineState {
    bool started = false;             ///< It was read at least once.
    std::size_t page_max = 0;         ///< Statuses on the largest page the server ever gave.
    std::vector<std::string> known;   ///< The newest statuses read, newest first, without holes.
    std::optional<TimePoint> newest;  ///< The newest time among all that was read.
    std::optional<Backfill> backfill; ///< The hole below `known`, when there is one.
};

/// What to ask the server for.
struct TimelineAsk {
    enum class Where : std::uint8_t { newest, above, below };

    Where where = Where::newest;
    std::string id; ///< Of `above` (min_id) and `below` (max_id).
};

/// Reads one timeline forward without a hole, whatever the server makes of min_id. Pure: it says
/// what to ask and is told the answers.
///
/// It never believes that a page begins where it was asked to. Each poll asks above the oldest of
/// the remembered statuses, so an answer without a hole shows some of them again: that is the
/// proof, and statuses that arrived late among them are found on the way. An answer that shows none
/// (the server answered with its newest page, or those statuses were deleted) is handed out, and
/// the stretch below it is read downwards with max_id until a remembered status, or an older one,
/// comes up. The stretch is part of the state, so a kill between two pages loses nothing.
///
/// Ids are compared as numbers only when they are numbers; else the order of the page and
/// created_at decide, with ten minutes of tolerance: after the deletion of all remembered statuses
/// on such a server, posts of those minutes may come a second time.
class TimelineWalk {
public:
    /// `state` must outlive the walk.
    explicit TimelineWalk(TimelineState& state);

    /// Nothing new is left on the server.
    [[nodiscard]] bool done() const noexcept { return step_ == Step::done; }
    [[nodiscard]] TimelineAsk ask() const;

    /// The answer to `ask()`, newest first; `link_below`: the max_id of its Link rel="next", which
    /// matters when a server filters a page down to nothing. Gives the indexes that are new.
    [[nodiscard]] std::vector<std::size_t> take(std::span<const TimelineEntry> page,
                                                std::string_view link_below);

    /// The server refused `ask()` (HTTP 400 or 404), perhaps because the status is gone. False:
    /// there is no other way to ask.
    [[nodiscard]] bool refused();

    /// Words for a hole that will stay; empty when there is none. Read once.
    [[nodiscard]] std::string take_lost();

private:
    enum class Step : std::uint8_t { overlap, newest, forward, backfill, done };
    using Indexes = std::vector<std::size_t>;

    Indexes take_head(std::span<const TimelineEntry> page);
    Indexes take_joined(std::span<const TimelineEntry> page, std::size_t lowest_known);
    Indexes take_apart(std::span<const TimelineEntry> page);
    Indexes take_below(std::span<const TimelineEntry> page, std::string_view link_below);
    void after_joined(std::span<const TimelineEntry> page, bool any_new);
    void nothing_below(std::string_view link_below);
    void descend(std::span<const TimelineEntry> page);
    void end_backfill(bool reached);
    void note_times(std::span<const TimelineEntry> page, const Indexes& fresh);

    TimelineState& state_;
    Step step_ = Step::newest;
    std::string anchor_; ///< What `forward` asks above.
    std::string lost_;
};

} // namespace empathd::connectors

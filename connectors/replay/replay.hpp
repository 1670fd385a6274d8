#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/post.hpp"
#include "connectors/connector.hpp"
#include "connectors/registry.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

namespace empathd::connectors {

/// Plays recorded posts from files of JSON lines as if they were happening: for demonstrations,
/// for trying out watches and alerts, and for tests. Options: replay.toml.
///
/// The lines of all files are merged by their times. A line is handed out when its time has come:
/// the first one at once, the others (their time - first time) / speed later. With shift "to_now"
/// all times are moved so that the last line falls on the moment at which the replay will be done,
/// so at every speed from 1 up nothing lies in the future; with "none" they stay as written. Posts
/// carry the moved time as published_at and seen_at, pages as Page::as_of.
///
/// The cursor holds the moment the replay began, the span of the files and how many bytes of each
/// file have been handed out: a restart goes on exactly, and a file added to the options later is
/// played from its beginning. Files are read a page at a time, never as a whole. A file that is
/// missing is `not_found`; one that became shorter or whose lines moved is `malformed`.
/// Lines that cannot be read go into Page::rejected. Counts come as lines of their own:
/// `observe_ids_max()` is 0.
[[nodiscard]] std::unique_ptr<Connector>
make_replay(config::Section& section, const SourceIdentity& identity, Environment environment);

/// What one line of a replay file says, with its time as written.
struct ReplayLine {
    std::optional<TimePoint> at; ///< Nothing: the line names no time, so it is due at once.
    std::variant<Post, Observation, PostKey> what; ///< A post, counts, or a deletion.
};

/// Reads one line: an object with "type" post (also when absent), engagement or deletion. A post
/// needs "id" and "text" or "title"; its other keys are in replay.toml. Times in the result are as
/// written and unset where the line names none.
/// Fails with `malformed`.
[[nodiscard]] Result<ReplayLine> parse_replay_line(std::string_view line,
                                                   const SourceIdentity& identity);

} // namespace empathd::connectors

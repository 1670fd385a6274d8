#pragma once

#include "daemon/store/sqlite_connection.hpp"
#include "daemon/store/sqlite_names.hpp"
#include "daemon/store/store.hpp"

#include <string>

namespace empathd::sqlite {

/// How rows become what the contract speaks of; used by the store and by its readers. A row that
/// cannot be read makes the connection fail.

/// Columns of read_mention(), of `mentions m` joined with `posts p`.
inline constexpr std::string_view mention_columns =
    "m.id, m.brand, m.language, m.language_p, m.labels, m.model, m.copy, m.incident, m.detail, "
    "p.network, p.key_id, p.native_id, p.source, p.audience, p.url, p.author, p.author_name, "
    "p.author_followers, p.title, p.text, p.truncated, p.language, p.reply_to, p.thread, p.links, "
    "p.media, p.published_at, p.published_text, p.edited_at, p.seen_at, "
    "p.likes, p.replies, p.shares, p.views, p.score";

[[nodiscard]] StoredMention read_mention(Connection& connection, Names& names, Statement& row);

/// Five columns from `first` on: likes, replies, shares, views, score.
[[nodiscard]] Engagement read_engagement(const Statement& row, int first);

/// One column: `document`.
[[nodiscard]] Incident read_incident(Connection& connection, const Statement& row, int column);

/// Two columns from `first` on: `document`, `body`.
[[nodiscard]] AlertRecord read_alert(Connection& connection, const Statement& row, int first);

/// Columns state and count(*), to the end.
[[nodiscard]] OutboxCounts read_outbox_counts(Statement& rows);

} // namespace empathd::sqlite

#include "daemon/store/sqlite_retention.hpp"

#include <chrono>
#include <vector>

namespace empathd::sqlite {
namespace {

std::uint64_t removed_by(Connection& connection, bool done)
{
    return done ? static_cast<std::uint64_t>(connection.changes()) : 0;
}

/// One batch; zero when nothing is left. Roll-ups are counts without words: they stay as long as
/// the ledger does.
std::uint64_t remove_posts(Connection& connection, PostWriter& posts, TimePoint before)
{
    std::vector<std::int64_t> ids;
    Transaction transaction(connection);
    Statement& rows =
        connection
            .prepared("SELECT id FROM posts INDEXED BY posts_by_time WHERE seen_at < ?1 LIMIT ?2")
            .bind(before, retention_batch);
    while (rows.next()) {
        ids.push_back(rows.integer(0));
    }
    std::uint64_t removed = 0;
    for (const std::int64_t id : ids) {
        removed += posts.erase(id, false);
    }
    posts.finish();
    return transaction.commit() ? removed : 0;
}

/// Alerts whose every copy has reached its end, stories that are over, samples: all hold words of
/// people, so they go with the posts.
std::uint64_t remove_stories(Connection& connection, TimePoint before)
{
    Transaction transaction(connection);
    std::uint64_t removed = removed_by(
        connection, connection.run("DELETE FROM outbox WHERE alert IN (SELECT seq FROM alerts a "
                                   "WHERE raised_at < ?1 AND NOT EXISTS (SELECT 1 FROM outbox o "
                                   "WHERE o.alert = a.seq AND o.state IN (?2, ?3)))",
                                   before, static_cast<int>(OutboxState::waiting),
                                   static_cast<int>(OutboxState::published)));
    removed += removed_by(connection,
                          connection.run("DELETE FROM alerts WHERE raised_at < ?1 AND NOT EXISTS "
                                         "(SELECT 1 FROM outbox o WHERE o.alert = alerts.seq)",
                                         before));
    removed += removed_by(connection,
                          connection.run("DELETE FROM incidents WHERE state = ?1 AND last_at < ?2",
                                         static_cast<int>(IncidentState::resolved), before));
    connection.run("DELETE FROM states WHERE name >= 'life:' AND name < 'life;' "
                   "AND substr(name, 6) NOT IN (SELECT id FROM incidents)"); // Bookkeeping.
    removed +=
        removed_by(connection, connection.run("DELETE FROM quarantine WHERE at < ?1", before));
    return transaction.commit() ? removed : 0;
}

std::uint64_t remove_counts(Connection& connection, TimePoint posts_before, TimePoint ledger_before)
{
    const auto hour = [](TimePoint time) {
        return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
    };
    Transaction transaction(connection);
    std::uint64_t removed = removed_by(
        connection, connection.run("DELETE FROM ledger WHERE minute < ?1", ledger_before));
    removed += removed_by(
        connection, connection.run("DELETE FROM rollups WHERE hour < ?1", hour(ledger_before)));
    removed +=
        removed_by(connection, connection.run("DELETE FROM journal WHERE at < ?1", ledger_before));
    connection.run("DELETE FROM receipts WHERE at < ?1", ledger_before);     // Bookkeeping.
    connection.run("DELETE FROM hours WHERE hour < ?1", hour(posts_before)); // Bookkeeping.
    return transaction.commit() ? removed : 0;
}

/// Deletion alone leaves the words in the index (an entry that says "gone" is added beside them)
/// and in the log.
void sweep(Connection& connection)
{
    const bool erased =
        connection.number("SELECT value FROM meta WHERE key = 'erased'").value_or(0) != 0;
    if (erased) {
        Transaction transaction(connection);
        connection.run("INSERT INTO search (search) VALUES ('optimize')");
        transaction.commit();
    }
    // Busy (1) when a reader still stands on an old page: the mark stays, the next call tries
    // again.
    const bool busy = connection.number("PRAGMA wal_checkpoint(TRUNCATE)").value_or(1) != 0;
    if (erased && !busy) {
        connection.run("UPDATE meta SET value = 0 WHERE key = 'erased'");
    }
}

} // namespace

std::uint64_t remove_old(Connection& connection, PostWriter& posts, TimePoint posts_before,
                         TimePoint ledger_before)
{
    std::uint64_t removed = 0;
    while (const std::uint64_t batch = remove_posts(connection, posts, posts_before)) {
        removed += batch;
    }
    removed += remove_stories(connection, posts_before);
    removed += remove_counts(connection, posts_before, ledger_before);
    sweep(connection);
    return removed;
}

} // namespace empathd::sqlite

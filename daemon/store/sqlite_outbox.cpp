#include "daemon/store/sqlite_outbox.hpp"

#include "daemon/store/sqlite_rows.hpp"

#include <algorithm>
#include <limits>

namespace empathd::sqlite {
namespace {

std::int64_t limit_of(std::size_t limit)
{
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(limit, most));
}

std::vector<OutboxRow> read_rows(Connection& connection, Statement& rows)
{
    std::vector<OutboxRow> found;
    while (rows.next()) {
        found.push_back({.id = rows.integer(0),
                         .alert_seq = rows.integer(1),
                         .sink = rows.text(2),
                         .record = read_alert(connection, rows, 5),
                         .attempts = static_cast<std::uint32_t>(rows.integer(3)),
                         .receipt = rows.text(4)});
    }
    return found;
}

} // namespace

/// By id, which is the order of the alerts: both are given out in the same moment.
std::vector<OutboxRow> outbox_rows_due(Connection& connection, const std::string& sink,
                                       TimePoint now, std::size_t limit)
{
    Statement& rows =
        connection
            .prepared("SELECT o.id, o.alert, o.sink, o.attempts, o.receipt, a.document, a.body "
                      "FROM outbox o INDEXED BY outbox_by_state "
                      "CROSS JOIN alerts a ON a.seq = o.alert "
                      "WHERE o.sink = ?1 AND o.state = ?2 AND o.next_at <= ?3 "
                      "ORDER BY o.id LIMIT ?4")
            .bind(sink, static_cast<int>(OutboxState::waiting), now, limit_of(limit));
    return read_rows(connection, rows);
}

std::vector<OutboxRow> outbox_rows_published(Connection& connection, const std::string& sink,
                                             std::int64_t after, std::size_t limit)
{
    Statement& rows =
        connection
            .prepared("SELECT o.id, o.alert, o.sink, o.attempts, o.receipt, a.document, a.body "
                      "FROM outbox o INDEXED BY outbox_by_state "
                      "CROSS JOIN alerts a ON a.seq = o.alert "
                      "WHERE o.sink = ?1 AND o.state = ?2 AND o.id > ?3 ORDER BY o.id LIMIT ?4")
            .bind(sink, static_cast<int>(OutboxState::published), after, limit_of(limit));
    return read_rows(connection, rows);
}

std::uint64_t replay_outbox_rows(Connection& connection, const std::string& sink,
                                 std::optional<std::int64_t> row)
{
    const bool done = connection.run(
        "UPDATE outbox SET state = ?3, attempts = 0, next_at = 0, error = '' "
        "WHERE sink = ?1 AND state = ?2 AND (?4 = 0 OR id = ?4)",
        sink, static_cast<int>(OutboxState::quarantined), static_cast<int>(OutboxState::waiting),
        row.value_or(0)); // No row has the id 0.
    return done ? static_cast<std::uint64_t>(connection.changes()) : 0;
}

void write_outbox_update(Connection& connection, const OutboxUpdate& update)
{
    connection.run("UPDATE outbox SET state = ?2, attempts = ?3, next_at = ?4, receipt = ?5, "
                   "error = ?6 WHERE id = ?1",
                   update.id, static_cast<int>(update.state), update.attempts, update.next_at,
                   update.receipt, update.error);
}

} // namespace empathd::sqlite

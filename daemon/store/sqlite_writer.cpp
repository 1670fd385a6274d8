#include "daemon/store/sqlite_writer.hpp"

#include "daemon/store/store_json.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

namespace empathd::sqlite {
namespace {

void write_incident(Connection& connection, const Incident& incident)
{
    connection.run("INSERT INTO incidents VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
                   "ON CONFLICT (id) DO UPDATE SET brand = excluded.brand, state = excluded.state, "
                   "score = excluded.score, last_at = excluded.last_at, "
                   "document = excluded.document",
                   incident.id, incident.brand, static_cast<int>(incident.state),
                   incident.score == incident.score ? incident.score : 0.0, incident.last_at,
                   incident_json(incident));
}

/// A key that was written before is the same alert: it is not told twice.
void write_alert(Connection& connection, const std::vector<std::string>& sinks,
                 const AlertRecord& record)
{
    connection.run("INSERT INTO alerts (key, raised_at, document, body) VALUES (?1, ?2, ?3, ?4) "
                   "ON CONFLICT (key) DO NOTHING",
                   record.alert.key, record.alert.raised_at, alert_json(record.alert), record.body);
    if (!connection.ok() || connection.changes() == 0) {
        return;
    }
    const std::int64_t seq = connection.last_id();
    for (const std::string& sink : sinks) {
        if (record.sinks &&
            std::find(record.sinks->begin(), record.sinks->end(), sink) == record.sinks->end()) {
            continue;
        }
        connection.run("INSERT INTO outbox (alert, sink, state) VALUES (?1, ?2, ?3)", seq, sink,
                       static_cast<int>(OutboxState::waiting));
    }
}

void write_quarantined(Connection& connection, const Quarantined& item)
{
    const std::string_view sample = std::string_view(item.sample).substr(0, sample_bytes_max);
    connection.run("INSERT INTO quarantine (at, source, stage, error, sample) "
                   "VALUES (?1, ?2, ?3, ?4, ?5)",
                   item.at, item.source, item.stage, item.error, sample);
    connection.run("DELETE FROM quarantine WHERE id <= ?1",
                   connection.last_id() - quarantine_rows_max);
}

void write_state(Connection& connection, const StateRecord& state)
{
    if (state.bytes.empty()) {
        connection.run("DELETE FROM states WHERE name = ?1", state.name);
    } else {
        connection.run("INSERT INTO states VALUES (?1, ?2) "
                       "ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes",
                       state.name, Blob{state.bytes});
    }
}

void write_journal(Connection& connection, const JournalEntry& entry)
{
    const auto incident = entry.incident.empty() ? std::nullopt : std::optional(entry.incident);
    connection.run("INSERT INTO journal (at, kind, incident, who, detail) "
                   "VALUES (?1, ?2, ?3, ?4, ?5)",
                   entry.at, entry.kind, incident, entry.who, entry.detail);
}

void write_source(Connection& connection, const PageCommit& page)
{
    const Conservation& sums = page.conservation;
    connection.run(
        "INSERT INTO sources (source, cursor, fetched, stored, duplicate, unmatched, rejected, "
        "quarantined, last_page_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
        "ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor, "
        "fetched = fetched + excluded.fetched, stored = stored + excluded.stored, "
        "duplicate = duplicate + excluded.duplicate, unmatched = unmatched + excluded.unmatched, "
        "rejected = rejected + excluded.rejected, "
        "quarantined = quarantined + excluded.quarantined, last_page_at = excluded.last_page_at",
        page.source, page.cursor, sums.fetched, sums.stored, sums.duplicate, sums.unmatched,
        sums.rejected, sums.quarantined, page.at);
}

bool says_something(const LedgerEntry& entry)
{
    return entry.polls != 0 || entry.pages != 0 || entry.errors != 0 || entry.posts != 0 ||
           entry.lost != 0 || entry.latency_ms != 0 || !entry.last_error.empty();
}

} // namespace

Result<> checked(const PageCommit& page)
{
    for (std::size_t i = 0; i < page.mentions.size(); ++i) {
        if (page.mentions[i].post >= page.posts.size()) {
            return Error{ErrorKind::storage,
                         "commit: mention " + std::to_string(i) + " of a page of " + page.source +
                             " belongs to post " + std::to_string(page.mentions[i].post) + " of " +
                             std::to_string(page.posts.size())};
        }
    }
    return {};
}

void write_page(Connection& connection, PostWriter& posts, const std::vector<std::string>& sinks,
                const PageCommit& page)
{
    for (const Incident& incident : page.incidents) {
        write_incident(connection, incident);
    }
    posts.write(page);
    for (const AlertRecord& alert : page.alerts) {
        write_alert(connection, sinks, alert);
    }
    for (const Quarantined& item : page.quarantined) {
        write_quarantined(connection, item);
    }
    for (const StateRecord& state : page.states) {
        write_state(connection, state);
    }
    for (const JournalEntry& entry : page.journal) {
        write_journal(connection, entry);
    }
    if (page.receipt) {
        connection.run("INSERT INTO receipts VALUES (?1, ?2, ?3) ON CONFLICT (key) DO NOTHING",
                       page.receipt->key, page.at, page.receipt->answer);
    }
    if (page.source.empty()) {
        return;
    }
    write_source(connection, page);
    if (says_something(page.ledger)) {
        LedgerEntry entry = page.ledger;
        entry.minute = entry.minute == TimePoint{} ? page.at : entry.minute;
        write_ledger(connection, entry.source.empty() ? page.source : entry.source, entry);
    }
}

void write_ledger(Connection& connection, const std::string& source, const LedgerEntry& entry)
{
    connection.run("INSERT INTO ledger VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
                   "ON CONFLICT (source, minute) DO UPDATE SET polls = polls + excluded.polls, "
                   "pages = pages + excluded.pages, errors = errors + excluded.errors, "
                   "posts = posts + excluded.posts, lost = lost + excluded.lost, "
                   "latency_ms = latency_ms + excluded.latency_ms, "
                   "last_error = iif(excluded.last_error = '', last_error, excluded.last_error)",
                   source, std::chrono::floor<std::chrono::minutes>(entry.minute), entry.polls,
                   entry.pages, entry.errors, entry.posts, entry.lost, entry.latency_ms,
                   entry.last_error);
    if (entry.errors != 0) {
        connection.run("INSERT INTO sources (source, last_error_at, last_error) "
                       "VALUES (?1, ?2, ?3) ON CONFLICT (source) DO UPDATE SET "
                       "last_error_at = excluded.last_error_at, last_error = excluded.last_error",
                       source, entry.minute, entry.last_error);
    } else {
        connection.run("INSERT OR IGNORE INTO sources (source) VALUES (?1)", source);
    }
}

} // namespace empathd::sqlite

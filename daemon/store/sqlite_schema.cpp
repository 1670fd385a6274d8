#include "daemon/store/sqlite_schema.hpp"

#include "daemon/store/search_text.hpp"

#include <sqlite3.h>

#include <string>

namespace empathd::sqlite {
namespace {

std::int64_t version_of(Connection& connection)
{
    return connection.number("PRAGMA user_version").value_or(0);
}

std::string journal_mode(Connection& connection)
{
    Statement row(connection, "PRAGMA journal_mode");
    return row.next() ? row.text(0) : std::string();
}

std::string quick_check(Connection& connection)
{
    Statement row(connection, "PRAGMA quick_check(1)");
    return row.next() ? row.text(0) : std::string("no answer");
}

} // namespace

void set_up_writer(Connection& connection)
{
    // Readers beside the writer need the log; where it cannot be had, better no daemon than a deaf
    // one.
    Statement(connection, "PRAGMA journal_mode = WAL").run();
    if (connection.path() != ":memory:" && journal_mode(connection) != "wal" && connection.ok()) {
        connection.fail(Error{ErrorKind::storage,
                              "the disk that holds " + connection.path() +
                                  " cannot keep a write-ahead log; use a local file system"});
    }
    connection.execute("PRAGMA synchronous = FULL;"
                       "PRAGMA secure_delete = ON;"
                       "PRAGMA foreign_keys = ON;"
                       "PRAGMA temp_store = MEMORY;"
                       "PRAGMA cache_size = -32768;"
                       "PRAGMA wal_autocheckpoint = 4000;");
    connection.execute("PRAGMA journal_size_limit = " + std::to_string(journal_bytes_max));
}

void set_up_reader(Connection& connection)
{
    connection.execute("PRAGMA query_only = ON;"
                       "PRAGMA temp_store = MEMORY;"
                       "PRAGMA cache_size = -16384;");
}

void check_file(Connection& connection, std::span<const Migration> known)
{
    const bool empty = connection.number("SELECT count(*) FROM sqlite_schema").value_or(0) == 0;
    const std::int64_t owner = connection.number("PRAGMA application_id").value_or(0);
    if (!connection.ok() || (empty && owner == 0)) {
        return;
    }
    if (owner != application_id) {
        connection.fail(Error{ErrorKind::storage, connection.path() +
                                                      " is a database of another program; give "
                                                      "another path"});
        return;
    }
    const std::int64_t version = version_of(connection);
    if (version > static_cast<std::int64_t>(known.size())) {
        connection.fail(Error{ErrorKind::storage,
                              connection.path() + " has schema " + std::to_string(version) +
                                  ", this program knows up to " + std::to_string(known.size()) +
                                  ": it was written by a newer version; upgrade the program"});
        return;
    }
    const std::string verdict = quick_check(connection);
    if (connection.ok() && verdict != "ok") {
        connection.fail(
            Error{ErrorKind::storage,
                  connection.path() + " is damaged (" + verdict.substr(0, verdict.find('\n')) +
                      "); move the file and its -wal aside, then put a backup in its place or "
                      "start with an empty file: the sources are asked again"});
    }
}

void check_reader(Connection& connection, std::span<const Migration> known)
{
    const std::int64_t owner = connection.number("PRAGMA application_id").value_or(0);
    const std::int64_t version = version_of(connection);
    if (connection.ok() &&
        (owner != application_id || version != static_cast<std::int64_t>(known.size()))) {
        connection.fail(Error{ErrorKind::storage,
                              connection.path() + " is no store of this program's version"});
    }
}

void migrate(Connection& connection, std::span<const Migration> known)
{
    for (const Migration& step : known) {
        if (!connection.ok() || version_of(connection) >= step.number) {
            continue;
        }
        Transaction transaction(connection);
        connection.execute(std::string(step.sql));
        connection.execute("PRAGMA user_version = " + std::to_string(step.number));
        connection.execute("PRAGMA application_id = " + std::to_string(application_id));
        transaction.commit();
    }
}

void refresh_search(Connection& connection)
{
    const std::string version = search_text_version();
    if (connection.number("SELECT 1 FROM meta WHERE key = 'search_text' AND value = ?1", version)) {
        return;
    }
    Transaction transaction(connection);
    connection.run("INSERT INTO search (search) VALUES ('delete-all')");
    Statement& rows =
        connection
            .prepared("SELECT m.id, p.title, p.text, m.brand, m.source, p.author FROM mentions m "
                      "JOIN posts p ON p.id = m.post ORDER BY m.id")
            .bind();
    while (rows.next()) {
        connection.run("INSERT INTO search (rowid, body, tags) VALUES (?1, ?2, ?3)",
                       rows.integer(0), search_text(rows.text(1), rows.text(2)),
                       search_tags(rows.integer(3), rows.integer(4), rows.text(5)));
    }
    connection.run("INSERT OR REPLACE INTO meta VALUES ('search_text', ?1)", version);
    connection.run("UPDATE meta SET value = 1 WHERE key = 'erased'");
    transaction.commit();
}

} // namespace empathd::sqlite

#include "daemon/store/sqlite_store.hpp"

#include "daemon/store/sqlite_names.hpp"
#include "daemon/store/sqlite_outbox.hpp"
#include "daemon/store/sqlite_posts.hpp"
#include "daemon/store/sqlite_retention.hpp"
#include "daemon/store/sqlite_rows.hpp"
#include "daemon/store/sqlite_writer.hpp"

#include <utility>

namespace empathd::sqlite {
namespace {

class SqliteStore final : public Store {
public:
    SqliteStore(std::unique_ptr<Connection> connection, std::vector<std::string> sinks)
        : connection_(std::move(connection)), names_(*connection_), posts_(*connection_, names_),
          sinks_(std::move(sinks))
    {
        posts_.load();
    }

    Result<> commit(const std::vector<PageCommit>& pages) override;
    Result<std::vector<KnownPost>> known(const std::vector<PostKey>& keys) override;
    Result<std::string> cursor(const std::string& source) override;
    Result<> note(const LedgerEntry& entry) override;
    Result<TrackedState> tracked(TimePoint since, TimePoint resolved_since) override;
    Result<std::optional<std::string>> receipt(const std::string& key) override;
    Result<std::vector<OutboxRow>> outbox_due(const std::string& sink, TimePoint now,
                                              std::size_t limit) override;
    Result<std::vector<OutboxRow>> outbox_published(const std::string& sink, std::int64_t after,
                                                    std::size_t limit) override;
    Result<> outbox_update(const std::vector<OutboxUpdate>& updates) override;
    Result<std::uint64_t> outbox_replay(const std::string& sink,
                                        std::optional<std::int64_t> row) override;
    Result<OutboxCounts> outbox_counts(const std::string& sink) override;
    Result<std::uint64_t> retain(TimePoint posts_before, TimePoint ledger_before) override;

private:
    /// One transaction around `body`; after a failure nothing remembered is trusted any more.
    template <class Body>
    Result<> write(std::string_view name, Body body);
    template <class T>
    Result<T> answer(T value) const;
    std::optional<KnownPost> known_post(const PostKey& key);

    std::unique_ptr<Connection> connection_;
    Names names_;
    PostWriter posts_;
    std::vector<std::string> sinks_;
};

template <class Body>
Result<> SqliteStore::write(std::string_view name, Body body)
{
    connection_->begin(name);
    {
        Transaction transaction(*connection_);
        body();
        transaction.commit();
    }
    const Result<> status = connection_->status();
    if (!status) {
        names_.forget();
        connection_->begin(name);
        posts_.load();
    }
    return status;
}

template <class T>
Result<T> SqliteStore::answer(T value) const
{
    if (const Result<> status = connection_->status(); !status) {
        return status.error();
    }
    return value;
}

Result<> SqliteStore::commit(const std::vector<PageCommit>& pages)
{
    for (const PageCommit& page : pages) {
        if (Result<> good = checked(page); !good) {
            return good;
        }
    }
    return write("commit", [&] {
        for (const PageCommit& page : pages) {
            write_page(*connection_, posts_, sinks_, page);
        }
        posts_.finish();
    });
}

/// The counts are the last we heard: of the newest observation, or of the post itself.
std::optional<KnownPost> SqliteStore::known_post(const PostKey& key)
{
    const auto id = posts_.find(key);
    if (!id) {
        return posts_.is_tombstone(key) ? std::optional(KnownPost{.key = key, .deleted = true})
                                        : std::nullopt;
    }
    Statement& row = connection_
                         ->prepared("SELECT title, text, engagement_at, likes, replies, shares, "
                                    "views, score FROM posts WHERE id = ?1")
                         .bind(*id);
    if (!row.next()) {
        return std::nullopt;
    }
    KnownPost post{.key = key,
                   .text = row.text(1),
                   .title = row.text(0),
                   .engagement = read_engagement(row, 3)};
    const std::int64_t counted_at = row.integer(2);
    row.reset();
    Statement& later =
        connection_
            ->prepared("SELECT likes, replies, shares, views, score FROM observations "
                       "WHERE post = ?1 AND at >= ?2 ORDER BY at DESC LIMIT 1")
            .bind(*id, counted_at);
    if (later.next()) {
        const Engagement seen = read_engagement(later, 0);
        const auto newer = [](auto& count, const auto& value) { count = value ? value : count; };
        newer(post.engagement.likes, seen.likes);
        newer(post.engagement.replies, seen.replies);
        newer(post.engagement.shares, seen.shares);
        newer(post.engagement.views, seen.views);
        newer(post.engagement.score, seen.score);
    }
    later.reset();
    return post;
}

Result<std::vector<KnownPost>> SqliteStore::known(const std::vector<PostKey>& keys)
{
    connection_->begin("known");
    std::vector<KnownPost> found;
    for (const PostKey& key : keys) {
        if (auto post = known_post(key)) {
            found.push_back(std::move(*post));
        }
    }
    return answer(std::move(found));
}

Result<std::string> SqliteStore::cursor(const std::string& source)
{
    connection_->begin("cursor");
    Statement& row =
        connection_->prepared("SELECT cursor FROM sources WHERE source = ?1").bind(source);
    std::string cursor = row.next() ? row.text(0) : std::string();
    row.reset();
    return answer(std::move(cursor));
}

Result<> SqliteStore::note(const LedgerEntry& entry)
{
    return write("note", [&] { write_ledger(*connection_, entry.source, entry); });
}

Result<TrackedState> SqliteStore::tracked(TimePoint since, TimePoint resolved_since)
{
    connection_->begin("tracked");
    Connection& db = *connection_;
    TrackedState state;
    Statement& incidents =
        db.prepared("SELECT document FROM incidents WHERE state <> 2 OR last_at >= ?1 ORDER BY id")
            .bind(resolved_since);
    while (incidents.next()) {
        state.incidents.push_back(read_incident(db, incidents, 0));
    }
    const std::string members = "SELECT " + std::string(mention_columns) +
                                " FROM incidents i CROSS JOIN mentions m ON m.incident = i.id "
                                "CROSS JOIN posts p ON p.id = m.post "
                                "WHERE i.state <> 2 OR i.last_at >= ?1 ORDER BY m.id";
    Statement& mentions = db.prepared(members).bind(resolved_since);
    while (mentions.next()) {
        state.mentions.push_back(read_mention(db, names_, mentions));
    }
    Statement& observations =
        db.prepared("SELECT p.network, p.key_id, o.at, o.likes, o.replies, o.shares, o.views, "
                    "o.score FROM (SELECT DISTINCT m.post FROM incidents i "
                    "CROSS JOIN mentions m ON m.incident = i.id "
                    "WHERE i.state <> 2 OR i.last_at >= ?1) member "
                    "CROSS JOIN posts p ON p.id = member.post "
                    "CROSS JOIN observations o ON o.post = p.id ORDER BY o.at, p.id")
            .bind(resolved_since);
    while (observations.next()) {
        state.observations.push_back(
            {.key = {names_.name(observations.integer(0)), observations.text(1)},
             .at = observations.time(2),
             .engagement = read_engagement(observations, 3)});
    }
    Statement& alerts =
        db.prepared("SELECT seq, document, body FROM alerts WHERE raised_at >= ?1 ORDER BY seq")
            .bind(since);
    while (alerts.next()) {
        state.alerts_of_day.push_back(
            {.seq = alerts.integer(0), .record = read_alert(db, alerts, 1)});
    }
    Statement& states = db.prepared("SELECT name, bytes FROM states ORDER BY name").bind();
    while (states.next()) {
        state.states.push_back({.name = states.text(0), .bytes = states.bytes(1)});
    }
    Statement& ledger =
        db.prepared("SELECT source, minute, polls, pages, errors, posts, lost, latency_ms "
                    "FROM ledger WHERE minute >= ?1 ORDER BY source, minute")
            .bind(since);
    const auto count = [&ledger](int column) {
        return static_cast<std::uint64_t>(ledger.integer(column));
    };
    while (ledger.next()) {
        state.ledger.push_back({.source = ledger.text(0),
                                .minute = ledger.time(1),
                                .polls = count(2),
                                .pages = count(3),
                                .errors = count(4),
                                .posts = count(5),
                                .lost = count(6),
                                .latency_ms = count(7),
                                .last_error = {}});
    }
    return answer(std::move(state));
}

Result<std::optional<std::string>> SqliteStore::receipt(const std::string& key)
{
    connection_->begin("receipt");
    Statement& row = connection_->prepared("SELECT answer FROM receipts WHERE key = ?1").bind(key);
    std::optional<std::string> found;
    if (row.next()) {
        found = row.text(0);
    }
    row.reset();
    return answer(std::move(found));
}

Result<std::vector<OutboxRow>> SqliteStore::outbox_due(const std::string& sink, TimePoint now,
                                                       std::size_t limit)
{
    connection_->begin("outbox_due");
    return answer(outbox_rows_due(*connection_, sink, now, limit));
}

Result<std::vector<OutboxRow>> SqliteStore::outbox_published(const std::string& sink,
                                                             std::int64_t after, std::size_t limit)
{
    connection_->begin("outbox_published");
    return answer(outbox_rows_published(*connection_, sink, after, limit));
}

Result<> SqliteStore::outbox_update(const std::vector<OutboxUpdate>& updates)
{
    return write("outbox_update", [&] {
        for (const OutboxUpdate& update : updates) {
            write_outbox_update(*connection_, update);
        }
    });
}

Result<std::uint64_t> SqliteStore::outbox_replay(const std::string& sink,
                                                 std::optional<std::int64_t> row)
{
    std::uint64_t replayed = 0;
    const Result<> done =
        write("outbox_replay", [&] { replayed = replay_outbox_rows(*connection_, sink, row); });
    return done ? Result<std::uint64_t>(replayed) : done.error();
}

Result<OutboxCounts> SqliteStore::outbox_counts(const std::string& sink)
{
    connection_->begin("outbox_counts");
    return answer(read_outbox_counts(
        connection_->prepared("SELECT state, count(*) FROM outbox WHERE sink = ?1 GROUP BY state")
            .bind(sink)));
}

Result<std::uint64_t> SqliteStore::retain(TimePoint posts_before, TimePoint ledger_before)
{
    connection_->begin("retain");
    const std::uint64_t removed = remove_old(*connection_, posts_, posts_before, ledger_before);
    Result<std::uint64_t> result = answer(removed);
    if (!result) {
        names_.forget();
        connection_->begin("retain");
        posts_.load();
    }
    return result;
}

} // namespace

Result<std::unique_ptr<Store>> open_store(const SqliteOptions& options,
                                          std::span<const Migration> steps)
{
    auto opened = Connection::open(options.path, Access::write);
    if (!opened) {
        return opened.error();
    }
    std::unique_ptr<Connection> connection = std::move(opened).value();
    connection->begin("open");
    check_file(*connection, steps);
    set_up_writer(*connection);
    migrate(*connection, steps);
    refresh_search(*connection);
    if (const Result<> status = connection->status(); !status) {
        return status.error();
    }
    const Connection& loaded = *connection;
    auto store = std::make_unique<SqliteStore>(std::move(connection), options.sinks);
    if (const Result<> status = loaded.status(); !status) {
        return status.error();
    }
    return std::unique_ptr<Store>(std::move(store));
}

} // namespace empathd::sqlite

namespace empathd {

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options)
{
    return sqlite::open_store(options, sqlite::migrations());
}

} // namespace empathd

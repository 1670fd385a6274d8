#include "daemon/store/sqlite_mentions.hpp"
#include "daemon/store/sqlite_names.hpp"
#include "daemon/store/sqlite_rows.hpp"
#include "daemon/store/sqlite_schema.hpp"
#include "daemon/store/sqlite_store.hpp"

#include <algorithm>
#include <utility>

namespace empathd::sqlite {
namespace {

std::int64_t within(std::size_t limit)
{
    return static_cast<std::int64_t>(std::clamp<std::size_t>(limit, 1, 500));
}

class SqliteReader final : public StoreReader {
public:
    explicit SqliteReader(std::unique_ptr<Connection> connection)
        : connection_(std::move(connection)), names_(*connection_)
    {
    }

    Result<std::vector<StoredMention>> mentions(const MentionFilter& filter) override;
    Result<std::optional<StoredMention>> mention(std::int64_t id) override;
    Result<std::vector<Observation>> observations(const PostKey& key) override;
    Result<std::vector<Incident>> incidents(const IncidentFilter& filter) override;
    Result<std::optional<Incident>> incident(const std::string& id) override;
    Result<std::vector<StoredAlert>> alerts(std::int64_t after, std::size_t limit,
                                            bool newest) override;
    Result<std::vector<JournalEntry>> journal(const JournalFilter& filter) override;
    Result<std::vector<HistoryItem>> history(TimePoint since, std::optional<MentionCursor> after,
                                             std::size_t limit) override;
    Result<std::vector<SourceRecord>> sources() override;
    Result<OutboxCounts> outbox_counts() override;
    Result<std::uint64_t> mention_count() override;

private:
    template <class T>
    Result<T> answer(T value) const
    {
        if (const Result<> status = connection_->status(); !status) {
            return status.error();
        }
        return value;
    }
    std::vector<Observation> observations_of(const PostKey& key);
    LedgerEntry last_day(const std::string& source, TimePoint newest);

    std::unique_ptr<Connection> connection_;
    Names names_;
};

Result<std::vector<StoredMention>> SqliteReader::mentions(const MentionFilter& filter)
{
    connection_->begin("mentions");
    return answer(find_mentions(*connection_, names_, filter));
}

Result<std::optional<StoredMention>> SqliteReader::mention(std::int64_t id)
{
    connection_->begin("mention");
    std::string sql = "SELECT ";
    sql.append(mention_columns);
    sql += " FROM mentions m CROSS JOIN posts p ON p.id = m.post WHERE m.id = ?1";
    Statement& row = connection_->prepared(sql).bind(id);
    std::optional<StoredMention> found;
    if (row.next()) {
        found = read_mention(*connection_, names_, row);
    }
    row.reset();
    return answer(std::move(found));
}

std::vector<Observation> SqliteReader::observations_of(const PostKey& key)
{
    std::vector<Observation> found;
    if (const auto network = names_.find(key.network)) {
        Statement& rows =
            connection_
                ->prepared("SELECT o.at, o.likes, o.replies, o.shares, o.views, o.score "
                           "FROM posts p CROSS JOIN observations o ON o.post = p.id "
                           "WHERE p.network = ?1 AND p.key_id = ?2 ORDER BY o.at")
                .bind(*network, key.id);
        while (rows.next()) {
            found.push_back(
                {.key = key, .at = rows.time(0), .engagement = read_engagement(rows, 1)});
        }
    }
    return found;
}

Result<std::vector<Observation>> SqliteReader::observations(const PostKey& key)
{
    connection_->begin("observations");
    return answer(observations_of(key));
}

Result<std::vector<Incident>> SqliteReader::incidents(const IncidentFilter& filter)
{
    connection_->begin("incidents");
    std::string sql = "SELECT document FROM incidents INDEXED BY incidents_by_score "
                      "WHERE score >= ?";
    sql += filter.brand.empty() ? "" : " AND brand = ?";
    sql += filter.state ? " AND state = ?" : "";
    sql += filter.since ? " AND last_at >= ?" : "";
    sql += " ORDER BY score DESC, last_at DESC, id DESC LIMIT ?";
    Statement& rows = connection_->prepared(sql);
    rows.reset();
    rows.bind_next(filter.score_min);
    if (!filter.brand.empty()) {
        rows.bind_next(filter.brand);
    }
    if (filter.state) {
        rows.bind_next(static_cast<int>(*filter.state));
    }
    if (filter.since) {
        rows.bind_next(*filter.since);
    }
    rows.bind_next(within(filter.limit));
    std::vector<Incident> found;
    while (rows.next()) {
        found.push_back(read_incident(*connection_, rows, 0));
    }
    return answer(std::move(found));
}

Result<std::optional<Incident>> SqliteReader::incident(const std::string& id)
{
    connection_->begin("incident");
    Statement& row = connection_->prepared("SELECT document FROM incidents WHERE id = ?1").bind(id);
    std::optional<Incident> found;
    if (row.next()) {
        found = read_incident(*connection_, row, 0);
    }
    row.reset();
    return answer(std::move(found));
}

Result<std::vector<StoredAlert>> SqliteReader::alerts(std::int64_t after, std::size_t limit,
                                                      bool newest)
{
    connection_->begin("alerts");
    Statement& rows =
        connection_
            ->prepared(newest ? "SELECT seq, document, body FROM alerts WHERE seq > ?1 "
                                "ORDER BY seq DESC LIMIT ?2"
                              : "SELECT seq, document, body FROM alerts WHERE seq > ?1 "
                                "ORDER BY seq LIMIT ?2")
            .bind(after, within(limit));
    std::vector<StoredAlert> found;
    while (rows.next()) {
        found.push_back({.seq = rows.integer(0), .record = read_alert(*connection_, rows, 1)});
    }
    return answer(std::move(found));
}

Result<std::vector<JournalEntry>> SqliteReader::journal(const JournalFilter& filter)
{
    connection_->begin("journal");
    std::string sql = "SELECT seq, at, kind, incident, who, detail FROM journal WHERE seq > ?";
    sql += filter.incident.empty() ? "" : " AND incident = ?";
    sql += filter.kind.empty() ? "" : " AND kind = ?";
    sql += filter.since ? " AND at >= ?" : "";
    sql += " ORDER BY seq LIMIT ?";
    Statement& rows = connection_->prepared(sql);
    rows.reset();
    rows.bind_next(filter.after);
    if (!filter.incident.empty()) {
        rows.bind_next(filter.incident);
    }
    if (!filter.kind.empty()) {
        rows.bind_next(filter.kind);
    }
    if (filter.since) {
        rows.bind_next(*filter.since);
    }
    rows.bind_next(within(filter.limit));
    std::vector<JournalEntry> found;
    while (rows.next()) {
        found.push_back({.seq = rows.integer(0),
                         .at = rows.time(1),
                         .kind = rows.text(2),
                         .incident = rows.is_null(3) ? std::string() : rows.text(3),
                         .who = rows.text(4),
                         .detail = rows.text(5)});
    }
    return answer(std::move(found));
}

Result<std::vector<HistoryItem>>
SqliteReader::history(TimePoint since, std::optional<MentionCursor> after, std::size_t limit)
{
    connection_->begin("history");
    const std::string sql = "SELECT " + std::string(mention_columns) +
                            " FROM mentions m INDEXED BY mentions_by_time "
                            "CROSS JOIN posts p ON p.id = m.post "
                            "WHERE m.seen_at >= ?1 AND (m.seen_at, m.id) > (?2, ?3) "
                            "ORDER BY m.seen_at, m.id LIMIT ?4";
    const MentionCursor from = after.value_or(MentionCursor{since, -1});
    Statement& rows = connection_->prepared(sql).bind(since, from.at, from.id, within(limit));
    std::vector<HistoryItem> found;
    while (rows.next()) {
        found.push_back({.mention = read_mention(*connection_, names_, rows)});
    }
    for (HistoryItem& item : found) {
        item.observations = observations_of(item.mention.post.key);
    }
    return answer(std::move(found));
}

LedgerEntry SqliteReader::last_day(const std::string& source, TimePoint newest)
{
    Statement& row =
        connection_
            ->prepared("SELECT max(minute), sum(polls), sum(pages), sum(errors), sum(posts), "
                       "sum(lost), sum(latency_ms) FROM ledger "
                       "WHERE source = ?1 AND minute >= ?2")
            .bind(source, newest - std::chrono::hours{24});
    LedgerEntry sums{.source = source};
    if (row.next()) {
        const auto sum = [&row](int column) {
            return static_cast<std::uint64_t>(row.integer(column));
        };
        sums.minute = row.time(0);
        sums.polls = sum(1);
        sums.pages = sum(2);
        sums.errors = sum(3);
        sums.posts = sum(4);
        sums.lost = sum(5);
        sums.latency_ms = sum(6);
    }
    row.reset();
    return sums;
}

Result<std::vector<SourceRecord>> SqliteReader::sources()
{
    connection_->begin("sources");
    Statement& rows =
        connection_
            ->prepared("SELECT source, cursor, fetched, stored, duplicate, unmatched, rejected, "
                       "quarantined, last_page_at, last_error_at, last_error FROM sources "
                       "ORDER BY source")
            .bind();
    std::vector<SourceRecord> found;
    while (rows.next()) {
        const auto sum = [&rows](int column) {
            return static_cast<std::uint64_t>(rows.integer(column));
        };
        found.push_back({.source = rows.text(0),
                         .cursor = rows.text(1),
                         .conservation = {.fetched = sum(2),
                                          .stored = sum(3),
                                          .duplicate = sum(4),
                                          .unmatched = sum(5),
                                          .rejected = sum(6),
                                          .quarantined = sum(7)},
                         .last_page_at = rows.time(8),
                         .last_error_at = rows.time(9),
                         .last_error = rows.text(10)});
    }
    const TimePoint newest =
        from_unix_ms(connection_->number("SELECT max(minute) FROM ledger").value_or(0));
    for (SourceRecord& record : found) {
        record.last_day = last_day(record.source, newest);
        record.last_day.last_error = record.last_error;
    }
    return answer(std::move(found));
}

Result<OutboxCounts> SqliteReader::outbox_counts()
{
    connection_->begin("outbox_counts");
    return answer(read_outbox_counts(
        connection_->prepared("SELECT state, count(*) FROM outbox GROUP BY state").bind()));
}

Result<std::uint64_t> SqliteReader::mention_count()
{
    connection_->begin("mention_count");
    const auto count = connection_->number("SELECT value FROM meta WHERE key = 'mentions'");
    return answer(static_cast<std::uint64_t>(count.value_or(0)));
}

} // namespace

Result<std::unique_ptr<StoreReader>> open_reader(const std::string& path,
                                                 std::chrono::milliseconds deadline)
{
    auto opened = Connection::open(path, Access::read);
    if (!opened) {
        return opened.error();
    }
    std::unique_ptr<Connection> connection = std::move(opened).value();
    connection->begin("open");
    check_reader(*connection, migrations());
    set_up_reader(*connection);
    connection->confine(deadline);
    if (const Result<> status = connection->status(); !status) {
        return status.error();
    }
    auto reader = std::make_unique<SqliteReader>(std::move(connection));
    return std::unique_ptr<StoreReader>(std::move(reader));
}

} // namespace empathd::sqlite

namespace empathd {

Result<std::unique_ptr<StoreReader>> open_sqlite_reader(const std::string& path)
{
    return sqlite::open_reader(path, sqlite::reader_deadline);
}

} // namespace empathd

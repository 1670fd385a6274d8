#include "daemon/store/sqlite_mentions.hpp"

#include "daemon/store/search_text.hpp"
#include "daemon/store/sqlite_rows.hpp"
#include "daemon/store/text_query.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <queue>
#include <string>
#include <utility>
#include <variant>

namespace empathd::sqlite {
namespace {

/// Conditions joined by AND, and their values in the order of the parameters. Only fixed text of
/// this file becomes SQL; whatever a person wrote is bound.
class Conditions {
public:
    explicit Conditions(Names& names) : names_(names) {}

    /// Rows that have this word in a column of names; an empty word does not filter.
    void word(std::string_view condition, const std::string& name)
    {
        if (name.empty()) {
            return;
        }
        const auto id = names_.find(name);
        never_ = never_ || !id; // A word that was never stored is in no row.
        add(condition, id.value_or(0));
    }
    void add(std::string_view condition, std::variant<std::int64_t, std::string> value)
    {
        sql_ += sql_.empty() ? " WHERE " : " AND ";
        sql_ += condition;
        values_.push_back(std::move(value));
    }
    void nothing() { never_ = true; }
    void extra_value(std::int64_t value) { values_.emplace_back(value); }

    [[nodiscard]] bool never() const { return never_; }
    [[nodiscard]] const std::string& sql() const { return sql_; }
    void bind(Statement& statement) const
    {
        statement.reset();
        for (const auto& value : values_) {
            std::visit([&](const auto& item) { statement.bind_next(item); }, value);
        }
    }

private:
    Names& names_;
    std::string sql_;
    std::vector<std::variant<std::int64_t, std::string>> values_;
    bool never_ = false;
};

/// Any number of labels as one comparison.
void add_labels(Conditions& where, const MentionFilter& filter)
{
    PackedLabel all;
    for (const auto& [facet, label] : filter.labels) {
        const auto one = pack_label(facet, label);
        if (!one || ((all.mask & one->mask) != 0 && (all.bits & one->mask) != one->bits)) {
            where.nothing(); // No such label, or two of one facet.
            return;
        }
        all.mask |= one->mask;
        all.bits |= one->bits;
    }
    if (all.mask != 0) {
        where.add("(m.labels & ?) = ?", static_cast<std::int64_t>(all.mask));
        where.extra_value(static_cast<std::int64_t>(all.bits));
    }
}

void add_filters(Conditions& where, const MentionFilter& filter)
{
    where.word("m.brand = ?", filter.brand);
    where.word("m.network = ?", filter.network);
    where.word("m.source = ?", filter.source);
    where.word("m.language = ?", filter.language);
    add_labels(where, filter);
    if (!filter.incident.empty()) {
        where.add("m.incident = ?", filter.incident);
    }
    if (!filter.author.empty()) {
        where.add("p.author = ?", filter.author);
    }
    if (filter.audience) {
        where.add("m.audience = ?", static_cast<std::int64_t>(*filter.audience));
    }
    if (filter.since) {
        where.add("m.seen_at >= ?", to_unix_ms(*filter.since));
    }
    if (filter.until) {
        where.add("m.seen_at < ?", to_unix_ms(*filter.until));
    }
    if (filter.after) {
        where.add("(m.seen_at, m.id) < (?, ?)", to_unix_ms(filter.after->at));
        where.extra_value(filter.after->id);
    }
}

/// The index is named, so that the plan does not depend on statistics that nobody keeps up to date.
std::string_view tables_for(const MentionFilter& filter)
{
    if (!filter.incident.empty()) {
        return " FROM mentions m INDEXED BY mentions_by_incident"
               " CROSS JOIN posts p ON p.id = m.post";
    }
    if (!filter.brand.empty()) {
        return " FROM mentions m INDEXED BY mentions_by_brand"
               " CROSS JOIN posts p ON p.id = m.post";
    }
    return " FROM mentions m INDEXED BY mentions_by_time CROSS JOIN posts p ON p.id = m.post";
}

/// The expression of the index: words of the text, and brand, source and author beside it. `query`
/// is compiled, or empty when only the author is asked for.
std::string match_of(Names& names, const MentionFilter& filter, const std::string& query)
{
    std::string match = query.empty() ? "" : "body : (" + query + ")";
    const auto tag = [&match](const std::string& word) {
        match += (match.empty() ? "tags : " : " AND tags : ") + word;
    };
    if (!filter.author.empty()) {
        tag(author_tag(made_storable(filter.author)));
    }
    if (const auto id = filter.brand.empty() ? std::nullopt : names.find(filter.brand)) {
        tag(brand_tag(*id));
    }
    if (const auto id = filter.source.empty() ? std::nullopt : names.find(filter.source)) {
        tag(source_tag(*id));
    }
    return match;
}

/// Through the index of the most telling field. A story has few rows: each of them is asked for the
/// words, there is no reason to go through all rows that have them.
std::vector<StoredMention> newest(Connection& connection, Names& names, const MentionFilter& filter,
                                  std::int64_t limit, const std::string& query)
{
    Conditions where(names);
    add_filters(where, filter);
    if (!query.empty()) {
        where.add("EXISTS (SELECT 1 FROM search WHERE search.rowid = m.id AND search MATCH ?)",
                  match_of(names, filter, query));
    }
    if (where.never()) {
        return {};
    }
    where.extra_value(limit);
    std::string sql = "SELECT ";
    sql.append(mention_columns).append(tables_for(filter)).append(where.sql());
    sql += " ORDER BY m.seen_at DESC, m.id DESC LIMIT ?";
    Statement& rows = connection.prepared(sql);
    where.bind(rows);
    std::vector<StoredMention> found;
    while (rows.next()) {
        found.push_back(read_mention(connection, names, rows));
    }
    return found;
}

/// The lowest id that a mention first seen at `since` or later can have. `seen_max` grows with the
/// id, so it is found by halving.
std::int64_t first_id_since(Connection& connection, TimePoint since)
{
    std::int64_t low = connection.number("SELECT min(id) FROM mentions").value_or(0);
    std::int64_t high = connection.number("SELECT max(id) FROM mentions").value_or(0) + 1;
    while (low < high && connection.ok()) {
        const std::int64_t middle = low + (high - low) / 2;
        Statement& row =
            connection
                .prepared("SELECT id, seen_max FROM mentions WHERE id >= ?1 ORDER BY id LIMIT 1")
                .bind(middle);
        if (!row.next() || row.time(1) >= since) {
            high = middle;
        } else {
            low = row.integer(0) + 1;
        }
        row.reset();
    }
    return low;
}

/// The highest id that a mention first seen at `until` or earlier can have.
std::int64_t last_id_until(Connection& connection, TimePoint until)
{
    const auto hour = std::chrono::floor<std::chrono::hours>(until).time_since_epoch().count();
    return connection.number("SELECT max(last_id) FROM hours WHERE hour <= ?1", hour).value_or(0);
}

/// Ids of the newest matches, in the order of the answer. The index gives them by id, and ids do
/// not always grow with the time (a replay, a source that was slow): so the best `limit` are kept
/// until no lower id can be newer, which `seen_max` tells.
std::vector<std::int64_t> matching_ids(Connection& connection, const Conditions& where,
                                       bool by_author, std::size_t limit)
{
    std::string sql = "SELECT m.id, m.seen_at, m.seen_max FROM search "
                      "CROSS JOIN mentions m ON m.id = search.rowid";
    sql += by_author ? " CROSS JOIN posts p ON p.id = m.post" : "";
    sql += where.sql() + " ORDER BY search.rowid DESC";
    Statement& rows = connection.prepared(sql);
    where.bind(rows);

    using Place = std::pair<TimePoint, std::int64_t>;
    std::priority_queue<Place, std::vector<Place>, std::greater<>> best; // The worst on top.
    while (rows.next()) {
        best.emplace(rows.time(1), rows.integer(0));
        if (best.size() > limit) {
            best.pop();
        }
        if (best.size() == limit && best.top().first >= rows.time(2)) {
            break;
        }
    }
    rows.reset();
    std::vector<std::int64_t> ids(best.size());
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
        *id = best.top().second;
        best.pop();
    }
    return ids;
}

std::vector<StoredMention> newest_with_words(Connection& connection, Names& names,
                                             const MentionFilter& filter, const std::string& query,
                                             std::size_t limit)
{
    Conditions where(names);
    where.add("search MATCH ?", match_of(names, filter, query));
    if (filter.since) {
        where.add("search.rowid >= ?", first_id_since(connection, *filter.since));
    }
    if (filter.until || filter.after) {
        TimePoint until = filter.until.value_or(TimePoint::max());
        if (filter.after) {
            until = std::min(until, filter.after->at);
        }
        where.add("search.rowid <= ?", last_id_until(connection, until));
    }
    add_filters(where, filter);
    if (where.never()) {
        return {};
    }
    const auto ids = matching_ids(connection, where, !filter.author.empty(), limit);
    std::string sql = "SELECT ";
    sql.append(mention_columns);
    sql += " FROM mentions m CROSS JOIN posts p ON p.id = m.post WHERE m.id = ?1";
    std::vector<StoredMention> found;
    for (const std::int64_t id : ids) {
        Statement& row = connection.prepared(sql).bind(id);
        if (row.next()) { // Else it was erased a moment ago.
            found.push_back(read_mention(connection, names, row));
        }
        row.reset();
    }
    return found;
}

} // namespace

std::vector<StoredMention> find_mentions(Connection& connection, Names& names,
                                         const MentionFilter& filter)
{
    const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, 500);
    std::string query;
    if (!filter.query.empty()) {
        Result<std::string> compiled = compile_text_query(filter.query);
        if (!compiled) {
            connection.fail(compiled.error());
            return {};
        }
        query = std::move(*compiled);
    }
    const bool by_index = !query.empty() || !filter.author.empty();
    return by_index && filter.incident.empty()
               ? newest_with_words(connection, names, filter, query, limit)
               : newest(connection, names, filter, static_cast<std::int64_t>(limit), query);
}

} // namespace empathd::sqlite

#include "daemon/store/sqlite_rows.hpp"

#include "daemon/store/store_json.hpp"

#include <utility>

namespace empathd::sqlite {
namespace {

/// The value, or its default and a failed connection.
template <class T>
T value_or_fail(Connection& connection, Result<T> result)
{
    if (!result) {
        connection.fail(result.error());
        return {};
    }
    return std::move(result).value();
}

Post read_post(Connection& connection, Names& names, const Statement& row, int first)
{
    Post post;
    int column = first;
    post.key.network = names.name(row.integer(column++));
    post.key.id = row.text(column++);
    post.native_id = row.is_null(column) ? post.key.id : row.text(column);
    post.source = names.name(row.integer(++column));
    post.audience = row.integer(++column) == 0 ? Audience::customer : Audience::employee;
    post.url = row.text(++column);
    post.author = row.text(++column);
    post.author_name = row.text(++column);
    post.author_followers = row.optional<std::uint64_t>(++column);
    post.title = row.text(++column);
    post.text = row.text(++column);
    post.truncated = row.integer(++column) != 0;
    post.language = row.text(++column);
    post.reply_to = row.text(++column);
    post.thread = row.text(++column);
    if (!row.is_null(++column)) {
        post.links = value_or_fail(connection, links_from(row.text(column)));
    }
    if (!row.is_null(++column)) {
        post.media = value_or_fail(connection, media_from(row.text(column)));
    }
    post.published_at = row.time(++column);
    post.published_text = row.text(++column);
    if (!row.is_null(++column)) {
        post.edited_at = row.time(column);
    }
    post.seen_at = row.time(++column);
    post.engagement = read_engagement(row, column + 1);
    return post;
}

} // namespace

StoredMention read_mention(Connection& connection, Names& names, Statement& row)
{
    StoredMention mention;
    mention.id = row.integer(0);
    mention.brand = names.name(row.integer(1));
    Experience& experience = mention.experience;
    experience.language = names.name(row.integer(2));
    experience.language_probability = static_cast<float>(row.real(3));
    experience.model = names.name(row.integer(5));
    mention.copy = row.integer(6) != 0;
    mention.incident = row.text(7);
    MentionDetail detail = value_or_fail(connection, detail_from(row.text(8)));
    mention.spans = std::move(detail.spans);
    mention.terms = std::move(detail.terms);
    experience.answers = std::move(detail.answers);
    const auto labels = static_cast<std::uint64_t>(row.integer(4));
    for (const Facet facet : all_facets()) {
        experience.of(facet).label = packed_label(labels, facet);
    }
    mention.post = read_post(connection, names, row, 9);
    return mention;
}

Engagement read_engagement(const Statement& row, int first)
{
    return {.likes = row.optional<std::uint64_t>(first),
            .replies = row.optional<std::uint64_t>(first + 1),
            .shares = row.optional<std::uint64_t>(first + 2),
            .views = row.optional<std::uint64_t>(first + 3),
            .score = row.optional<std::int64_t>(first + 4)};
}

Incident read_incident(Connection& connection, const Statement& row, int column)
{
    return value_or_fail(connection, incident_from(row.text(column)));
}

AlertRecord read_alert(Connection& connection, const Statement& row, int first)
{
    return {.alert = value_or_fail(connection, alert_from(row.text(first))),
            .body = row.text(first + 1)};
}

OutboxCounts read_outbox_counts(Statement& rows)
{
    OutboxCounts counts;
    while (rows.next()) {
        const auto n = static_cast<std::uint64_t>(rows.integer(1));
        switch (static_cast<OutboxState>(rows.integer(0))) {
        case OutboxState::waiting: counts.waiting = n; break;
        case OutboxState::published: counts.published = n; break;
        case OutboxState::closed: counts.closed = n; break;
        case OutboxState::quarantined: counts.quarantined = n; break;
        }
    }
    return counts;
}

} // namespace empathd::sqlite

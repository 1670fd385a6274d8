#include "daemon/store/sqlite_posts.hpp"

#include "analysis/model/digest.hpp"
#include "daemon/store/search_text.hpp"
#include "daemon/store/store_json.hpp"

#include <algorithm>
#include <chrono>

namespace empathd::sqlite {
namespace {

constexpr std::string_view insert_post =
    "INSERT INTO posts (network, key_id, native_id, source, audience, url, author, author_name, "
    "author_followers, title, text, truncated, language, reply_to, thread, links, media, "
    "published_at, published_text, edited_at, seen_at, engagement_at, likes, replies, shares, "
    "views, score) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
    "?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27) "
    "ON CONFLICT (network, key_id) DO NOTHING";

constexpr std::string_view update_post =
    "UPDATE posts SET native_id = ?3, source = ?4, audience = ?5, url = ?6, author = ?7, "
    "author_name = ?8, author_followers = ?9, title = ?10, text = ?11, truncated = ?12, "
    "language = ?13, reply_to = ?14, thread = ?15, links = ?16, media = ?17, published_at = ?18, "
    "published_text = ?19, edited_at = ?20, engagement_at = ?22, likes = ?23, replies = ?24, "
    "shares = ?25, views = ?26, score = ?27 "
    "WHERE network = ?1 AND key_id = ?2 AND seen_at = ?21";

constexpr std::string_view insert_mention_row =
    "INSERT INTO mentions (post, brand, network, source, audience, language, labels, model, "
    "language_p, copy, incident, detail, seen_at, seen_max) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

constexpr std::string_view update_mention_row =
    "UPDATE mentions SET network = ?2, source = ?3, audience = ?4, language = ?5, labels = ?6, "
    "model = ?7, language_p = ?8, copy = ?9, incident = ?10, detail = ?11 WHERE id = ?1";

std::int64_t hour_of(TimePoint time)
{
    return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
}

std::int64_t packed_labels(const Experience& experience)
{
    return static_cast<std::int64_t>(pack_labels(experience));
}

/// Of a mention's labels, those that roll-ups count.
std::int64_t counted_labels(std::int64_t labels)
{
    static const std::uint64_t mask =
        pack_label(Facet::sentiment, unsure)->mask | pack_label(Facet::experience, unsure)->mask;
    return labels & static_cast<std::int64_t>(mask);
}

std::optional<std::string_view> present(std::string_view text)
{
    return text.empty() ? std::nullopt : std::optional(text);
}

/// A bug may give NaN, which the file cannot hold.
double probability(float value)
{
    return value == value ? static_cast<double>(value) : 0;
}

/// All columns of a post, for insert_post and update_post.
bool run_post(Connection& connection, Names& names, std::string_view sql, const Post& post,
              TimePoint seen_at, TimePoint counted_at)
{
    const Engagement& counts = post.engagement;
    return connection.run(
        sql, names.id(post.key.network), post.key.id,
        post.native_id == post.key.id ? std::nullopt
                                      : std::optional(std::string_view(post.native_id)),
        names.id(post.source), static_cast<int>(post.audience), post.url, present(post.author),
        post.author_name, post.author_followers, post.title, post.text, post.truncated,
        post.language, post.reply_to, post.thread,
        post.links.empty() ? std::nullopt : std::optional(links_json(post.links)),
        post.media.empty() ? std::nullopt : std::optional(media_json(post.media)),
        post.published_at, post.published_text, post.edited_at, seen_at, counted_at, counts.likes,
        counts.replies, counts.shares, counts.views, counts.score);
}

} // namespace

void PostWriter::load()
{
    rollups_.clear();
    hours_.clear();
    mentions_added_ = 0;
    erased_ = false;
    Statement& salt = connection_.prepared("SELECT value FROM meta WHERE key = 'salt'").bind();
    salt_ = salt.next() ? salt.text(0) : std::string();
    salt.reset();
    any_tombstones_ = connection_.number("SELECT 1 FROM tombstones LIMIT 1").has_value();
    const auto newest =
        connection_.number("SELECT seen_max FROM mentions ORDER BY id DESC LIMIT 1");
    seen_max_ = newest ? from_unix_ms(*newest) : TimePoint::min();
}

void PostWriter::write(const PageCommit& page)
{
    std::vector<const MentionRecord*> ordered;
    for (const MentionRecord& mention : page.mentions) {
        ordered.push_back(&mention);
    }
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto* a, const auto* b) { return a->post < b->post; });
    MentionsOfPost mentions;
    auto next = ordered.begin();
    for (std::size_t i = 0; i < page.posts.size(); ++i) {
        mentions.clear();
        for (; next != ordered.end() && (*next)->post == i; ++next) {
            mentions.push_back(*next);
        }
        const Post& post = page.posts[i];
        if (!storable(post.title) || !storable(post.text) || !storable(post.author)) {
            Post repaired = post; // Indexed and stored must be the same words.
            repaired.title = made_storable(post.title);
            repaired.text = made_storable(post.text);
            repaired.author = made_storable(post.author);
            write_post(repaired, page.at, mentions);
        } else {
            write_post(post, page.at, mentions);
        }
    }
    for (const Observation& observation : page.observations) {
        observe(observation);
    }
    for (const PostKey& key : page.deletions) {
        erase_for_good(key, page.at);
    }
}

void PostWriter::write_post(const Post& post, TimePoint at, const MentionsOfPost& mentions)
{
    if (is_tombstone(post.key)) {
        return;
    }
    const TimePoint seen_at = post.seen_at == TimePoint{} ? at : post.seen_at;
    const TimePoint counted_at = std::max(at, seen_at);
    if (!insert(post, seen_at, counted_at)) {
        replace(post, counted_at, mentions);
        return;
    }
    const std::int64_t row = connection_.last_id();
    const std::string words = mentions.empty() ? "" : search_text(post.title, post.text);
    for (const MentionRecord* mention : mentions) {
        insert_mention(row, post, seen_at, *mention, words);
    }
}

bool PostWriter::insert(const Post& post, TimePoint seen_at, TimePoint counted_at)
{
    return run_post(connection_, names_, insert_post, post, seen_at, counted_at) &&
           connection_.changes() == 1;
}

std::optional<PostWriter::OldPost> PostWriter::old_post(std::int64_t id)
{
    OldPost old{.id = id};
    Statement& row =
        connection_.prepared("SELECT seen_at, title, text, author FROM posts WHERE id = ?1")
            .bind(id);
    if (!row.next()) {
        return std::nullopt;
    }
    old.seen_at = row.time(0);
    old.words = search_text(row.text(1), row.text(2));
    old.author = row.text(3);
    row.reset();
    Statement& mentions =
        connection_
            .prepared(
                "SELECT id, brand, network, language, labels, source FROM mentions WHERE post = ?1")
            .bind(id);
    while (mentions.next()) {
        old.mentions.push_back(
            {.id = mentions.integer(0),
             .rollup = {mentions.integer(1), hour_of(old.seen_at), mentions.integer(2),
                        mentions.integer(3), counted_labels(mentions.integer(4))},
             .source = mentions.integer(5)});
    }
    return old;
}

void PostWriter::replace(const Post& post, TimePoint counted_at, const MentionsOfPost& mentions)
{
    const auto id = find(post.key);
    auto old = id ? old_post(*id) : std::nullopt;
    if (!old) {
        return; // Only after a failure: the key was met a moment ago.
    }
    const std::string words = search_text(post.title, post.text);
    for (const MentionRecord* mention : mentions) {
        const std::int64_t brand = names_.id(mention->brand);
        const auto kept =
            std::find_if(old->mentions.begin(), old->mentions.end(),
                         [brand](const OldMention& item) { return item.rollup[0] == brand; });
        if (kept == old->mentions.end()) {
            insert_mention(old->id, post, old->seen_at, *mention, words);
            continue;
        }
        kept->renewed = true;
        count(kept->rollup, -1);
        update_mention(kept->id, post, old->seen_at, *mention);
        if (words != old->words || post.author != old->author ||
            names_.id(post.source) != kept->source) {
            unindex(*kept, *old);
            index(kept->id, brand, post, words);
        }
    }
    for (const OldMention& mention : old->mentions) {
        if (!mention.renewed) {
            count(mention.rollup, -1);
            remove_mention(mention, *old);
        }
    }
    run_post(connection_, names_, update_post, post, old->seen_at, counted_at);
}

PostWriter::RollupKey PostWriter::rollup_of(const Post& post, TimePoint seen_at,
                                            const MentionRecord& mention)
{
    const Experience& experience = mention.experience;
    return {names_.id(mention.brand), hour_of(seen_at), names_.id(post.key.network),
            names_.id(experience.language), counted_labels(packed_labels(experience))};
}

void PostWriter::insert_mention(std::int64_t post_row, const Post& post, TimePoint seen_at,
                                const MentionRecord& mention, std::string_view words)
{
    seen_max_ = std::max(seen_max_, seen_at);
    const RollupKey rollup = rollup_of(post, seen_at, mention);
    const Experience& experience = mention.experience;
    connection_.run(insert_mention_row, post_row, rollup[0], rollup[2], names_.id(post.source),
                    static_cast<int>(post.audience), rollup[3], packed_labels(experience),
                    names_.id(experience.model), probability(experience.language_probability),
                    mention.copy, present(mention.incident),
                    detail_json(mention.spans, mention.terms, experience), seen_at, seen_max_);
    const std::int64_t id = connection_.last_id();
    index(id, rollup[0], post, words);
    count(rollup, 1);
    std::int64_t& last = hours_[rollup[1]];
    last = std::max(last, id);
    ++mentions_added_;
}

void PostWriter::update_mention(std::int64_t id, const Post& post, TimePoint seen_at,
                                const MentionRecord& mention)
{
    const RollupKey rollup = rollup_of(post, seen_at, mention);
    const Experience& experience = mention.experience;
    connection_.run(update_mention_row, id, rollup[2], names_.id(post.source),
                    static_cast<int>(post.audience), rollup[3], packed_labels(experience),
                    names_.id(experience.model), probability(experience.language_probability),
                    mention.copy, present(mention.incident),
                    detail_json(mention.spans, mention.terms, experience));
    count(rollup, 1);
}

void PostWriter::remove_mention(const OldMention& mention, const OldPost& old)
{
    unindex(mention, old);
    connection_.run("DELETE FROM mentions WHERE id = ?1", mention.id);
    --mentions_added_;
}

void PostWriter::index(std::int64_t mention, std::int64_t brand, const Post& post,
                       std::string_view words)
{
    connection_.run("INSERT INTO search (rowid, body, tags) VALUES (?1, ?2, ?3)", mention, words,
                    search_tags(brand, names_.id(post.source), post.author));
}

/// Takes out exactly what was put in: all of it can be made again from the stored row.
void PostWriter::unindex(const OldMention& mention, const OldPost& old)
{
    connection_.run("INSERT INTO search (search, rowid, body, tags) "
                    "VALUES ('delete', ?1, ?2, ?3)",
                    mention.id, old.words,
                    search_tags(mention.rollup[0], mention.source, old.author));
    erased_ = true;
}

std::uint64_t PostWriter::erase(std::int64_t post, bool counted)
{
    const auto old = old_post(post);
    if (!old) {
        return 0;
    }
    for (const OldMention& mention : old->mentions) {
        if (counted) {
            count(mention.rollup, -1);
        }
        remove_mention(mention, *old);
    }
    connection_.run("DELETE FROM observations WHERE post = ?1", post);
    const std::int64_t observations = connection_.changes();
    connection_.run("DELETE FROM posts WHERE id = ?1", post);
    return 1 + old->mentions.size() + static_cast<std::uint64_t>(observations);
}

void PostWriter::erase_for_good(const PostKey& key, TimePoint at)
{
    const auto post = find(key);
    if (!post) {
        return; // Gone before we saw it: it cannot come back.
    }
    erase(*post, true);
    connection_.run("INSERT OR IGNORE INTO tombstones VALUES (?1, ?2)", tombstone_of(key), at);
    any_tombstones_ = true;
}

std::string PostWriter::tombstone_of(const PostKey& key) const
{
    return digest({salt_, key.network, key.id});
}

bool PostWriter::is_tombstone(const PostKey& key)
{
    return any_tombstones_ &&
           connection_.number("SELECT 1 FROM tombstones WHERE hash = ?1", tombstone_of(key))
               .has_value();
}

std::optional<std::int64_t> PostWriter::find(const PostKey& key)
{
    const auto network = names_.find(key.network);
    return network ? connection_.number("SELECT id FROM posts WHERE network = ?1 AND key_id = ?2",
                                        *network, key.id)
                   : std::nullopt;
}

void PostWriter::observe(const Observation& observation)
{
    if (const auto post = find(observation.key)) {
        const Engagement& counts = observation.engagement;
        connection_.run("INSERT OR REPLACE INTO observations VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        *post, observation.at, counts.likes, counts.replies, counts.shares,
                        counts.views, counts.score);
        // A count that is not shown this time says nothing: the last one known stays.
        connection_.run("UPDATE posts SET engagement_at = ?2, likes = coalesce(?3, likes), "
                        "replies = coalesce(?4, replies), shares = coalesce(?5, shares), "
                        "views = coalesce(?6, views), score = coalesce(?7, score) "
                        "WHERE id = ?1 AND engagement_at <= ?2",
                        *post, observation.at, counts.likes, counts.replies, counts.shares,
                        counts.views, counts.score);
    }
}

void PostWriter::finish()
{
    for (const auto& [key, n] : rollups_) {
        connection_.run("INSERT INTO rollups VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
                        "ON CONFLICT DO UPDATE SET n = n + excluded.n",
                        key[0], key[1], key[2], key[3], key[4], n);
        if (n < 0) {
            connection_.run("DELETE FROM rollups WHERE brand = ?1 AND hour = ?2 AND network = ?3 "
                            "AND language = ?4 AND labels = ?5 AND n <= 0",
                            key[0], key[1], key[2], key[3], key[4]);
        }
    }
    for (const auto& [hour, last_id] : hours_) {
        connection_.run("INSERT INTO hours VALUES (?1, ?2) "
                        "ON CONFLICT DO UPDATE SET last_id = max(last_id, excluded.last_id)",
                        hour, last_id);
    }
    if (mentions_added_ != 0) {
        connection_.run("UPDATE meta SET value = value + ?1 WHERE key = 'mentions'",
                        mentions_added_);
    }
    if (erased_) {
        connection_.run("UPDATE meta SET value = 1 WHERE key = 'erased'");
    }
    rollups_.clear();
    hours_.clear();
    mentions_added_ = 0;
    erased_ = false;
}

} // namespace empathd::sqlite

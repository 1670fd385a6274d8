#include "analysis/model/digest.hpp"
#include "connectors/fields.hpp"
#include "connectors/hackernews/hackernews.hpp"
#include "connectors/transport/html_text.hpp"
#include "connectors/transport/json.hpp"

#include <algorithm>
#include <utility>

namespace empathd::connectors {
namespace {

constexpr std::int64_t created_s_max = 253'402'300'799; // The end of the year 9999.
constexpr std::string_view network = "hackernews";

bool is_item_number(std::string_view id) noexcept
{
    return !id.empty() && id.size() <= 19 &&
           id.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A story's title is in HTML as well: its entities are decoded, its markup (there is none) falls.
std::string read_title(const Json& hit)
{
    return plain_line(html_to_text(text_at(hit, "title")).text);
}

void read_words(const Json& hit, bool is_comment, Post& post)
{
    if (!is_comment) {
        post.title = read_title(hit);
        add_link(post, text_at(hit, "url"));
    }
    HtmlText text = html_to_text(text_at(hit, is_comment ? "comment_text" : "story_text"));
    post.truncated = text.truncated;
    set_text(post, std::move(text.text));
    for (const std::string& link : text.links) {
        add_link(post, link);
    }
    post.media = std::move(text.media);
}

Post read_post(const Json& hit, std::string id, std::int64_t created_s,
               const SourceIdentity& identity)
{
    const bool is_comment = !text_at(hit, "comment_text").empty();
    Post post;
    post.key = {.network = std::string(network), .id = id};
    post.source = identity.name;
    post.audience = identity.audience;
    post.url = "https://news.ycombinator.com/item?id=" + id;
    post.native_id = std::move(id);
    post.author = plain_line(text_at(hit, "author"));
    read_words(hit, is_comment, post);
    if (is_comment) {
        post.reply_to = id_at(hit, "parent_id");
        post.thread = id_at(hit, "story_id");
    }
    post.published_at = from_unix_ms(created_s * 1000);
    post.published_text = id_at(hit, "created_at_i");
    post.engagement.score = integer_at(hit, "points");
    post.engagement.replies = count_at(hit, "num_comments");
    return post;
}

HackernewsHit read_hit(const Json& item, const SourceIdentity& identity)
{
    HackernewsHit hit;
    hit.id = id_at(item, "objectID");
    const bool has_id = is_item_number(hit.id);
    if (!has_id) {
        hit.id = '#' + digest({to_text(item)});
    }
    const std::int64_t created = integer_at(item, "created_at_i").value_or(0);
    if (created > 0 && created <= created_s_max) {
        hit.created_s = created;
    }
    if (!has_id) {
        hit.reject = rejected("the hit has no item number as objectID", item);
    } else if (hit.created_s == 0) {
        hit.reject = rejected("the hit has no usable created_at_i", item);
    } else {
        hit.post = read_post(item, hit.id, hit.created_s, identity);
        if (hit.post->text.empty() && hit.post->title.empty()) {
            hit.post.reset();
            hit.reject = rejected("the hit has neither title nor text", item);
        }
    }
    return hit;
}

} // namespace

Result<HackernewsHits> parse_hackernews_hits(std::string_view json, const SourceIdentity& identity)
{
    const auto document = parse_json(json);
    if (!document) {
        return document.error();
    }
    const Json* list = member(*document, "hits");
    if (list == nullptr || !list->IsArray()) {
        return Error{ErrorKind::malformed, "the search answer has no list of hits"};
    }
    HackernewsHits out;
    out.total = count_at(*document, "nbHits");
    out.page_size = count_at(*document, "hitsPerPage").value_or(0);
    for (const Json& item : items_of(*list)) {
        out.hits.push_back(read_hit(item, identity));
    }
    return out;
}

Result<std::optional<Observation>> parse_hackernews_item(std::string_view json)
{
    const auto document = parse_json(json);
    if (!document) {
        return document.error();
    }
    const Json& item = *document;
    std::optional<Observation> out;
    if (item.IsNull()) {
        return out;
    }
    std::string id = id_at(item, "id");
    if (!is_item_number(id)) {
        return Error{ErrorKind::malformed, "the item has no number"};
    }
    if (flag_at(item, "deleted").value_or(false) || flag_at(item, "dead").value_or(false)) {
        return out;
    }
    out.emplace();
    out->key = {.network = std::string(network), .id = std::move(id)};
    out->engagement.score = integer_at(item, "score");
    out->engagement.replies = count_at(item, "descendants");
    if (!out->engagement.replies && text_at(item, "type") == "comment") {
        // An item names its answers in `kids`; the database behind it leaves out empty lists.
        out->engagement.replies = items_at(item, "kids").size();
    }
    return out;
}

} // namespace empathd::connectors

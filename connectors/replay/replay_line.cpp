#include "connectors/fields.hpp"
#include "connectors/replay/replay.hpp"
#include "connectors/transport/json.hpp"
#include "connectors/transport/time_formats.hpp"

#include <utility>

namespace empathd::connectors {
namespace {

Error unreadable(std::string why)
{
    return Error{ErrorKind::malformed, std::move(why)};
}

/// The time under the first of its names that is there; false when that one cannot be read.
bool read_time(const Json& line, std::optional<TimePoint>& at, std::string& as_written)
{
    for (const std::string_view key : {"at", "published_at", "created_at"}) {
        const Json* value = member(line, key);
        if (value == nullptr || value->IsNull()) {
            continue;
        }
        as_written = id_at(line, key);
        at = parse_time(as_written);
        return at.has_value();
    }
    return true;
}

Engagement read_engagement(const Json& line)
{
    return {.likes = count_at(line, "likes"),
            .replies = count_at(line, "replies"),
            .shares = count_at(line, "shares"),
            .views = count_at(line, "views"),
            .score = integer_at(line, "score")};
}

void read_links_and_media(const Json& line, Post& post)
{
    add_link(post, text_at(line, "link"));
    for (const Json& link : items_at(line, "links")) {
        if (link.IsString()) {
            add_link(post, {link.GetString(), link.GetStringLength()});
        }
    }
    for (const Json& item : items_at(line, "media")) {
        Media media{.url = web_address(text_at(item, "url")),
                    .description = plain_text(text_at(item, "description"))};
        if (!media.url.empty()) {
            post.media.push_back(std::move(media));
        }
    }
}

Post read_post(const Json& line, PostKey key, const SourceIdentity& identity)
{
    Post post;
    post.native_id = key.id;
    post.key = std::move(key);
    post.source = identity.name;
    post.audience = identity.audience;
    post.url = web_address(text_at(line, "url"));
    post.author = plain_line(text_at(line, "author"));
    post.author_name = plain_line(text_at(line, "author_name"));
    post.author_followers = count_at(line, "followers");
    post.title = plain_line(text_at(line, "title"));
    set_text(post, plain_text(text_at(line, "text")));
    post.language = language_tag(text_at(line, "lang"));
    post.reply_to = id_at(line, "reply_to");
    post.thread = id_at(line, "thread");
    if (post.thread == post.key.id) {
        post.thread.clear();
    }
    read_links_and_media(line, post);
    post.engagement = read_engagement(line);
    return post;
}

} // namespace

Result<ReplayLine> parse_replay_line(std::string_view text, const SourceIdentity& identity)
{
    const auto document = parse_json(text);
    if (!document) {
        return document.error();
    }
    const Json& line = *document;
    if (!line.IsObject()) {
        return unreadable("the line is not a JSON object");
    }
    PostKey key{.network = std::string(text_at(line, "network")), .id = id_at(line, "id")};
    if (key.network.empty()) {
        key.network = "replay";
    }
    if (key.id.empty() || key.id.size() > id_bytes_max) {
        return unreadable("the line has no usable id");
    }
    ReplayLine out;
    std::string as_written;
    if (!read_time(line, out.at, as_written)) {
        return unreadable("the time of the line cannot be read");
    }
    const Json* type = member(line, "type");
    const std::string_view kind = type == nullptr ? "post" : text_at(line, "type");
    if (kind == "engagement") {
        out.what = Observation{.key = std::move(key), .engagement = read_engagement(line)};
        return out;
    }
    if (kind == "deletion") {
        out.what = std::move(key);
        return out;
    }
    if (kind != "post") {
        return unreadable("the type of the line is neither post, engagement nor deletion");
    }
    Post post = read_post(line, std::move(key), identity);
    if (post.text.empty() && post.title.empty()) {
        return unreadable("the post has neither text nor title");
    }
    post.published_text = std::move(as_written);
    out.what = std::move(post);
    return out;
}

} // namespace empathd::connectors

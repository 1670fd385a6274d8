#include "connectors/feed/document.hpp"

#include "connectors/feed/markup.hpp"
#include "connectors/fields.hpp"
#include "connectors/transport/json.hpp"
#include "connectors/transport/time_formats.hpp"
#include "connectors/transport/url.hpp"

#include <initializer_list>
#include <utility>

namespace empathd::connectors {
namespace {

/// What holds for all items unless they say otherwise.
struct Defaults {
    std::string base; ///< What relative addresses are relative to.
    std::string language;
    const Json* feed = nullptr;
};

/// The first author: `authors` of version 1.1, `author` of 1.0.
const Json* author_of(const Json& object) noexcept
{
    const auto list = items_at(object, "authors");
    return list.empty() ? object_at(object, "author") : &list.front();
}

void read_author(Post& post, const Json& item, const Json& feed)
{
    const Json* author = author_of(item);
    author = author == nullptr ? author_of(feed) : author;
    if (author == nullptr) {
        return;
    }
    post.author_name = plain_line(text_at(*author, "name"));
    post.author = plain_line(text_at(*author, "url"));
    if (post.author.empty()) {
        post.author = post.author_name;
    }
    if (post.author_name.empty()) {
        post.author_name = post.author;
    }
}

void read_times(FeedItem& out, const Json& item)
{
    const auto published = parse_time(text_at(item, "date_published"));
    const auto modified = parse_time(text_at(item, "date_modified"));
    const bool falls_back = text_at(item, "date_published").empty();
    out.post.published_text =
        plain_line(text_at(item, falls_back ? "date_modified" : "date_published"));
    const auto claim = falls_back ? modified : published;
    out.dated = claim.has_value();
    out.post.published_at = claim.value_or(TimePoint{});
    if (claim && modified && *modified > *claim) {
        out.post.edited_at = modified;
    }
}

void read_content(Post& post, const Json& item, const std::string& base)
{
    for (const auto& [key, html] :
         {std::pair("content_html", true), std::pair("content_text", false),
          std::pair("summary", false)}) {
        HtmlText content = content_of({std::string(text_at(item, key)), html}, base);
        if (!content.text.empty() || !content.media.empty()) {
            put_content(post, std::move(content));
            break;
        }
    }
    for (const char* key : {"image", "banner_image"}) {
        add_media(post, address_of(text_at(item, key), base), "");
    }
    for (const Json& attachment : items_at(item, "attachments")) {
        add_media(post, address_of(text_at(attachment, "url"), base), text_at(attachment, "title"));
    }
}

FeedItem read_item(const Json& item, const Defaults& defaults)
{
    FeedItem out{.id = id_at(item, "id")};
    Post& post = out.post;
    std::string external = address_of(text_at(item, "external_url"), defaults.base);
    post.url = address_of(text_at(item, "url"), defaults.base);
    if (post.url.empty()) {
        post.url = std::move(external);
    } else {
        add_link(post, external);
    }
    post.title = plain_line(text_at(item, "title"));
    read_author(post, item, *defaults.feed);
    read_times(out, item);
    read_content(post, item, defaults.base);
    post.language = language_tag(text_at(item, "language"));
    if (post.language.empty()) {
        post.language = defaults.language;
    }
    return out;
}

} // namespace

Result<FeedDocument> parse_json_feed(std::string_view text, std::string_view url)
{
    const auto parsed = parse_json(text);
    if (!parsed) {
        return parsed.error();
    }
    const Json& feed = *parsed;
    const Json* items = member(feed, "items");
    const bool versioned = text_at(feed, "version").find("jsonfeed.org") != std::string_view::npos;
    if (!feed.IsObject() || (!versioned && (items == nullptr || !items->IsArray()))) {
        return Error{ErrorKind::malformed, "no feed: JSON, but no JSON Feed"};
    }
    Defaults defaults{.base = resolve_url(text_at(feed, "home_page_url"), url),
                      .language = language_tag(text_at(feed, "language")),
                      .feed = &feed};
    if (!is_http_url(defaults.base)) {
        defaults.base = url;
    }
    FeedDocument document;
    for (const Json& item : items_at(feed, "items")) {
        if (document.items.size() + document.rejected.size() == feed_items_read_max) {
            document.cut = true;
            break;
        }
        if (!item.IsObject()) {
            document.rejected.push_back(rejected("item is no object", item));
            continue;
        }
        FeedItem read = read_item(item, defaults);
        const Post& post = read.post;
        if (read.id.empty() && post.url.empty() && post.title.empty() && post.text.empty()) {
            document.rejected.push_back(rejected("item has neither id, url, title nor text", item));
            continue;
        }
        document.items.push_back(std::move(read));
    }
    return document;
}

} // namespace empathd::connectors

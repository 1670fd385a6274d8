#include "connectors/feed/xml_item.hpp"

#include "connectors/feed/markup.hpp"
#include "connectors/feed/xml_text.hpp"
#include "connectors/fields.hpp"
#include "connectors/transport/time_formats.hpp"
#include "connectors/transport/url.hpp"

#include <charconv>
#include <initializer_list>
#include <optional>
#include <utility>

namespace empathd::connectors {
namespace {

/// A child by namespace and name; the namespace "own" is the format's.
struct Wanted {
    std::string_view space;
    std::string_view name;
};

constexpr std::string_view own = "own";

const XmlNode* child_of(const XmlFeed& feed, const XmlNode& node, const Wanted& wanted) noexcept
{
    return wanted.space == own ? own_child(feed, node, wanted.name)
                               : connectors::child_of(node, wanted.space, wanted.name);
}

/// The text of the first of these children that has any.
std::string first_text(const XmlFeed& feed, const XmlNode& node,
                       std::initializer_list<Wanted> wanted)
{
    for (const Wanted& one : wanted) {
        const XmlNode* child = child_of(feed, node, one);
        std::string text = child == nullptr ? std::string() : trimmed_text(*child);
        if (!text.empty()) {
            return text;
        }
    }
    return {};
}

std::optional<std::uint64_t> count_of(std::string_view text) noexcept
{
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

bool is_link(const XmlFeed& feed, const XmlNode& node) noexcept
{
    return is_own(feed, node, "link") || (node.space == "atom" && same_word(node.name, "link"));
}

std::string_view relation_of(const XmlNode& link) noexcept
{
    const std::string_view relation = attribute_of(link, "rel");
    return relation.empty() ? std::string_view("alternate") : relation;
}

std::string base_of(const XmlNode& node, const std::string& outer)
{
    const std::string_view declared = attribute_of(node, "base", "xml");
    std::string base = declared.empty() ? std::string() : resolve_url(declared, outer);
    return base.empty() ? outer : base;
}

void read_id(FeedItem& out, const XmlNode& node, const XmlFeed& feed)
{
    out.id = first_text(feed, node, {{own, "guid"}, {own, "id"}, {"atom", "id"}});
    if (out.id.empty()) {
        out.id = attribute_of(node, "about", "rdf");
    }
    if (out.id.empty()) {
        out.id = first_text(feed, node, {{"dc", "identifier"}});
    }
}

void read_url(Post& post, const XmlNode& node, const XmlFeed& feed, const std::string& base)
{
    const XmlNode* original = connectors::child_of(node, "feedburner", "origLink");
    if (original != nullptr) {
        post.url = address_of(trimmed_text(*original), base);
    }
    if (post.url.empty()) {
        post.url = web_page_of(feed, node, base);
    }
    const XmlNode* guid = own_child(feed, node, "guid");
    if (post.url.empty() && guid != nullptr &&
        !same_word(attribute_of(*guid, "isPermaLink"), "false")) {
        post.url = web_address(trimmed_text(*guid));
    }
}

void read_times(FeedItem& out, const XmlNode& node, const XmlFeed& feed)
{
    const std::string published = first_text(feed, node,
                                             {{own, "pubDate"},
                                              {own, "published"},
                                              {own, "issued"},
                                              {"atom", "published"},
                                              {"dc", "date"},
                                              {"dcterms", "issued"},
                                              {"dcterms", "created"},
                                              {own, "created"},
                                              {own, "date"}});
    const std::string updated = first_text(
        feed, node,
        {{own, "updated"}, {own, "modified"}, {"atom", "updated"}, {"dcterms", "modified"}});
    const auto updated_at = parse_time(updated);
    const auto claim = published.empty() ? updated_at : parse_time(published);
    out.dated = claim.has_value();
    out.post.published_at = claim.value_or(TimePoint{});
    out.post.published_text = plain_line(published.empty() ? updated : published);
    if (claim && updated_at && *updated_at > *claim) {
        out.post.edited_at = updated_at;
    }
}

void read_author(Post& post, const XmlNode& node, const XmlFeed& feed)
{
    const XmlNode* author = nullptr;
    for (const Wanted& wanted : {Wanted{own, "author"}, Wanted{"dc", "creator"},
                                 Wanted{"itunes", "author"}, Wanted{"atom", "author"}}) {
        author = child_of(feed, node, wanted);
        if (author != nullptr && !trimmed_text(*author).empty()) {
            break;
        }
        author = nullptr;
    }
    author = author == nullptr ? feed.author : author;
    if (author == nullptr) {
        return;
    }
    const AuthorText read = author_of(*author);
    post.author_name = read.name;
    post.author = read.handle;
}

void read_text(Post& post, const XmlNode& node, const XmlFeed& feed, const std::string& base)
{
    for (const Wanted& wanted :
         {Wanted{"content", "encoded"}, Wanted{own, "encoded"}, Wanted{own, "content"},
          Wanted{"atom", "content"}, Wanted{"xhtml", "body"}, Wanted{"xhtml", "div"},
          Wanted{own, "description"}, Wanted{own, "summary"}, Wanted{"atom", "summary"},
          Wanted{"itunes", "summary"}, Wanted{"dc", "description"}}) {
        const XmlNode* child = child_of(feed, node, wanted);
        if (child == nullptr) {
            continue;
        }
        const std::string inner = base_of(*child, base);
        HtmlText content = content_of(text_construct(*child, feed.atom, base), inner);
        if (!content.text.empty() || !content.media.empty()) {
            put_content(post, std::move(content));
            if (!post.text.empty()) {
                return;
            }
        }
    }
}

/// What a Media RSS element says of itself.
std::string media_words(const XmlNode& node)
{
    for (const char* name : {"description", "title"}) {
        const XmlNode* words = connectors::child_of(node, "media", name);
        if (words != nullptr) {
            return line_of({text_of(*words), true});
        }
    }
    return {};
}

void read_community(Engagement& engagement, const XmlNode& community)
{
    const XmlNode* statistics = connectors::child_of(community, "media", "statistics");
    const XmlNode* stars = connectors::child_of(community, "media", "starRating");
    if (statistics != nullptr) {
        engagement.views = count_of(attribute_of(*statistics, "views"));
    }
    if (stars != nullptr) {
        engagement.likes = count_of(attribute_of(*stars, "count"));
    }
}

/// Media RSS: its elements stand in the item, in a group or in one another.
void read_media_rss(Post& post, const XmlNode& node, const std::string& base, int levels)
{
    const std::string shared = media_words(node);
    for (const XmlNode& child : node.children) {
        if (child.space != "media") {
            continue;
        }
        const bool content = same_word(child.name, "content");
        if (content) {
            const std::string words = media_words(child);
            add_media(post, address_of(attribute_of(child, "url"), base),
                      words.empty() ? shared : words);
        }
        if (levels > 1 && (content || same_word(child.name, "group"))) {
            read_media_rss(post, child, base, levels - 1);
        }
        if (same_word(child.name, "thumbnail") && post.media.empty()) {
            add_media(post, address_of(attribute_of(child, "url"), base), shared);
        }
        if (same_word(child.name, "description") && post.text.empty()) {
            const bool html = same_word(attribute_of(child, "type"), "html");
            put_content(post, content_of({text_of(child), html}, base));
        }
        if (same_word(child.name, "community")) {
            read_community(post.engagement, child);
        }
    }
}

void read_links(Post& post, const XmlNode& node, const XmlFeed& feed, const std::string& base)
{
    for (const XmlNode& child : node.children) {
        const std::string inner = base_of(child, base);
        if (is_own(feed, child, "enclosure")) {
            add_media(post, address_of(attribute_of(child, "url"), inner), "");
        } else if (is_own(feed, child, "content") && !attribute_of(child, "src").empty()) {
            add_link(post, address_of(attribute_of(child, "src"), inner));
        } else if (is_link(feed, child)) {
            const std::string_view relation = relation_of(child);
            const std::string address = address_of(attribute_of(child, "href"), inner);
            if (relation == "enclosure") {
                add_media(post, address, attribute_of(child, "title"));
            } else if (relation == "related" || relation == "via") {
                add_link(post, address);
            } else if (relation == "replies") {
                const auto count = count_of(attribute_of(child, "count", "thr"));
                post.engagement.replies = count ? count : post.engagement.replies;
            }
        }
    }
}

void read_thread(Post& post, const XmlNode& node, const XmlFeed& feed)
{
    const XmlNode* parent = connectors::child_of(node, "thr", "in-reply-to");
    if (parent != nullptr) {
        post.reply_to = attribute_of(*parent, "ref");
        if (post.reply_to.empty()) {
            post.reply_to = attribute_of(*parent, "href");
        }
    }
    for (const Wanted& wanted : {Wanted{"thr", "total"}, Wanted{"slash", "comments"}}) {
        const auto count = count_of(first_text(feed, node, {wanted}));
        post.engagement.replies = count ? count : post.engagement.replies;
    }
}

std::string language_of(const XmlNode& node, const XmlFeed& feed)
{
    for (const std::string& claim : {std::string(attribute_of(node, "lang", "xml")),
                                     first_text(feed, node, {{"dc", "language"}})}) {
        std::string tag = language_tag(claim);
        if (!tag.empty()) {
            return tag;
        }
    }
    return feed.language;
}

} // namespace

bool is_own(const XmlFeed& feed, const XmlNode& node, std::string_view name) noexcept
{
    return (node.space.empty() || node.space == feed.own_space) && same_word(node.name, name);
}

const XmlNode* own_child(const XmlFeed& feed, const XmlNode& node, std::string_view name) noexcept
{
    for (const XmlNode& child : node.children) {
        if (is_own(feed, child, name)) {
            return &child;
        }
    }
    return nullptr;
}

const XmlNode* child_of(const XmlNode& node, std::string_view space, std::string_view name) noexcept
{
    for (const XmlNode& child : node.children) {
        if (child.space == space && same_word(child.name, name)) {
            return &child;
        }
    }
    return nullptr;
}

std::string trimmed_text(const XmlNode& node)
{
    const std::string text = text_of(node);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string::npos
               ? std::string()
               : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string web_page_of(const XmlFeed& feed, const XmlNode& node, std::string_view base)
{
    std::string other;
    for (const XmlNode& child : node.children) {
        if (!is_link(feed, child)) {
            continue;
        }
        const std::string inner = base_of(child, std::string(base));
        std::string address = address_of(attribute_of(child, "href"), inner);
        if (address.empty()) {
            address = address_of(trimmed_text(child), inner);
        }
        if (address.empty() || relation_of(child) != "alternate") {
            continue;
        }
        const std::string_view type = attribute_of(child, "type");
        if (type.empty() || type.find("html") != std::string_view::npos) {
            return address;
        }
        if (other.empty()) {
            other = std::move(address);
        }
    }
    return other;
}

FeedItem read_xml_item(const XmlNode& node, const XmlFeed& feed)
{
    FeedItem out;
    Post& post = out.post;
    const std::string base = base_of(node, feed.base);
    read_id(out, node, feed);
    read_url(post, node, feed, base);
    read_times(out, node, feed);
    read_author(post, node, feed);
    for (const Wanted& wanted : {Wanted{own, "title"}, Wanted{"dc", "title"},
                                 Wanted{"media", "title"}, Wanted{"atom", "title"}}) {
        const XmlNode* title = child_of(feed, node, wanted);
        if (post.title.empty() && title != nullptr) {
            post.title = line_of(text_construct(*title, feed.atom, base));
        }
    }
    read_text(post, node, feed, base);
    read_links(post, node, feed, base);
    read_media_rss(post, node, base, 3);
    read_thread(post, node, feed);
    post.language = language_of(node, feed);
    return out;
}

} // namespace empathd::connectors

#include "connectors/feed/document.hpp"

#include "connectors/feed/markup.hpp"
#include "connectors/feed/xml_item.hpp"
#include "connectors/feed/xml_names.hpp"
#include "connectors/fields.hpp"
#include "connectors/transport/url.hpp"

#include <utility>

namespace empathd::connectors {
namespace {

bool is_item(const XmlFeed& feed, const XmlNode& node) noexcept
{
    return is_own(feed, node, "item") || is_own(feed, node, "entry");
}

/// The element whose children describe the feed: RSS has its <channel> inside.
const XmlNode& head_of(const XmlFeed& feed, const XmlNode& root) noexcept
{
    const XmlNode* channel = own_child(feed, root, "channel");
    return channel == nullptr ? root : *channel;
}

std::string resolved_base(const XmlNode& node, std::string base)
{
    const std::string_view declared = attribute_of(node, "base", "xml");
    std::string own = declared.empty() ? std::string() : resolve_url(declared, base);
    return own.empty() ? base : own;
}

XmlFeed describe(const XmlNode& root, std::string_view url)
{
    XmlFeed feed{.own_space = root.space,
                 .atom = same_word(root.name, "feed") || same_word(root.name, "entry"),
                 .base = std::string(url)};
    const XmlNode& head = head_of(feed, root);
    feed.base = resolved_base(root, std::move(feed.base));
    if (&head != &root) {
        feed.base = resolved_base(head, std::move(feed.base));
    }
    const bool declared =
        !attribute_of(root, "base", "xml").empty() || !attribute_of(head, "base", "xml").empty();
    if (!feed.atom && !declared) { // RSS says nothing of it; its items live on the site.
        const std::string site = web_page_of(feed, head, feed.base);
        if (!site.empty()) {
            feed.base = site;
        }
    }
    for (const XmlNode* node : {&head, &root}) {
        if (feed.language.empty()) {
            feed.language = language_tag(attribute_of(*node, "lang", "xml"));
        }
    }
    for (const XmlNode* language :
         {own_child(feed, head, "language"), child_of(head, "dc", "language")}) {
        if (feed.language.empty() && language != nullptr) {
            feed.language = language_tag(trimmed_text(*language));
        }
    }
    if (feed.atom) {
        feed.author = own_child(feed, head, "author");
    }
    return feed;
}

/// All items in the order of the document, also those that stand inside another one because its
/// end tag is missing. An item's own reader looks at its direct children only.
void collect(const XmlFeed& feed, const XmlNode& node, FeedDocument& document,
             std::vector<const XmlNode*>& items)
{
    for (const XmlNode& child : node.children) {
        if (is_item(feed, child)) {
            items.push_back(&child);
            collect(feed, child, document, items);
        } else if (is_own(feed, child, "channel") || is_own(feed, child, "items") ||
                   is_own(feed, child, "entries")) {
            collect(feed, child, document, items);
        } else if (child.space == "at" && same_word(child.name, "deleted-entry")) {
            const std::string_view reference = attribute_of(child, "ref");
            if (!reference.empty()) {
                document.deleted.emplace_back(reference);
            }
        }
    }
}

} // namespace

Result<FeedDocument> parse_xml_feed(std::string_view text, std::string_view url)
{
    const auto parsed = parse_xml(text, feed_space);
    if (!parsed) {
        return parsed.error();
    }
    const XmlNode& root = parsed->root;
    const XmlFeed feed = describe(root, url);
    FeedDocument document{.cut = parsed->cut};
    std::vector<const XmlNode*> nodes;
    if (is_own(feed, root, "entry")) {
        nodes.push_back(&root); // A document of one entry (RFC 4287 section 2).
    }
    collect(feed, root, document, nodes);
    if (nodes.size() > feed_items_read_max) {
        nodes.resize(feed_items_read_max);
        document.cut = true;
    }
    for (const XmlNode* node : nodes) {
        FeedItem item = read_xml_item(*node, feed);
        const Post& post = item.post;
        if (item.id.empty() && post.url.empty() && post.title.empty() && post.text.empty()) {
            document.rejected.push_back(rejected("item has neither id, link, title nor text",
                                                 std::string_view(inner_html(*node, ""))));
            continue;
        }
        document.items.push_back(std::move(item));
    }
    return document;
}

} // namespace empathd::connectors

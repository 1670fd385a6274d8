#include "connectors/feed/markup.hpp"

#include "connectors/fields.hpp"
#include "connectors/transport/markup_tag.hpp"
#include "connectors/transport/url.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace empathd::connectors {
namespace {

/// Elements HTML has no end tags for.
constexpr std::array<std::string_view, 8> void_elements{"area", "br",   "col", "hr",
                                                        "img",  "link", "wbr", "input"};

bool is_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether an entity ("&amp;", "&#39;") begins at `at`.
bool entity_at(std::string_view text, std::size_t at) noexcept
{
    std::size_t end = at + 1;
    if (end < text.size() && text[end] == '#') {
        ++end;
    }
    const std::size_t begin = end;
    while (end < text.size() && end < at + 12 &&
           (is_letter(text[end]) || (text[end] >= '0' && text[end] <= '9'))) {
        ++end;
    }
    return end > begin && end < text.size() && text[end] == ';';
}

bool holds_entity(std::string_view text) noexcept
{
    for (std::size_t at = text.find('&'); at != std::string_view::npos;
         at = text.find('&', at + 1)) {
        if (entity_at(text, at)) {
            return true;
        }
    }
    return false;
}

void replace_all(std::string& text, std::string_view from, std::string_view to)
{
    if (text.find(from) == std::string::npos) {
        return;
    }
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(from, at), text.size());
        out.append(text, at, end - at);
        out += end == text.size() ? std::string_view() : to;
        at = end == text.size() ? end : end + from.size();
    }
    text = std::move(out);
}

/// Entities decoded, everything else as it is.
std::string unescaped(std::string text)
{
    replace_all(text, "<", "&lt;");
    return html_to_text(text).text;
}

/// U+00A0 as a blank, which is what the HTML reader makes of it.
std::string with_plain_blanks(std::string text)
{
    replace_all(text, "\u00A0", " ");
    return text;
}

/// Plain text as HTML keeps its lines.
std::string with_breaks(std::string text)
{
    replace_all(text, "\n", "<br>");
    return text;
}

/// Whether a whole text is one piece of escaped markup, as "<p>...</p>".
bool is_all_markup(std::string_view text) noexcept
{
    return text.size() > 6 && text.front() == '<' && is_letter(text[1]) && text.back() == '>' &&
           text.find("</") != std::string_view::npos;
}

void append_escaped(std::string& out, std::string_view text)
{
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
}

bool holds_address(std::string_view attribute) noexcept
{
    return same_word(attribute, "href") || same_word(attribute, "src");
}

std::string absolute_or_same(const std::string& reference, std::string_view base)
{
    const std::string absolute = resolve_url(reference, base);
    return absolute.empty() ? reference : absolute;
}

void append_node(std::string& out, const XmlNode& node, const std::string& base);

void append_children(std::string& out, const XmlNode& node, const std::string& outer)
{
    const std::string_view own = attribute_of(node, "base", "xml");
    const std::string base = own.empty() ? std::string() : resolve_url(own, outer);
    for (const XmlNode& child : node.children) { // At most xml_depth_max deep.
        append_node(out, child, base.empty() ? outer : base);
    }
}

void append_node(std::string& out, const XmlNode& node, const std::string& outer)
{
    if (node.is_text()) {
        append_escaped(out, node.text);
        return;
    }
    const std::string_view own = attribute_of(node, "base", "xml");
    const std::string base = own.empty() ? outer : resolve_url(own, outer);
    out += '<';
    out += node.name;
    for (const XmlAttribute& attribute : node.attributes) {
        if (!attribute.space.empty()) {
            continue;
        }
        std::string value = attribute.value;
        if (holds_address(attribute.name)) {
            value = absolute_or_same(value, base);
        }
        out += ' ' + attribute.name + "=\"";
        append_escaped(out, value);
        out += '"';
    }
    out += '>';
    append_children(out, node, outer);
    const auto is_void = [&node](std::string_view name) { return same_word(name, node.name); };
    if (std::none_of(void_elements.begin(), void_elements.end(), is_void)) {
        out += "</" + node.name + '>';
    }
}

/// The tag again, its addresses absolute.
void append_resolved(std::string& out, const MarkupTag& tag, std::string_view base)
{
    out += '<';
    out += tag.name;
    for (const MarkupTag::Attribute& attribute : tag.attributes) {
        std::string value(attribute.value);
        if (holds_address(attribute.name)) {
            value = absolute_or_same(value, base);
        }
        replace_all(value, "\"", "&quot;");
        out += ' ';
        out += attribute.name;
        out += "=\"" + value + '"';
    }
    out += tag.self_closing ? "/>" : ">";
}

bool names_a_feed(const MarkupTag& tag)
{
    const auto* rel = tag.find("rel");
    const auto* type = tag.find("type");
    if (!same_word(tag.name, "link") || rel == nullptr || type == nullptr ||
        tag.find("href") == nullptr || !same_word(rel->value, "alternate")) {
        return false;
    }
    for (const std::string_view feed : {"application/rss+xml", "application/atom+xml",
                                        "application/feed+json", "application/rdf+xml"}) {
        if (same_word(type->value, feed)) {
            return true;
        }
    }
    return false;
}

/// Offset of the next tag from `at` on; comments and the like are stepped over.
std::size_t next_tag(std::string_view text, std::size_t at) noexcept
{
    while ((at = text.find('<', at)) != std::string_view::npos) {
        const std::size_t end = skip_declaration(text, at);
        if (end == at) {
            break;
        }
        at = end;
    }
    return at;
}

} // namespace

bool looks_like_html(std::string_view text) noexcept
{
    for (std::size_t at = text.find('<'); at != std::string_view::npos;
         at = text.find('<', at + 1)) {
        const std::string_view rest = text.substr(at + 1, 4);
        if (rest.size() > 1 && rest[0] == '/' && is_letter(rest[1])) {
            return true;
        }
        for (const std::string_view start : {"br>", "br ", "br/", "p>", "p ", "img "}) {
            if (same_word(rest.substr(0, start.size()), start)) {
                return true;
            }
        }
    }
    return holds_entity(text);
}

std::string line_of(const FeedText& text)
{
    if (!text.html) {
        return plain_line(with_plain_blanks(text.text));
    }
    // A single "<b>" in a title is more often meant than markup.
    std::string line = looks_like_html(text.text) ? html_to_text(text.text).text : text.text;
    if (holds_entity(line)) {
        line = unescaped(std::move(line));
    }
    return plain_line(with_plain_blanks(std::move(line)));
}

HtmlText content_of(const FeedText& text, std::string_view base)
{
    if (!text.html) {
        HtmlText out;
        out.text = plain_text(with_plain_blanks(text.text));
        return out;
    }
    HtmlText out = html_to_text(with_absolute_links(text.text, base));
    if (text.text.find('<') == std::string::npos && is_all_markup(out.text)) {
        return html_to_text(with_absolute_links(out.text, base)); // Escaped once too often.
    }
    // Twice too often. Code within a text looks like that too, a text as a whole does not.
    if (out.text.starts_with("&lt;") && out.text.find("&lt;/") != std::string::npos) {
        replace_all(out.text, "<", "&lt;");
        const std::string markup = html_to_text(with_breaks(std::move(out.text))).text;
        HtmlText inner = html_to_text(with_absolute_links(with_breaks(markup), base));
        out.text = std::move(inner.text);
        out.links.insert(out.links.end(), inner.links.begin(), inner.links.end());
        out.media.insert(out.media.end(), inner.media.begin(), inner.media.end());
    }
    return out;
}

std::string inner_html(const XmlNode& node, std::string_view base)
{
    std::string out;
    append_children(out, node, std::string(base));
    return out;
}

std::string with_absolute_links(std::string_view html, std::string_view base)
{
    html = html.substr(0, html_bytes_max + 1); // One more, so that the reader sees it was cut.
    std::string out;
    out.reserve(html.size());
    std::size_t done = 0;
    for (std::size_t at = next_tag(html, 0); at != std::string_view::npos;
         at = next_tag(html, std::max(done, at + 1))) {
        const auto tag = scan_tag(html, at);
        if (!tag || tag->closing || (!tag->find("href") && !tag->find("src"))) {
            continue;
        }
        out += html.substr(done, at - done);
        append_resolved(out, *tag, base);
        done = tag->end;
    }
    out += html.substr(done);
    return out;
}

std::string feed_named_in(std::string_view html, std::string_view url)
{
    html = html.substr(0, html_bytes_max);
    for (std::size_t at = next_tag(html, 0); at != std::string_view::npos;
         at = next_tag(html, at + 1)) {
        const auto tag = scan_tag(html, at);
        if (tag && names_a_feed(*tag)) {
            std::string address(tag->find("href")->value);
            replace_all(address, "&amp;", "&");
            return address_of(address, url);
        }
    }
    return {};
}

std::string address_of(std::string_view reference, std::string_view base)
{
    const bool blank = reference.find_first_not_of(" \t\r\n") == std::string_view::npos;
    return blank ? std::string() : web_address(resolve_url(reference, base));
}

void put_content(Post& post, HtmlText content)
{
    post.truncated = post.truncated || content.truncated;
    set_text(post, std::move(content.text));
    for (const std::string& link : content.links) {
        if (post.links.size() < html_links_max) {
            add_link(post, link);
        }
    }
    for (const Media& media : content.media) {
        add_media(post, media.url, media.description);
    }
}

void add_media(Post& post, std::string_view url, std::string_view description)
{
    std::string address = web_address(url);
    const auto known = [&address](const Media& one) { return one.url == address; };
    if (address.empty() || post.media.size() == html_media_max ||
        std::any_of(post.media.begin(), post.media.end(), known)) {
        return;
    }
    post.media.push_back({std::move(address), plain_line(description)});
}

} // namespace empathd::connectors

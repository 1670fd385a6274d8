#pragma once

#include "analysis/model/post.hpp"
#include "connectors/transport/html_text.hpp"
#include "connectors/transport/xml.hpp"

#include <string>
#include <string_view>

namespace empathd::connectors {

// What feeds call text. All pure, all over valid UTF-8.

/// A text of a feed: HTML, or plain and to be taken word for word.
struct FeedText {
    std::string text;
    bool html = false;

    [[nodiscard]] bool empty() const noexcept { return text.empty(); }
};

/// Whether somebody meant HTML: an end tag, <br>, <p>, <img>, or an entity is in it.
[[nodiscard]] bool looks_like_html(std::string_view text) noexcept;

/// The text on one line, plain. HTML that was escaped once too often is unescaped once more.
[[nodiscard]] std::string line_of(const FeedText& text);

/// Plain text, links and media. Relative addresses in HTML are resolved against `base`.
[[nodiscard]] HtmlText content_of(const FeedText& text, std::string_view base);

/// The inside of an element as HTML, its addresses resolved against `base` and any xml:base within.
[[nodiscard]] std::string inner_html(const XmlNode& node, std::string_view base);

/// `html` with every relative href and src replaced by its absolute address.
[[nodiscard]] std::string with_absolute_links(std::string_view html, std::string_view base);

/// The address of the first feed that an HTML page names (<link rel="alternate">), absolute; empty
/// when it names none. Source: https://www.rssboard.org/rss-autodiscovery
[[nodiscard]] std::string feed_named_in(std::string_view html, std::string_view url);

/// The http or https address that a reference in a feed means; empty for none and for others.
[[nodiscard]] std::string address_of(std::string_view reference, std::string_view base);

/// Puts what a reader found into the post: text, links and media, at most `html_links_max` and
/// `html_media_max` of them.
void put_content(Post& post, HtmlText content);
void add_media(Post& post, std::string_view url, std::string_view description);

} // namespace empathd::connectors

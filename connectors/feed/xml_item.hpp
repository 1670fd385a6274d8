#pragma once

#include "connectors/feed/document.hpp"
#include "connectors/transport/xml.hpp"

#include <string>
#include <string_view>

namespace empathd::connectors {

/// What holds for all items of an XML feed unless they say otherwise.
struct XmlFeed {
    std::string_view own_space; ///< The root's: its elements are the format's own.
    bool atom = false;          ///< <feed> or <entry>; otherwise one of the RSS family.
    std::string base;           ///< What relative addresses are relative to.
    std::string language;
    const XmlNode* author = nullptr; ///< Atom: who wrote entries that name nobody.
};

/// Whether the element is one of the format's own by that name.
[[nodiscard]] bool is_own(const XmlFeed& feed, const XmlNode& node, std::string_view name) noexcept;

/// Its first such child, or nullptr.
[[nodiscard]] const XmlNode* own_child(const XmlFeed& feed, const XmlNode& node,
                                       std::string_view name) noexcept;
[[nodiscard]] const XmlNode* child_of(const XmlNode& node, std::string_view space,
                                      std::string_view name) noexcept;

/// White space at either end dropped.
[[nodiscard]] std::string trimmed_text(const XmlNode& node);

/// Where the document or item can be read: RSS's <link>, Atom's alternate link.
[[nodiscard]] std::string web_page_of(const XmlFeed& feed, const XmlNode& node,
                                      std::string_view base);

/// Reads one <item> or <entry>. Never fails: what it lacks stays empty.
[[nodiscard]] FeedItem read_xml_item(const XmlNode& node, const XmlFeed& feed);

} // namespace empathd::connectors

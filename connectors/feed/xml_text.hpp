#pragma once

#include "connectors/feed/markup.hpp"
#include "connectors/transport/xml.hpp"

#include <string>
#include <string_view>

namespace empathd::connectors {

/// What an element holds as text, told from the format, its type and mode and what is in it:
///
/// - Atom 1.0 (RFC 4287 section 3.1): "text" word for word, "html" escaped HTML, "xhtml" the tree;
///   media types of text and XML likewise; application/octet-stream as Base64 when that is text,
///   pictures and sound as nothing. Without any type it is text, but markup in it counts as HTML.
/// - Atom 0.3: mode "xml", "escaped" or "base64" says how, `type` what.
/// - RSS: HTML. Elements inside that were not escaped are read as the tree they are.
[[nodiscard]] FeedText text_construct(const XmlNode& node, bool atom, std::string_view base);

struct AuthorText {
    std::string name;
    std::string handle; ///< Address of a page about them, else the name.
};

/// Who an author element names: Atom's person (name, uri, email), RSS's "mail (Name)" and
/// "Name <mail>", or an HTML link to somebody's page.
[[nodiscard]] AuthorText author_of(const XmlNode& node);

} // namespace empathd::connectors

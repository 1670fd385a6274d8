#pragma once

#include "analysis/model/post.hpp"
#include "connectors/connector.hpp"
#include "connectors/transport/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace empathd::connectors {

inline constexpr std::size_t name_bytes_max = 1024;       ///< Titles and names of authors.
inline constexpr std::size_t id_bytes_max = 2 * 1024;     ///< Ids longer than this are refused.
inline constexpr std::size_t sample_bytes_max = 4 * 1024; ///< Rejected::sample.

// What every connector does with the values it reads. All pure.

/// Plain text as Post::text wants it: NFC, lines ended by one newline, no control characters but
/// newline and tab, no white space at either end.
[[nodiscard]] std::string plain_text(std::string_view text);

/// The same on one line, cut at `name_bytes_max`: titles and names.
[[nodiscard]] std::string plain_line(std::string_view text);

/// Puts NFC text into the post, cut at post_text_bytes_max with `truncated` set.
void set_text(Post& post, std::string nfc);

/// The address when it is http or https, has a host, no white space or control characters and at
/// most `url_bytes_max` bytes; empty otherwise. Nothing else may become a link.
[[nodiscard]] std::string web_address(std::string_view text);

/// Adds an address to Post::links when it is one and not there yet.
void add_link(Post& post, std::string_view address);

/// A language as the source claims it, when it has the shape of a BCP 47 tag; empty otherwise.
[[nodiscard]] std::string language_tag(std::string_view text);

/// The text as a component of a query string or one segment of a path: every byte but the
/// unreserved ones of RFC 3986 section 2.3 as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// An item that could not be read, with the start of what came.
[[nodiscard]] Rejected rejected(std::string reason, std::string_view item);
[[nodiscard]] Rejected rejected(std::string reason, const Json& item);

/// JSON text without white space.
[[nodiscard]] std::string to_text(const Json& value);

} // namespace empathd::connectors

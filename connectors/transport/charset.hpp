#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace empathd::connectors {

/// The charset a Content-Type names ("text/xml; charset=\"koi8-r\""); empty when it names none.
[[nodiscard]] std::string_view charset_of(std::string_view content_type) noexcept;

/// `bytes` in the encoding that `label` names, as valid UTF-8; what the encoding does not know
/// becomes U+FFFD. Nothing for a label outside our list: the encodings of the WHATWG standard and a
/// few of Vietnam, under their usual names, case and punctuation ignored. As browsers have it,
/// ISO-8859-1 and ASCII mean Windows-1252, GB2312 means GB18030, Shift_JIS means CP932. UTF-7 is
/// not known: it smuggles markup.
/// Source: https://encoding.spec.whatwg.org/#names-and-labels
[[nodiscard]] std::optional<std::string> to_utf8(std::string_view bytes, std::string_view label);

/// A whole document as valid UTF-8, whatever it claims about itself. In order:
///
/// 1. A byte order mark (UTF-8, UTF-16, UTF-32), which is dropped.
/// 2. Zero bytes where ASCII in UTF-16 or UTF-32 has them.
/// 3. Well-formed UTF-8: other encodings do not look so by chance, while claims are often wrong.
/// 4. The first of `claims` (HTTP before the document, RFC 7303 section 3) that is known and not
///    Unicode.
/// 5. UTF-8 with damage when most of its multi-byte sequences are whole, else Windows-1252.
[[nodiscard]] std::string decoded_document(std::string_view bytes,
                                           std::initializer_list<std::string_view> claims);

} // namespace empathd::connectors

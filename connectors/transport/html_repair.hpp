#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace empathd::connectors {

/// A longer tag is left out: libxml2 compares every attribute with every other of its tag, so one
/// tag of a megabyte costs seconds (measured: 100,000 attributes, 6 s). A real one this long holds
/// a picture as a data: address, which no reader of ours takes.
inline constexpr std::size_t html_tag_bytes_max = 16 * 1024;

/// Prepares an HTML fragment for libxml2 so that its parser sees what a browser would see:
///
/// - valid UTF-8 without control characters (libxml2 stops at NUL and guesses other encodings);
/// - '<' before anything that cannot start a tag is text ("<3", "a < b", "<_<");
/// - a named entity without its semicolon is given one where HTML allows that ("&eacute", "&amp"),
///   and the names of ASCII punctuation that HTML 5 added are replaced ("&lpar;").
///
/// Comments, doctypes and instructions are left out; tags are copied as they are. Source: WHATWG
/// HTML, sections 13.2.5.6 (tag open state) and 13.2.5.73 (named character references).
[[nodiscard]] std::string repaired_html(std::string_view html);

} // namespace empathd::connectors

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace empathd {

// What the world sent reaches people and programs through these functions only. Each takes any
// bytes whatever and gives valid UTF-8.

/// For a terminal, on one line: every character that could move the cursor, change colours, hide or
/// reorder text is spelled out ("\n", "\x1b", "\u{202e}") instead of sent. These are the controls
/// (C0, DEL, C1), line and paragraph separators, bidirectional controls (Unicode 15 section 23.2)
/// and invisible characters except the joiners U+200C, U+200D that scripts and emoji need.
/// Ill-formed bytes become U+FFFD.
[[nodiscard]] std::string term_text(std::string_view untrusted);

/// JSON for a terminal: the same document, with the characters that `term_text` spells out written
/// as
/// \\u escapes. RapidJSON escapes only those below U+0020, and U+009B alone starts a control
/// sequence.
[[nodiscard]] std::string term_json(std::string_view json);

/// For one field of a log line: `term_text` in double quotes, with '"' and '\' escaped, cut to
/// about `bytes_max` bytes with "..." at the end.
[[nodiscard]] std::string log_field(std::string_view untrusted, std::size_t bytes_max = 256);

/// A JSON string with its quotes (RFC 8259 section 7). Ill-formed bytes become U+FFFD.
[[nodiscard]] std::string json_string(std::string_view untrusted);

/// Takes the next character off the front of `text`, which must not be empty. An ill-formed byte is
/// taken alone and reads as U+FFFD.
[[nodiscard]] char32_t take_character(std::string_view& text) noexcept;

/// Whether all of it is well-formed UTF-8 (Unicode 15 table 3-7).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

void append_utf8(char32_t character, std::string& out);

} // namespace empathd

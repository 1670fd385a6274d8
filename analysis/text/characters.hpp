#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace empathd::analysis {

/// What a character is to the edges of words. Source: Unicode 15 general category, script, and
/// Default_Ignorable_Code_Point, as ICU has them.
enum class CharKind : std::uint8_t {
    sign,     ///< Everything not below, '_', '#', '@', emoji and U+FFFD included: not of a word.
    space,    ///< White space, no-break ones and line ends included.
    gap,      ///< U+200B: not seen, but a word may end there.
    hidden,   ///< Not seen: soft hyphen, zero-width joiners, direction marks, variation selectors.
    word,     ///< Letters, combining marks (not enclosing ones), decimal digits, letter numbers.
    unspaced, ///< Letters and marks of scripts that do not part words: Han, Kana, Bopomofo, Thai,
              ///< Lao, Khmer, Myanmar.
    hangul,   ///< Hangul: spaces part phrases, particles follow a name without one.
};

/// Any thread; constant time below U+20000 after the first call, which builds a table.
[[nodiscard]] CharKind kind_of(char32_t code);

/// Whether taking the non-spacing marks off a letter of this script makes another letter of it, as
/// in Kana or Devanagari. False for Latin, Greek, Cyrillic, Hebrew, Arabic, for Han and Hangul,
/// which have none, and for signs.
[[nodiscard]] bool marks_are_letters(char32_t code);

/// One character of well-formed UTF-8.
struct Char {
    char32_t code = 0;
    std::uint32_t size = 0; ///< Bytes; 0 when there is none.
};

/// The character that starts at `offset`, which must be a character's start or the text's end.
[[nodiscard]] Char char_at(std::string_view text, std::size_t offset) noexcept;
/// The character that ends at `offset`, under the same condition.
[[nodiscard]] Char char_before(std::string_view text, std::size_t offset) noexcept;

} // namespace empathd::analysis

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace empathd::sqlite {

/// The form in which words go into the full-text index and are asked from it: folded, without
/// diacritics (analysis/text), and with every sign, symbol and picture as a space. The last is ours
/// because the index's own tables are of Unicode 6: for it a picture of 2016 glued to a word is one
/// more letter, and the word would not be found.
[[nodiscard]] std::string search_words(std::string_view text);

/// Of a post: title and text.
[[nodiscard]] std::string search_text(std::string_view title, std::string_view text);

/// The index's second column: brand and source by number, the author (may be empty) by a hash.
[[nodiscard]] std::string search_tags(std::int64_t brand, std::int64_t source,
                                      std::string_view author);
/// One of them, as it is asked for.
[[nodiscard]] std::string brand_tag(std::int64_t brand);
[[nodiscard]] std::string source_tag(std::int64_t source);
/// Two authors may have the same tag: what is found by it must be compared.
[[nodiscard]] std::string author_tag(std::string_view author);

/// A letter, digit or mark; ASCII exactly, elsewhere all but the ranges in which only signs,
/// symbols, and pictures stand.
[[nodiscard]] bool is_word_character(char32_t code) noexcept;

/// One character of valid UTF-8, `at` being its first byte.
struct Character {
    char32_t code = 0;
    std::size_t bytes = 1;
};
[[nodiscard]] Character character_of(std::string_view text, std::size_t at) noexcept;

/// Changes whenever search_text() gives something else for what the version's sample shows.
[[nodiscard]] std::string search_text_version();

} // namespace empathd::sqlite

#pragma once

#include "analysis/model/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace empathd {

/// Bounds of one full-text search: what stands behind it is a scan per word.
inline constexpr std::size_t text_query_bytes_max = 4 * 1024;
inline constexpr std::size_t text_query_terms_max = 64; ///< Words, those of phrases included.
inline constexpr std::size_t text_query_depth_max = 32; ///< Parentheses in parentheses.

/// Turns what a person types into an FTS5 expression in which every word stands in quotes, so that
/// nothing typed can act as FTS5 syntax.
///
///     coffee machine        both words, anywhere      "coffee machine"   side by side, in order
///     coffee OR tea         either (binds weaker)     coffee AND tea     as without AND
///     coffee -tea           the first, not the second coff*              words that begin so
///     (coffee OR tea) -cold parentheses group; "..."* lets the last word of a phrase begin so
///
/// Words are folded as the index is (case and diacritics do not matter). A word with other signs in
/// it ("wi-fi") is a phrase of its parts. AND, OR and NOT are operators in capitals only; NOT is
/// refused with a hint at '-'.
///
/// Fails with `malformed`, with the place as the number of the character, from 1.
[[nodiscard]] Result<std::string> compile_text_query(std::string_view query);

} // namespace empathd

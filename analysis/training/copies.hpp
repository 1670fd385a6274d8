#pragma once

#include "analysis/training/exact_math.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace empathd::training {

/// A text as somebody else would type it.
struct Copy {
    std::string text;
    float weight = 1; ///< Beside the original's 1.
};

/// Without diacritics, capitals kept: "Phở Đặc Biệt" is "Pho Dac Biet".
[[nodiscard]] std::string without_diacritics(std::string_view nfc);

/// In capitals, as far as letters of Latin scripts go; NFC.
[[nodiscard]] std::string in_capitals(std::string_view nfc);

/// As Vietnamese is typed in haste: "không" ko, "được" dc, "rồi" r, "với" vs ...
[[nodiscard]] std::string in_teencode(std::string_view nfc, Sequence& sequence);

/// Without emoji and the signs that join them.
[[nodiscard]] std::string without_emoji(std::string_view text);

/// Typed in haste: one letter in twenty is left out, doubled, changed for the one beside it, or
/// for a neighbour on the keyboard.
[[nodiscard]] std::string misspelt(std::string_view nfc, Sequence& sequence);

/// `words` words in a row from somewhere inside; all of a shorter text.
[[nodiscard]] std::string cropped(std::string_view text, std::size_t words, Sequence& sequence);

/// The copies that teach what a text says, the original first: stripped always for Vietnamese,
/// sometimes for French, teencode for Vietnamese, capitals now and then.
[[nodiscard]] std::vector<Copy> copies_for_meaning(std::string_view nfc, std::string_view language,
                                                   Sequence& sequence);

/// The copies that teach which language it is: the original, stripped, and pieces of 2 to 5 words.
[[nodiscard]] std::vector<Copy> copies_for_language(std::string_view nfc, std::string_view language,
                                                    Sequence& sequence);

} // namespace empathd::training

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// Valid NFC UTF-8 of any bytes: every ill-formed sequence becomes one U+FFFD (maximal subparts,
/// Unicode 15 section 3.9), the rest is composed. ASCII and text already in NFC is only copied.
[[nodiscard]] std::string to_nfc(std::string_view bytes);

enum class Fold : std::uint8_t {
    letter_case, ///< Full Unicode case folding, then NFC.
    stripped,    ///< The same, and without diacritics: "Phở Đặc biệt" is "pho dac biet".
};

/// Folds NFC text into `out` (replaced). The result is NFC and equals what ICU gives: NFC of the
/// full case folding; for `stripped`, NFD of it without non-spacing marks, đ ø ł as d o l, NFC
/// again. U+2019 becomes an apostrophe in both. Text that is not NFC is folded as its NFC would be.
void fold(std::string_view nfc, Fold how, std::string& out);
[[nodiscard]] std::string folded(std::string_view nfc, Fold how);

/// A folded text that remembers where each byte came from: `origin[i]` is the offset in the source
/// of the character that made byte i; one more entry holds the source's size.
struct FoldedText {
    std::string text;
    std::vector<std::uint32_t> origin;
};
[[nodiscard]] FoldedText fold_with_origin(std::string_view nfc, Fold how);

} // namespace empathd::analysis

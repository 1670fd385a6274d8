#pragma once

#include "analysis/incident/common_words.hpp"
#include "analysis/text/normalize.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// One word of the folded text and how it was written.
struct WrittenWord {
    std::string_view word; ///< Folded and stripped.
    std::uint64_t hash = 0;
    Usual usual;
    std::size_t begin = 0; ///< In the text as written.
    std::size_t end = 0;
    bool capital = false;
    bool capitals = false; ///< Nothing but capitals and digits.
    bool starts = false;   ///< A sentence, or a line, begins here.
    bool adjacent = false; ///< Only a space or a hyphen parts it from the word before.
    bool brand = false;
    std::uint8_t letters = 0; ///< At most 255 of each are counted.
    std::uint8_t digits = 0;
};

/// The words of a text in its order. Addresses and @names are left out whole. `folded` is `text`
/// folded and stripped; both must outlive the tokens.
[[nodiscard]] std::vector<WrittenWord> tokens_of(std::string_view text, const FoldedText& folded);

} // namespace empathd::analysis

#pragma once

#include "analysis/model/mention.hpp"
#include "analysis/model/post.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// What a feature of a text is.
enum class FeatureKind : std::uint8_t {
    word,   ///< The stem of a word, in any case.
    pair,   ///< Two neighbours that are usual each: how Vietnamese writes a word.
    number, ///< Three digits or more, or a small number with the word before it ("gate 14").
    code,   ///< Letters and digits: flight, train, order system, product ("HC417", "B-301").
    topic,  ///< What kind of thing happens, the same in every language; see topics.hpp.
};

/// One thing a text says.
struct Feature {
    std::uint64_t hash = 0;
    FeatureKind kind = FeatureKind::word;
    bool name = false;  ///< Written like a proper name here.
    bool place = false; ///< A name after a word that places go with ("in", "à", "ở").
    float share = 0;    ///< Of posts that have it whatever they are about; see common_words.hpp.
    std::uint64_t family =
        0; ///< Of codes: what the same kind of code has in common ("hc"); else 0.
};

/// A proper-looking name as it was written.
struct Name {
    std::uint64_t hash = 0; ///< Of its feature.
    std::string text;
};

/// What a post says, as far as stories are told apart by it.
struct Account {
    std::vector<Feature> features; ///< By hash, each once, at most account_features_max.
    std::vector<Name> names;       ///< By hash, each once.
};

/// Of more, the most usual are left out.
inline constexpr std::size_t account_features_max = 96;
/// Of a text, so many bytes are read; a story is told at the beginning.
inline constexpr std::size_t account_bytes_max = 4096;

/// Reads title and text. The brand's own name, the words in `brand_spans` (bytes of post.text),
/// addresses and @names say nothing. A name begins with a capital where no sentence begins; in a
/// text of mostly capitals there are none. Pure, any thread.
[[nodiscard]] Account read_account(const Post& post, std::string_view brand,
                                   const std::vector<Span>& brand_spans);

/// A rough stem of a folded, stripped word: without the commonest endings of English and French,
/// then its first seven bytes. "overheated" and "overheating" are the same, so are "colis" and
/// "coli".
[[nodiscard]] std::string_view stem(std::string_view folded) noexcept;

} // namespace empathd::analysis

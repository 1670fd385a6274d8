#pragma once

#include "analysis/match/officials.hpp"
#include "analysis/model/error.hpp"
#include "analysis/model/mention.hpp"
#include "analysis/model/post.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// Longest term or exclusion, in bytes of its folded form.
inline constexpr std::size_t term_bytes_max = 200;
/// Most terms and exclusions of all watches together.
inline constexpr std::size_t patterns_max = 200'000;
/// Most spans kept of one mention: the first of the text.
inline constexpr std::size_t mention_spans_max = 64;

/// What one thread keeps between calls, so that a text without a hit costs no allocation. Its
/// contents are the matcher's own business.
struct MatchScratch {
    struct Hit {
        std::uint32_t node = 0;
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };
    std::string folded;
    std::vector<Hit> hits;
};

/// Watches, compiled. Immutable: any number of threads may match at once, each with a scratch of
/// its own. A new configuration makes a new set, built beside the old one, which the caller then
/// replaces (shared_ptr, because readers are still at work in the old one).
///
/// A term is found where its letters stand, whatever their case and, unless the term is accent
/// sensitive, without regard to diacritics, đ, ø and ł included. In scripts whose marks are letters
/// (Kana, Thai, Devanagari, ...) they always count. White space in a term matches any run of it.
/// Characters that are not seen (soft hyphen, U+200B, joiners, direction marks) may stand inside.
///
/// A term that begins or ends with a letter or digit must do so where a word does. '_', '#', '@',
/// apostrophes and emoji part words: "@auroraair", "#AuroraAir", "aurora_air" for "aurora",
/// "AcmeBox's". U+200B ends a word, other unseen characters do not. Words need no gap between
/// different scripts where one of them is Han, Kana, Bopomofo, Thai, Lao, Khmer, Myanmar or Hangul:
/// a term in the first seven may begin and end anywhere, one in Hangul end anywhere (particles).
///
/// A hit inside an occurrence of one of the watch's exclusions does not count. Of overlapping hits
/// of a watch the longest counts; of equally long ones the first, then the term listed first.
class MatchSet {
public:
    /// `invalid_config` with the watch and term in the message for: a brand without a name or named
    /// twice (case aside), a watch without a term, a term or exclusion that is empty, has no letter
    /// or digit, is too long, is not UTF-8 or has control characters. About 25 ms for 10,000 terms.
    [[nodiscard]] static Result<std::shared_ptr<const MatchSet>> build(std::vector<Watch> watches);

    ~MatchSet();
    MatchSet(const MatchSet&) = delete;
    MatchSet& operator=(const MatchSet&) = delete;

    /// Replaces `out` by the mentions in a text, ascending by watch. Text that is not NFC is
    /// matched as its NFC would be; spans are bytes of the text as given.
    void match(std::string_view nfc_text, MatchScratch& scratch, std::vector<Mention>& out) const;

    /// The mentions in a post's text, and one without spans for each watch that only its title
    /// names. No hit goes from title to text.
    void match_post(const Post& post, MatchScratch& scratch, std::vector<Mention>& out) const;

    /// In the order given; what Mention::watch counts.
    [[nodiscard]] const std::vector<Watch>& watches() const noexcept;

    /// The brands' own accounts.
    [[nodiscard]] const Officials& officials() const noexcept { return officials_; }

    /// Memory of the index, without the watches themselves, in bytes.
    [[nodiscard]] std::size_t index_bytes() const noexcept;

private:
    struct Index;
    MatchSet(std::vector<Watch> watches, std::unique_ptr<const Index> index);

    std::vector<Watch> watches_;
    Officials officials_;
    std::unique_ptr<const Index> index_;
};

} // namespace empathd::analysis

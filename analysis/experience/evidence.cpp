#include "analysis/experience/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace empathd::analysis {
namespace {

/// Words looked at for the spans, and the least they must weigh beside the heaviest.
constexpr std::size_t candidates_max = 6;
constexpr float least_share = 0.3F;

struct Group {
    float sum = 0;
    float count = 0;

    [[nodiscard]] float value() const noexcept { return count > 0 ? sum / std::sqrt(count) : 0; }
};

/// A text's two groups of features, from which words are taken away.
struct Balance {
    Group words;
    Group characters;
    float rules = 0;

    [[nodiscard]] float value() const noexcept
    {
        return words.value() + characters.value() + rules;
    }
};

class Chooser {
public:
    Chooser(std::span<const Token> tokens, std::span<const TokenWeight> weights)
        : tokens_(tokens), weights_(weights), taken_(tokens.size(), 0)
    {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            whole_.words.sum += weights[i].words + weights[i].pair;
            whole_.characters.sum += weights[i].characters;
            whole_.rules += weights[i].rules;
        }
        if (!tokens.empty()) {
            whole_.words.count = static_cast<float>(tokens.back().words_end);
            whole_.characters.count = static_cast<float>(tokens.back().characters_end);
        }
    }

    /// By how much the label falls when the words marked in `taken_` are not there.
    [[nodiscard]] float fall() const
    {
        Balance rest = whole_;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const bool before = i > 0 && taken_[i - 1] != 0;
            if (taken_[i] != 0) {
                take(rest, i);
            }
            if (taken_[i] != 0 || before) {
                rest.words.sum -= weights_[i].pair;
                rest.words.count -= 1;
            }
        }
        return whole_.value() - rest.value();
    }

    [[nodiscard]] float fall_of(std::size_t token) const
    {
        Balance rest = whole_;
        take(rest, token);
        const auto take_pair = [&](std::size_t at) {
            rest.words.sum -= weights_[at].pair / 2; // The other half is its partner's.
            rest.words.count -= 0.5F;
        };
        take_pair(token);
        if (token + 1 < tokens_.size()) {
            take_pair(token + 1);
        }
        return whole_.value() - rest.value();
    }

    void mark(std::size_t first, std::size_t last, bool taken)
    {
        std::fill(taken_.begin() + static_cast<std::ptrdiff_t>(first),
                  taken_.begin() + static_cast<std::ptrdiff_t>(last) + 1, taken ? 1 : 0);
    }

private:
    void take(Balance& rest, std::size_t i) const
    {
        const std::uint32_t words_begin = i > 0 ? tokens_[i - 1].words_end : 0;
        const std::uint32_t characters_begin = i > 0 ? tokens_[i - 1].characters_end : 0;
        rest.words.sum -= weights_[i].words;
        rest.words.count -= static_cast<float>(tokens_[i].words_end - words_begin - 1U);
        rest.characters.sum -= weights_[i].characters;
        rest.characters.count -= static_cast<float>(tokens_[i].characters_end - characters_begin);
        rest.rules -= weights_[i].rules;
    }

    std::span<const Token> tokens_;
    std::span<const TokenWeight> weights_;
    std::vector<char> taken_;
    Balance whole_;
};

struct Candidate {
    std::size_t first = 0;
    std::size_t last = 0; ///< Token indices, both included.
    float weight = 0;
};

/// The heaviest words, in the order of the text, neighbours joined.
std::vector<Candidate> find_candidates(std::span<const Token> tokens, const Chooser& chooser)
{
    std::vector<Candidate> words;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const float fall = tokens[i].plain ? chooser.fall_of(i) : 0;
        if (fall > 0) {
            words.push_back({i, i, fall});
        }
    }
    const auto heavier = [](const Candidate& a, const Candidate& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.first < b.first;
    };
    std::ranges::sort(words, heavier);
    const std::size_t kept = std::min(words.size(), candidates_max);
    words.resize(kept);
    std::erase_if(words, [best = kept > 0 ? words.front().weight : 0](const Candidate& word) {
        return word.weight < best * least_share;
    });
    std::ranges::sort(words, {}, &Candidate::first);
    std::vector<Candidate> joined;
    for (const Candidate& word : words) {
        if (!joined.empty() && joined.back().last + 1 == word.first) {
            joined.back().last = word.last;
            joined.back().weight += word.weight;
        } else {
            joined.push_back(word);
        }
    }
    std::ranges::sort(joined, heavier);
    joined.resize(std::min(joined.size(), evidence_spans_max));
    return joined;
}

} // namespace

std::vector<Evidence> choose_evidence(std::span<const Token> tokens,
                                      std::span<const TokenWeight> weights)
{
    Chooser chooser(tokens, weights);
    std::vector<Candidate> chosen = find_candidates(tokens, chooser);
    for (const Candidate& span : chosen) {
        chooser.mark(span.first, span.last, true);
    }
    while (!chosen.empty() && chooser.fall() <= 0) {
        chooser.mark(chosen.back().first, chosen.back().last, false);
        chosen.pop_back();
    }
    std::vector<Evidence> evidence;
    for (const Candidate& span : chosen) {
        const Span first = tokens[span.first].span;
        const Span last = tokens[span.last].span;
        evidence.push_back({.span = {first.offset, last.offset + last.length - first.offset},
                            .weight = span.weight});
    }
    return evidence;
}

} // namespace empathd::analysis

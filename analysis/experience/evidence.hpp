#pragma once

#include "analysis/experience/features.hpp"
#include "analysis/model/experience.hpp"

#include <span>
#include <vector>

namespace empathd::analysis {

/// Spans given for one answer.
inline constexpr std::size_t evidence_spans_max = 3;

/// What one token adds toward a label, before the groups are normalised; in logits.
struct TokenWeight {
    float words = 0; ///< Of its own word features.
    float pair = 0;  ///< Of its pair with the token before.
    float characters = 0;
    float rules = 0; ///< Of the rules it counted for; not normalised.
};

/// Whole words whose removal lowers the label most, neighbours joined, heaviest first. `tokens` and
/// `weights` are beside each other and cover the whole text, so that what a removal does to the
/// length of the rest is counted too. Empty when no removal would lower the label.
[[nodiscard]] std::vector<Evidence> choose_evidence(std::span<const Token> tokens,
                                                    std::span<const TokenWeight> weights);

} // namespace empathd::analysis

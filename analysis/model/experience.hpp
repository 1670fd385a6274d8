#pragma once

#include "analysis/model/mention.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd {

/// The answer of every head that is not sure enough, and of all heads but `language` for a language
/// the model does not know.
inline constexpr std::string_view unsure = "unsure";

/// Words that spoke for a label. `weight` > 0, in logits.
struct Evidence {
    Span span;
    float weight = 0;
};

/// What one head says of a text. Labels are those of the label scheme (analysis/README.md).
struct Answer {
    std::string label = std::string(unsure); ///< A label of the head, or `unsure`.
    float probability =
        0; ///< Calibrated, of the most likely label, also when the label is `unsure`.
    std::vector<std::pair<std::string, float>> probabilities; ///< Every label of the head; sum 1.
    std::vector<Evidence> evidence; ///< For the most likely label, heaviest first, at most three.
};

/// What a mention says.
struct Experience {
    std::string language = "und"; ///< BCP 47; "und" when unsure.
    float language_probability = 0;
    Answer sentiment;  ///< negative, neutral, positive
    Answer complaint;  ///< yes, no
    std::string model; ///< Version of the model that said so.
};

} // namespace empathd

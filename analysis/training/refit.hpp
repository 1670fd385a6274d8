#pragma once

#include "analysis/experience/model_file.hpp"
#include "analysis/training/sample.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace empathd::training {

/// The set corrections belong to.
inline constexpr std::string_view corrections_set = "corrections";

/// A user's own label for a text: a line of the corpus's format, of which `lang`, `text` and at
/// least one head must be there. Fails with `malformed` and says what is missing or unknown.
[[nodiscard]] Result<Sample> sample_of_correction(const Record& record);

/// What a refit may not lose: macro-F1 of one head in one language, of all of them in the mean. A
/// post more changes the order of all gradient steps, and rare labels move by a point or so.
struct RefitLimits {
    float of_one = 0.02F;
    float of_all = 0.003F;
};

/// Why the new model must not replace the old one: by how much which head is worse on our own
/// posts, held out from both. Empty when it may. A head or language only one of them has is not
/// compared.
[[nodiscard]] std::vector<std::string> what_is_worse(const analysis::ModelParts& old,
                                                     const analysis::ModelParts& fresh,
                                                     RefitLimits limits = {});

} // namespace empathd::training

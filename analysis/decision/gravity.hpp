#pragma once

#include "analysis/model/experience.hpp"
#include "analysis/model/mention.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// What makes a complaint grave whatever its size.
enum class Grave : std::uint8_t {
    safety, ///< Danger to health or life: injury, fire, poisoning, threat.
    legal,  ///< Lawyers, courts, police, authorities.
    press,  ///< Journalists, newspapers, television.
};

/// "safety", "legal", "press": the values of the label `gravity`.
[[nodiscard]] std::string_view to_string(Grave kind) noexcept;

struct GraveWords {
    Grave kind = Grave::safety;
    Span span; ///< In the text that was read.

    friend bool operator==(const GraveWords&, const GraveWords&) = default;
};

struct Gravity {
    bool safety = false;
    bool legal = false;
    bool press = false;
    bool safety_by_need = false;   ///< The need said so, beside the words or without them.
    std::vector<GraveWords> words; ///< In the text's order, the first `grave_words_max`.
};
inline constexpr std::size_t grave_words_max = 8;

/// Whether a text speaks of something grave. `stripped` is folded and without diacritics
/// (Fold::stripped, analysis/text), in one case; spans are in it, and the caller's origins map them
/// back. `need` is the answer of Facet::need: `safety` is a sign of its own.
///
/// Whole words and phrases of small lists in English, French and Vietnamese (gravity_words.cpp),
/// all three for every text: people mix them. Words with a common harmless sense stand in phrases
/// only. Negation and jokes are not looked at: "nobody was hurt" and "call an ambulance, I'm dead"
/// speak of it too. A sign to look, no judgement. Pure; linear in the text.
[[nodiscard]] Gravity gravity_of(std::string_view stripped, const Answer& need);

} // namespace empathd::analysis

#pragma once

#include "analysis/model/mention.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd {

/// The answer where a head is not sure enough, and of all heads but `language` for a language the
/// model does not know.
inline constexpr std::string_view unsure = "unsure";
/// The answer of `reason` where there is no complaint, of `target` where nothing is felt about
/// anything, and a label of `need` and `witness`.
inline constexpr std::string_view none = "none";

/// The questions put to every post, beside its language. What the labels mean:
/// analysis/corpus/README.md.
enum class Facet : std::uint8_t {
    sentiment,  ///< negative neutral positive, toward the brand
    emotion,    ///< Ekman's six and neutral
    experience, ///< complaint praise question other
    reason,     ///< of a complaint: staff product_or_service no_interaction overall; or none
    target,     ///< company product service interaction; or none
    need,       ///< what would put it right; or none
    stage,      ///< before during after unknown
    witness,    ///< first_hand second_hand none
    leaving,    ///< yes no
    irony,      ///< yes no
    offence,    ///< yes no
    audience,   ///< customer employee: who writes, by the text alone
};
inline constexpr std::size_t facet_count = 12;

/// "sentiment"
[[nodiscard]] std::string_view name_of(Facet facet) noexcept;
[[nodiscard]] std::optional<Facet> facet_named(std::string_view name) noexcept;
/// Every label a head of a model may give, without `unsure`; at most 14.
[[nodiscard]] std::span<const std::string_view> labels_of(Facet facet) noexcept;
/// All facets in order.
[[nodiscard]] const std::array<Facet, facet_count>& all_facets() noexcept;

/// Words that spoke for a label. `weight` > 0, in logits.
struct Evidence {
    Span span;
    float weight = 0;
};

/// What one head says of a text.
struct Answer {
    std::string label = std::string(unsure); ///< A label of the facet, or `unsure`.
    /// Calibrated, of the most likely label, also when the label is `unsure`.
    float probability = 0;
    std::vector<std::pair<std::string, float>> probabilities; ///< Every label of the head; sum 1.
    /// For the most likely label, heaviest first, at most three. Empty for labels that only say
    /// what is usual or not there (no, none, neutral, other, unknown, customer, first_hand).
    std::vector<Evidence> evidence;
};

/// What a mention says.
struct Experience {
    std::string language = "und"; ///< BCP 47; "und" when unsure.
    float language_probability = 0;
    std::array<Answer, facet_count> answers; ///< In the order of Facet.
    std::string model;                       ///< Version of the model that said so.

    [[nodiscard]] Answer& of(Facet facet) noexcept
    {
        return answers[static_cast<std::size_t>(facet)];
    }
    [[nodiscard]] const Answer& of(Facet facet) const noexcept
    {
        return answers[static_cast<std::size_t>(facet)];
    }
};

/// Calibrated probability of a label; 0 when the head did not say.
[[nodiscard]] float probability_of(const Answer& answer, std::string_view label) noexcept;

/// Answers as one number, four bits for each facet, the first lowest: 0 `unsure`, 1 `none` where
/// the head gave no label, else 2 + the label's index in `labels_of`. What a store can filter by.
[[nodiscard]] std::uint64_t pack_labels(const Experience& experience) noexcept;
/// The label packed for a facet.
[[nodiscard]] std::string_view packed_label(std::uint64_t packed, Facet facet) noexcept;
/// The four bits of one label in place, and the mask of the facet; nothing when the facet has no
/// such label. `unsure` and, for `reason` and `target`, `none` are known too.
struct PackedLabel {
    std::uint64_t bits = 0;
    std::uint64_t mask = 0;
};
[[nodiscard]] std::optional<PackedLabel> pack_label(Facet facet, std::string_view label) noexcept;

} // namespace empathd

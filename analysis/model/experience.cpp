#include "analysis/model/experience.hpp"

#include <algorithm>

namespace empathd {
namespace {

using Labels = std::span<const std::string_view>;

constexpr std::string_view sentiments[] = {"negative", "neutral", "positive"};
constexpr std::string_view emotions[] = {"anger",   "disgust",  "fear",   "joy",
                                         "sadness", "surprise", "neutral"};
constexpr std::string_view experiences[] = {"complaint", "praise", "question", "other"};
constexpr std::string_view reasons[] = {"staff", "product_or_service", "no_interaction", "overall"};
constexpr std::string_view targets[] = {"company", "product", "service", "interaction"};
constexpr std::string_view needs[] = {
    "refund", "replacement_or_repair", "information", "delivery", "access", "apology", "safety",
    none};
constexpr std::string_view stages[] = {"before", "during", "after", "unknown"};
constexpr std::string_view witnesses[] = {"first_hand", "second_hand", none};
constexpr std::string_view yes_or_no[] = {"yes", "no"};
constexpr std::string_view audiences[] = {"customer", "employee"};

struct Description {
    std::string_view name;
    Labels labels;
};

constexpr std::array<Description, facet_count> descriptions{{{"sentiment", sentiments},
                                                             {"emotion", emotions},
                                                             {"experience", experiences},
                                                             {"reason", reasons},
                                                             {"target", targets},
                                                             {"need", needs},
                                                             {"stage", stages},
                                                             {"witness", witnesses},
                                                             {"leaving", yes_or_no},
                                                             {"irony", yes_or_no},
                                                             {"offence", yes_or_no},
                                                             {"audience", audiences}}};

constexpr std::uint64_t unsure_code = 0;
constexpr std::uint64_t none_code = 1;
constexpr std::uint64_t first_code = 2;
constexpr unsigned code_bits = 4;

constexpr unsigned shift_of(Facet facet) noexcept
{
    return static_cast<unsigned>(facet) * code_bits;
}

std::optional<std::uint64_t> code_of(Facet facet, std::string_view label) noexcept
{
    if (label == unsure) {
        return unsure_code;
    }
    const Labels labels = labels_of(facet);
    const auto found = std::ranges::find(labels, label);
    if (found != labels.end()) {
        return first_code + static_cast<std::uint64_t>(found - labels.begin());
    }
    const bool may_be_none = facet == Facet::reason || facet == Facet::target;
    return label == none && may_be_none ? std::optional{none_code} : std::nullopt;
}

} // namespace

std::string_view name_of(Facet facet) noexcept
{
    return descriptions[static_cast<std::size_t>(facet)].name;
}

std::optional<Facet> facet_named(std::string_view name) noexcept
{
    const auto found = std::ranges::find(descriptions, name, &Description::name);
    return found == descriptions.end()
               ? std::nullopt
               : std::optional{static_cast<Facet>(found - descriptions.begin())};
}

Labels labels_of(Facet facet) noexcept
{
    return descriptions[static_cast<std::size_t>(facet)].labels;
}

const std::array<Facet, facet_count>& all_facets() noexcept
{
    static constexpr auto facets = [] {
        std::array<Facet, facet_count> all{};
        for (std::size_t i = 0; i < facet_count; ++i) {
            all[i] = static_cast<Facet>(i);
        }
        return all;
    }();
    return facets;
}

float probability_of(const Answer& answer, std::string_view label) noexcept
{
    for (const auto& [name, probability] : answer.probabilities) {
        if (name == label) {
            return probability;
        }
    }
    return 0;
}

std::uint64_t pack_labels(const Experience& experience) noexcept
{
    std::uint64_t packed = 0;
    for (const Facet facet : all_facets()) {
        packed |= code_of(facet, experience.of(facet).label).value_or(unsure_code)
                  << shift_of(facet);
    }
    return packed;
}

std::string_view packed_label(std::uint64_t packed, Facet facet) noexcept
{
    const std::uint64_t code = packed >> shift_of(facet) & ((1U << code_bits) - 1);
    const Labels labels = labels_of(facet);
    if (code == none_code) {
        return none;
    }
    return code >= first_code && code - first_code < labels.size() ? labels[code - first_code]
                                                                   : unsure;
}

std::optional<PackedLabel> pack_label(Facet facet, std::string_view label) noexcept
{
    const std::optional<std::uint64_t> code = code_of(facet, label);
    if (!code) {
        return std::nullopt;
    }
    return PackedLabel{.bits = *code << shift_of(facet),
                       .mask = std::uint64_t{(1U << code_bits) - 1} << shift_of(facet)};
}

} // namespace empathd

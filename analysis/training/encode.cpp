#include "analysis/training/encode.hpp"

#include <algorithm>
#include <cmath>

namespace empathd::training {
namespace {

float group_value(std::size_t features)
{
    return features == 0 ? 0 : 1 / std::sqrt(static_cast<float>(features));
}

} // namespace

FeatureCounts::FeatureCounts() : counts_(std::size_t{1} << (32 - dropped_bits)) {}

void FeatureCounts::add(std::span<const std::string_view> texts)
{
    hashes_.clear();
    for (const std::string_view text : texts) {
        extractor_.extract(text, {}, false);
        for (const auto group : {extractor_.words(), extractor_.characters()}) {
            for (const std::uint32_t hash : group) {
                hashes_.push_back(hash >> dropped_bits);
            }
        }
    }
    std::ranges::sort(hashes_);
    hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
    for (const std::uint32_t slot : hashes_) {
        counts_[slot] = static_cast<std::uint8_t>(std::min(counts_[slot] + 1, 255));
    }
}

Encoder::Encoder(std::uint32_t row_bits, const FeatureCounts* counts)
    : row_bits_(row_bits), counts_(counts)
{
}

std::uint32_t Encoder::append_rows(Problem& problem, std::span<const std::uint32_t> hashes,
                                   bool filtered) const
{
    std::uint32_t kept = 0;
    for (const std::uint32_t hash : hashes) {
        if (!filtered || counts_ == nullptr || counts_->repeated(hash)) {
            problem.rows.push_back(hash >> (32 - row_bits_));
            ++kept;
        }
    }
    return kept;
}

void Encoder::append(Problem& problem, std::string_view text, FitExample example, bool with_rules,
                     bool filtered)
{
    extractor_.extract(text, {}, false);
    example.begin = problem.rows.size();
    example.words = append_rows(problem, extractor_.words(), filtered);
    example.characters = append_rows(problem, extractor_.characters(), filtered);
    example.words_value = group_value(extractor_.words().size());
    example.characters_value = group_value(extractor_.characters().size());
    example.rules_begin = problem.rules.size();
    example.rules = 0;
    for (std::uint32_t rule = 0; with_rules && rule < analysis::rule_count; ++rule) {
        if (const float value = extractor_.rules()[rule]; value != 0) {
            problem.rules.emplace_back(rule, value);
            ++example.rules;
        }
    }
    problem.examples.push_back(example);
}

} // namespace empathd::training

#pragma once

#include "analysis/experience/features.hpp"
#include "analysis/training/fit.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace empathd::training {

/// Which features more than one text of the training data has: one that is met once teaches nothing
/// but that text.
class FeatureCounts {
public:
    FeatureCounts();
    /// `texts`: one sample and its copies; a feature counts once for all of them.
    void add(std::span<const std::string_view> texts);
    [[nodiscard]] bool repeated(std::uint32_t hash) const noexcept
    {
        return counts_[hash >> dropped_bits] > 1;
    }

private:
    static constexpr unsigned dropped_bits = 6; ///< 2^26 counters.
    std::vector<std::uint8_t> counts_;
    std::vector<std::uint32_t> hashes_;
    analysis::Extractor extractor_;
};

/// Turns texts into examples of a problem.
class Encoder {
public:
    /// Keeps only repeated features when `counts` is not null; it must outlive the encoder.
    Encoder(std::uint32_t row_bits, const FeatureCounts* counts);

    /// Appends one example: `example` with its rows and rules set. `with_rules`: false leaves the
    /// rules out, `filtered`: false keeps every feature, as the model in use does.
    void append(Problem& problem, std::string_view text, FitExample example, bool with_rules,
                bool filtered);

private:
    std::uint32_t append_rows(Problem& problem, std::span<const std::uint32_t> hashes,
                              bool filtered) const;

    std::uint32_t row_bits_;
    const FeatureCounts* counts_;
    analysis::Extractor extractor_;
};

} // namespace empathd::training

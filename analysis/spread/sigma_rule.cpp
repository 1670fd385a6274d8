#include "analysis/spread/sigma_rule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace empathd::analysis {

double SigmaRule::limit() const noexcept
{
    if (size_ < hours_min) {
        return std::numeric_limits<double>::infinity();
    }
    double sum = 0;
    for (std::size_t i = 0; i < size_; ++i) {
        sum += counts_[i];
    }
    const double mean = sum / static_cast<double>(size_);
    double squares = 0;
    for (std::size_t i = 0; i < size_; ++i) {
        squares += (counts_[i] - mean) * (counts_[i] - mean);
    }
    return mean + 3 * std::sqrt(squares / static_cast<double>(size_));
}

bool SigmaRule::add(std::uint64_t count) noexcept
{
    const auto value = static_cast<double>(count);
    const bool spike = value > limit();
    counts_[next_] = value;
    next_ = (next_ + 1) % hours_kept;
    size_ = std::min(size_ + 1, hours_kept);
    return spike;
}

} // namespace empathd::analysis

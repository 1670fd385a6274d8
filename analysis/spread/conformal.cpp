#include "analysis/spread/conformal.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

Conformal::Band band_of(const Ring& errors) noexcept
{
    const std::size_t m = errors.size();
    const std::size_t low = std::max<std::size_t>(1, (m + 1) / 10);
    const std::size_t high = std::min(m, ((m + 1) * 9 + 9) / 10);
    const double middle = (static_cast<double>(errors.ranked((m + 1) / 2)) +
                           static_cast<double>(errors.ranked(m / 2 + 1))) /
                          2;
    return {.low = errors.ranked(low), .median = middle, .high = errors.ranked(high)};
}

} // namespace

std::size_t Conformal::third_of(float count) const noexcept
{
    const Ring& seen = rings_[counts];
    const std::size_t m = seen.size();
    if (m < 3) {
        return 0;
    }
    return count <= seen.ranked(m / 3) ? 0 : count <= seen.ranked(2 * m / 3) ? 1 : 2;
}

std::optional<Conformal::Band> Conformal::band(double count) const noexcept
{
    const Ring& group = rings_[third_of(static_cast<float>(count))];
    if (group.size() >= group_min) {
        return band_of(group);
    }
    if (rings_[all].size() >= all_min) {
        return band_of(rings_[all]);
    }
    return std::nullopt;
}

void Conformal::learn(double count, double error)
{
    rings_[counts].add(static_cast<float>(count));
    rings_[third_of(static_cast<float>(count))].add(static_cast<float>(error));
    rings_[all].add(static_cast<float>(error));
}

} // namespace empathd::analysis

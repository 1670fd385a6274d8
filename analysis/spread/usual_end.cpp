#include "analysis/spread/usual_end.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace empathd::analysis {

void UsualEnd::add(double count, TimePoint at)
{
    const auto value = static_cast<float>(count);
    at = ends_.empty() ? at : std::max(at, ends_.back().at);
    ends_.push_back({.at = at, .count = value});
    sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value);
    while (ends_.size() > kept_max || (ends_.size() > kept_min && ends_.front().at < at - window)) {
        drop_oldest();
    }
}

void UsualEnd::drop_oldest()
{
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), ends_.front().count));
    ends_.pop_front();
}

double UsualEnd::unusual(double without) const noexcept
{
    if (sorted_.size() < trusted_from) {
        return without;
    }
    const double share = sorted_.size() < kept_min ? 0.90 : 0.95;
    const auto rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted_.size())));
    return std::max<double>(unusual_min, sorted_[rank - 1]);
}

void UsualEnd::restore(std::deque<End> ends)
{
    ends_ = std::move(ends);
    while (ends_.size() > kept_max) {
        ends_.pop_front();
    }
    sorted_.clear();
    for (const End& end : ends_) {
        sorted_.push_back(end.count);
    }
    std::sort(sorted_.begin(), sorted_.end());
}

} // namespace empathd::analysis

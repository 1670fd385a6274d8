#include "analysis/spread/ring.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace empathd::analysis {

void Ring::add(float value)
{
    if (values_.size() < capacity_) {
        values_.push_back(value);
    } else {
        const float old = std::exchange(values_[next_], value);
        sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), old));
    }
    next_ = (next_ + 1) % capacity_;
    sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value);
}

bool Ring::restore(std::vector<float> values, std::size_t next)
{
    const bool full = values.size() == capacity_;
    const bool finite =
        std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
    if (!finite || values.size() > capacity_ ||
        (full ? next >= capacity_ : next != values.size())) {
        return false;
    }
    values_ = std::move(values);
    next_ = next;
    sorted_ = values_;
    std::sort(sorted_.begin(), sorted_.end());
    return true;
}

} // namespace empathd::analysis

#pragma once

#include <cstddef>
#include <vector>

namespace empathd::analysis {

/// The last `capacity` numbers, with their order statistics at hand. Adding moves at most 4 bytes
/// for each number held. Numbers are finite.
class Ring {
public:
    explicit Ring(std::size_t capacity) noexcept : capacity_(capacity) {}

    /// Drops the oldest when full.
    void add(float value);

    [[nodiscard]] std::size_t size() const noexcept { return sorted_.size(); }
    /// The rank-th smallest, 1..size().
    [[nodiscard]] float ranked(std::size_t rank) const noexcept { return sorted_[rank - 1]; }

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    /// In the order they stand; `next` is where the next goes once it is full.
    [[nodiscard]] const std::vector<float>& values() const noexcept { return values_; }
    [[nodiscard]] std::size_t next() const noexcept { return next_; }
    /// What values() and next() were. False, and nothing changes, when they cannot have been.
    [[nodiscard]] bool restore(std::vector<float> values, std::size_t next);

private:
    std::size_t capacity_;
    std::size_t next_ = 0;
    std::vector<float> values_;
    std::vector<float> sorted_;
};

} // namespace empathd::analysis

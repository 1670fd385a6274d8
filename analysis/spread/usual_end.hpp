#pragma once

#include "analysis/model/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace empathd::analysis {

/// Where posts of a platform usually end, and from where an end is unusual.
///
/// Final counts of the last eight weeks, at least the last 300, at most the last 20,000.
class UsualEnd {
public:
    static constexpr std::chrono::hours window{8 * 7 * 24};
    static constexpr std::size_t kept_min = 300;
    static constexpr std::size_t kept_max = 20'000;
    static constexpr std::size_t trusted_from = 30; ///< With fewer there is no answer of our own.
    static constexpr double unusual_min = 10;       ///< Fewer reactions are never unusual.

    struct End {
        TimePoint at{};
        float count = 0;
    };

    /// A post ended at `count` >= 0; known at `at`, or when the one before was if that
    /// is later.
    void add(double count, TimePoint at);

    /// The 95 % quantile, the 90 % one until 300 are kept; `without` until trusted_from are.
    [[nodiscard]] double unusual(double without) const noexcept;

    [[nodiscard]] const std::deque<End>& ends() const noexcept { return ends_; }
    /// What ends() was, each count finite; more than kept_max are cut.
    void restore(std::deque<End> ends);

private:
    void drop_oldest();

    std::deque<End> ends_;
    std::vector<float> sorted_;
};

} // namespace empathd::analysis

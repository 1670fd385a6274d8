#pragma once

#include "analysis/spread/features.hpp"
#include "analysis/spread/gaussian.hpp"

namespace empathd::analysis {

/// 1 and the standardised features.
inline constexpr std::size_t row_width = feature_count + 1;
using Row = Vector<row_width>;

/// What a prior is worth, in rows.
inline constexpr double prior_rows = 30;

/// Linear regression with uncertain weights and uncertain noise (normal-inverse-gamma), one row at
/// a time:
///     y | z ~ Student-t(2a; z'w, b/a (1 + z'Pz)),  P = A^-1.
/// Without forget it equals the batch solution w = (A0 + sum zz')^-1 (A0 w0 + sum zy).
class Regression {
public:
    /// Weights and precision of the prior, and the variance of its noise (> 0), worth prior_rows.
    /// False: the precision is not positive definite.
    [[nodiscard]] bool begin(const Row& weights, const Matrix<row_width>& precision,
                             double noise) noexcept;

    [[nodiscard]] double mean(const Row& z) const noexcept { return dot<row_width>(z, w_.mean); }

    /// The distance from the mean within which y lies with 80 %.
    [[nodiscard]] double reach_80(const Row& z) const noexcept;

    /// O(d^2).
    void learn(const Row& z, double y) noexcept;

    /// Keeps a share of what was learned; see Gaussian::forget.
    void forget(double kept) noexcept;

    [[nodiscard]] const Gaussian<row_width>& weights() const noexcept { return w_; }
    [[nodiscard]] double a() const noexcept { return a_; }
    [[nodiscard]] double b() const noexcept { return b_; }
    /// What weights(), a() and b() were; a and b > 0.
    void restore(const Gaussian<row_width>& weights, double a, double b) noexcept;

private:
    Gaussian<row_width> w_;
    double a_ = prior_rows / 2;
    double b_ = prior_rows / 2;
};

/// The value that Student's t of `freedom` >= 10 degrees stays below with 90 %, to four digits.
/// Source: Abramowitz and Stegun, 26.7.5.
[[nodiscard]] double student_90(double freedom) noexcept;

} // namespace empathd::analysis

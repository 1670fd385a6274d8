#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace empathd::analysis {

template <std::size_t D>
using Vector = std::array<double, D>;

/// Symmetric, row by row.
template <std::size_t D>
using Matrix = std::array<double, D * D>;

template <std::size_t D>
[[nodiscard]] double dot(const Vector<D>& a, const Vector<D>& b) noexcept
{
    double sum = 0;
    for (std::size_t i = 0; i < D; ++i) {
        sum += a[i] * b[i];
    }
    return sum;
}

template <std::size_t D>
[[nodiscard]] Vector<D> times(const Matrix<D>& m, const Vector<D>& v) noexcept
{
    Vector<D> out{};
    for (std::size_t i = 0; i < D; ++i) {
        for (std::size_t j = 0; j < D; ++j) {
            out[i] += m[i * D + j] * v[j];
        }
    }
    return out;
}

/// The inverse of a symmetric positive definite matrix, by Cholesky. False: it is not positive
/// definite, or not finite; then `out` is unspecified.
template <std::size_t D>
[[nodiscard]] bool invert(const Matrix<D>& m, Matrix<D>& out) noexcept
{
    Matrix<D> low{}; // m = low low'
    for (std::size_t i = 0; i < D; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = m[i * D + j];
            for (std::size_t k = 0; k < j; ++k) {
                sum -= low[i * D + k] * low[j * D + k];
            }
            if (i == j && (!(sum > 0) || !std::isfinite(sum))) {
                return false;
            }
            low[i * D + j] = i == j ? std::sqrt(sum) : sum / low[j * D + j];
        }
    }
    Matrix<D> inverse{}; // of low
    for (std::size_t j = 0; j < D; ++j) {
        inverse[j * D + j] = 1 / low[j * D + j];
        for (std::size_t i = j + 1; i < D; ++i) {
            double sum = 0;
            for (std::size_t k = j; k < i; ++k) {
                sum -= low[i * D + k] * inverse[k * D + j];
            }
            inverse[i * D + j] = sum / low[i * D + i];
        }
    }
    for (std::size_t i = 0; i < D; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = 0;
            for (std::size_t k = i; k < D; ++k) {
                sum += inverse[k * D + i] * inverse[k * D + j];
            }
            out[i * D + j] = out[j * D + i] = sum;
        }
    }
    return true;
}

/// What is believed about D weights: a normal distribution, and the one it began with.
template <std::size_t D>
struct Gaussian {
    Vector<D> mean{};
    Matrix<D> covariance{};
    Matrix<D> prior_precision{}; ///< The inverse of the first covariance; see forget.

    /// Begins with `mean` and as much certainty as `precision` says. False: not positive definite.
    [[nodiscard]] bool begin(const Vector<D>& weights, const Matrix<D>& precision) noexcept
    {
        mean = weights;
        prior_precision = precision;
        return invert<D>(precision, covariance);
    }

    /// z' covariance z.
    [[nodiscard]] double spread(const Vector<D>& z) const noexcept
    {
        return dot<D>(z, times<D>(covariance, z));
    }

    /// Adds certainty * z z' to the precision and returns covariance * z from before, by which the
    /// caller moves the mean. O(D^2) (Sherman and Morrison).
    Vector<D> sharpen(const Vector<D>& z, double certainty) noexcept
    {
        const Vector<D> gain = times<D>(covariance, z);
        const double scale = certainty / (1 + certainty * dot<D>(z, gain));
        for (std::size_t i = 0; i < D; ++i) {
            for (std::size_t j = 0; j < D; ++j) {
                covariance[i * D + j] -= scale * (gain[i] * gain[j]);
            }
        }
        return gain;
    }

    /// Keeps a share `kept` (0..1) of the certainty and takes the rest from the beginning again, so
    /// that what is never seen does not become ever less certain. The mean stays. O(D^3).
    void forget(double kept) noexcept
    {
        Matrix<D> precision{};
        bool good = invert<D>(covariance, precision);
        for (std::size_t i = 0; good && i < D * D; ++i) {
            precision[i] = kept * precision[i] + (1 - kept) * prior_precision[i];
        }
        good = good && invert<D>(precision, covariance);
        if (!good) { // Rounding has eaten it: as uncertain as in the beginning.
            [[maybe_unused]] const bool began = invert<D>(prior_precision, covariance);
        }
    }
};

} // namespace empathd::analysis

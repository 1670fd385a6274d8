#pragma once

#include "analysis/spread/gaussian.hpp"

#include <cmath>
#include <cstddef>

namespace empathd::analysis {

/// 1 / (1 + e^-x).
[[nodiscard]] inline double sigmoid(double x) noexcept
{
    return 1 / (1 + std::exp(-x));
}

/// The chance of a yes, learned one answer at a time: logistic regression whose weights stay a
/// normal distribution. A step goes to the most likely weights given the belief before and the one
/// answer (exactly: they lie on one line) and takes the curvature there (Laplace).
template <std::size_t D>
class Logistic {
public:
    /// False: the precision is not positive definite.
    [[nodiscard]] bool begin(const Vector<D>& weights, const Matrix<D>& precision) noexcept
    {
        return w_.begin(weights, precision);
    }

    [[nodiscard]] double probability(const Vector<D>& z) const noexcept
    {
        return sigmoid(dot<D>(z, w_.mean));
    }

    /// O(D^2).
    void learn(const Vector<D>& z, bool yes) noexcept
    {
        const double logit = dot<D>(z, w_.mean);
        const double step = step_to_best(logit, w_.spread(z), yes ? 1 : 0);
        const Vector<D> gain = times<D>(w_.covariance, z);
        const double p = sigmoid(logit + step * dot<D>(z, gain));
        for (std::size_t i = 0; i < D; ++i) {
            w_.mean[i] += step * gain[i];
        }
        w_.sharpen(z, p * (1 - p));
    }

    /// Keeps a share of the certainty; see Gaussian::forget.
    void forget(double kept) noexcept { w_.forget(kept); }

    [[nodiscard]] const Gaussian<D>& weights() const noexcept { return w_; }
    void restore(const Gaussian<D>& weights) noexcept { w_ = weights; }

private:
    /// The s with s = answer - sigmoid(logit + s * spread), by Newton, kept inside the bracket that
    /// holds it.
    static double step_to_best(double logit, double spread, double answer) noexcept
    {
        double low = answer - 1;
        double high = answer;
        double s = answer - sigmoid(logit);
        for (int i = 0; i < 60; ++i) {
            const double p = sigmoid(logit + s * spread);
            const double over = s - answer + p;
            if (std::abs(over) < 1e-12) {
                break;
            }
            (over > 0 ? high : low) = s;
            s -= over / (1 + spread * p * (1 - p));
            if (!(s > low && s < high)) {
                s = (low + high) / 2;
            }
        }
        return s;
    }

    Gaussian<D> w_;
};

} // namespace empathd::analysis

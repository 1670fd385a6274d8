#include "analysis/spread/regression.hpp"

#include <cmath>

namespace empathd::analysis {

bool Regression::begin(const Row& weights, const Matrix<row_width>& precision,
                       double noise) noexcept
{
    a_ = prior_rows / 2;
    b_ = a_ * noise;
    return w_.begin(weights, precision);
}

double Regression::reach_80(const Row& z) const noexcept
{
    return student_90(2 * a_) * std::sqrt(b_ / a_ * (1 + w_.spread(z)));
}

void Regression::learn(const Row& z, double y) noexcept
{
    const double error = y - mean(z);
    const Row gain = w_.sharpen(z, 1);
    const double surprise = 1 + dot<row_width>(z, gain);
    for (std::size_t i = 0; i < row_width; ++i) {
        w_.mean[i] += gain[i] * error / surprise;
    }
    a_ += 0.5;
    b_ += 0.5 * error * error / surprise;
}

void Regression::forget(double kept) noexcept
{
    w_.forget(kept);
    const double noise = b_ / a_;
    a_ = kept * a_ + (1 - kept) * prior_rows / 2;
    b_ = a_ * noise;
}

void Regression::restore(const Gaussian<row_width>& weights, double a, double b) noexcept
{
    w_ = weights;
    a_ = a;
    b_ = b;
}

double student_90(double freedom) noexcept
{
    constexpr double z = 1.2815515655446004;
    constexpr double z2 = z * z;
    constexpr double g1 = z * (z2 + 1) / 4;
    constexpr double g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
    constexpr double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    const double inverse = 1 / freedom;
    return z + inverse * (g1 + inverse * (g2 + inverse * g3));
}

} // namespace empathd::analysis

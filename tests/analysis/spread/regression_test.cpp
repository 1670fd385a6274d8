#include "analysis/spread/regression.hpp"
#include "analysis/spread/simulate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace empathd::analysis {
namespace {

Row random_row(Chance& chance)
{
    Row z{};
    z[0] = 1;
    for (std::size_t i = 1; i < row_width; ++i) {
        z[i] = chance.normal();
    }
    return z;
}

Matrix<row_width> diagonal(double value)
{
    Matrix<row_width> out{};
    for (std::size_t i = 0; i < row_width; ++i) {
        out[i * row_width + i] = value;
    }
    return out;
}

TEST(Gaussian, RefusesAPrecisionThatIsNotPositiveDefinite)
{
    Matrix<2> out{};
    EXPECT_FALSE(invert<2>({1, 2, 2, 1}, out));
    EXPECT_FALSE(invert<2>({0, 0, 0, 1}, out));
    EXPECT_FALSE(invert<2>({NAN, 0, 0, 1}, out));
    ASSERT_TRUE(invert<2>({2, 1, 1, 2}, out));
    EXPECT_NEAR(out[0], 2.0 / 3, 1e-12);
    EXPECT_NEAR(out[1], -1.0 / 3, 1e-12);
}

TEST(Regression, OneRowAtATimeEqualsTheBatchSolution)
{
    Chance chance(1);
    Row prior{};
    prior[0] = 2;
    prior[3] = -1;
    Matrix<row_width> precision = diagonal(2);
    Row target = times<row_width>(precision, prior);
    Regression online;
    ASSERT_TRUE(online.begin(prior, precision, 1));
    double rss = dot<row_width>(prior, target); // w0' A0 w0 + y'y - w' A w
    for (int i = 0; i < 500; ++i) {
        const Row z = random_row(chance);
        const double y = 1 + 3 * z[1] - z[2] + chance.normal();
        online.learn(z, y);
        for (std::size_t j = 0; j < row_width; ++j) {
            target[j] += z[j] * y;
            for (std::size_t k = 0; k < row_width; ++k) {
                precision[j * row_width + k] += z[j] * z[k];
            }
        }
        rss += y * y;
    }
    Matrix<row_width> inverse{};
    ASSERT_TRUE(invert<row_width>(precision, inverse));
    const Row batch = times<row_width>(inverse, target);

    for (std::size_t j = 0; j < row_width; ++j) {
        EXPECT_NEAR(online.weights().mean[j], batch[j], 1e-6) << j;
    }
    EXPECT_NEAR(online.a(), prior_rows / 2 + 250, 1e-9);
    EXPECT_NEAR(online.b(), prior_rows / 2 + (rss - dot<row_width>(batch, target)) / 2, 1e-6);
}

TEST(Regression, HoldsEightInTenOfWhatItHasNotSeen)
{
    Chance chance(2);
    Regression online;
    ASSERT_TRUE(online.begin({}, diagonal(1), 4));
    int held = 0;
    for (int i = 0; i < 3000; ++i) {
        const Row z = random_row(chance);
        const double y = z[5] + 0.7 * chance.normal();
        held += i >= 1000 && std::abs(y - online.mean(z)) <= online.reach_80(z) ? 1 : 0;
        online.learn(z, y);
    }
    EXPECT_NEAR(held / 2000.0, 0.8, 0.03);
}

TEST(Regression, ForgetsCertaintyButNotWhatItBelieves)
{
    Chance chance(3);
    Regression online;
    ASSERT_TRUE(online.begin({}, diagonal(1), 1));
    const Row asked = random_row(chance);
    const double unsure = online.weights().spread(asked);
    for (int i = 0; i < 300; ++i) {
        const Row z = random_row(chance);
        online.learn(z, z[1]);
    }
    const double sure = online.weights().spread(asked);
    const double mean = online.mean(asked);

    online.forget(0.5);
    EXPECT_NEAR(online.weights().spread(asked) / sure, 2, 0.1);
    EXPECT_EQ(online.mean(asked), mean);
    online.forget(0);
    EXPECT_NEAR(online.weights().spread(asked), unsure, 1e-9);
    EXPECT_NEAR(online.a(), prior_rows / 2, 1e-9);
}

TEST(Regression, StaysInItsSensesWhenAllRowsAreTheSame)
{
    Regression online;
    ASSERT_TRUE(online.begin({}, diagonal(0.5), 1));
    Row z{};
    z.fill(6);
    for (int day = 0; day < 2000; ++day) {
        online.learn(z, 3);
        online.forget(0.99);
    }
    EXPECT_NEAR(online.mean(z), 3, 0.01);
    EXPECT_TRUE(std::isfinite(online.reach_80(z)));
    Row other = z;
    other[4] = -6;
    EXPECT_TRUE(std::isfinite(online.reach_80(other)));
    EXPECT_GT(online.reach_80(other), online.reach_80(z));
}

TEST(Student, HasTheQuantilesOfTheTables)
{
    EXPECT_NEAR(student_90(10), 1.3722, 1e-4);
    EXPECT_NEAR(student_90(30), 1.3104, 1e-4);
    EXPECT_NEAR(student_90(1e9), 1.2816, 1e-4);
}

} // namespace
} // namespace empathd::analysis

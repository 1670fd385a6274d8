#include "analysis/spread/calibration.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace empathd::analysis {
namespace {

TEST(Ledger, ReportsWhatHeldAndWhatDidNot)
{
    Ledger ledger;
    ledger.add({.p_threshold = 0.15F,
                .p_double = 1,
                .ape = 0.1F,
                .bucket = 2,
                .covered = true,
                .reached = true,
                .doubled = true});
    ledger.add({.p_threshold = 0.17F, .p_double = 0.95F, .ape = 0.2F, .bucket = 2});
    ledger.add({.p_threshold = 1,
                .p_double = 0,
                .ape = 0.9F,
                .bucket = 4,
                .covered = true,
                .had_reached = true,
                .reached = true});
    const CalibrationReport report = ledger.report();

    EXPECT_EQ(report.rows, 3u);
    EXPECT_NEAR(report.coverage, 2.0 / 3, 1e-9);
    EXPECT_NEAR(report.median_ape, 0.2, 1e-6);
    EXPECT_EQ(report.bucket_rows[2], 2u);
    EXPECT_NEAR(report.bucket_coverage[2], 0.5, 1e-9);
    EXPECT_EQ(report.threshold[1].rows, 2u);
    EXPECT_NEAR(report.threshold[1].predicted, 0.16, 1e-6);
    EXPECT_NEAR(report.threshold[1].observed, 0.5, 1e-9);
    EXPECT_EQ(report.threshold[9].rows, 0u) << "what had been reached was no forecast";
    EXPECT_EQ(report.doubling[9].rows, 2u);
    EXPECT_EQ(report.doubling[0].rows, 1u);
}

TEST(Ledger, CountsTheLastOutcomesOnly)
{
    Ledger ledger;
    for (std::size_t i = 0; i < outcomes_max; ++i) {
        ledger.add({.covered = false});
    }
    for (std::size_t i = 0; i < outcomes_max / 2; ++i) {
        ledger.add({.covered = true});
    }
    EXPECT_EQ(ledger.report().rows, outcomes_max);
    EXPECT_NEAR(ledger.coverage(), 0.5, 1e-9);
}

TEST(Ledger, RefusesWhatItCannotHaveHeld)
{
    Ledger ledger;
    EXPECT_FALSE(ledger.restore({{.bucket = bucket_count}}, 1));
    EXPECT_FALSE(ledger.restore({{.p_threshold = 1.5F}}, 1));
    EXPECT_FALSE(ledger.restore({{.p_double = -0.1F}}, 1));
    EXPECT_FALSE(ledger.restore({{.ape = INFINITY}}, 1));
    EXPECT_FALSE(ledger.restore({{.ape = 1}}, 0));
    EXPECT_FALSE(ledger.restore(std::vector<Outcome>(outcomes_max + 1), 0));
    EXPECT_TRUE(ledger.restore({{.covered = true}}, 1));
    EXPECT_EQ(ledger.coverage(), 1);
}

TEST(Ledger, SaysNothingOfNothing)
{
    EXPECT_EQ(Ledger().report().coverage, 0);
    EXPECT_EQ(Ledger().report().rows, 0u);
}

} // namespace
} // namespace empathd::analysis

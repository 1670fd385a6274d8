#include "analysis/spread/evaluation/prequential.hpp"
#include "analysis/spread/evaluation/report.hpp"
#include "analysis/spread/evaluation/scores.hpp"

#include "tests/analysis/spread/simulated.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <sstream>
#include <string>

namespace empathd::spread_evaluation {
namespace {

using analysis::bucket_count;
using analysis::PriorKind;

const SeriesSet& stream()
{
    static const SeriesSet set = testing::simulated_set(PriorKind::general, 3'000, 31);
    return set;
}

const RunResult& lived()
{
    static const RunResult result = run(stream());
    return result;
}

struct Areas {
    double forecast = 0;
    double count = 0;
};

Areas areas(const std::vector<Made>& made)
{
    std::vector<Scored> by_forecast;
    std::vector<Scored> by_count;
    for (const Made& one : made) {
        if (one.own && !one.forecast.withheld) {
            const bool reached = one.end >= one.forecast.threshold;
            by_forecast.emplace_back(one.forecast.p_threshold, reached);
            by_count.emplace_back(one.forecast.now, reached);
        }
    }
    return {.forecast = area_under_curve(by_forecast), .count = area_under_curve(by_count)};
}

TEST(Prequential, EightInTenEndInsideTheirIntervalInEveryBucket)
{
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        double held = 0;
        double all = 0;
        for (const Made& made : lived().made[bucket]) {
            if (made.own && !made.forecast.withheld) {
                held += made.forecast.low <= made.end && made.end <= made.forecast.high ? 1 : 0;
                ++all;
            }
        }
        ASSERT_GT(all, 300) << bucket;
        EXPECT_GT(held / all, 0.75) << name_of_bucket(bucket);
        EXPECT_LT(held / all, 0.85) << name_of_bucket(bucket);
    }
    EXPECT_EQ(lived().report.calibration, Calibration::own);
}

TEST(Prequential, RanksAtLeastAsWellAsThePlainCount)
{
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        const Areas found = areas(lived().made[bucket]);
        EXPECT_GE(found.forecast, found.count - 0.002) << name_of_bucket(bucket);
        EXPECT_GT(found.forecast, 0.7) << name_of_bucket(bucket);
    }
    const Areas young = areas(lived().made[1]);
    EXPECT_GT(young.forecast, young.count + 0.01);
}

TEST(Prequential, HasNothingToForecastWhenEndsAreShuffled)
{
    constexpr std::uint64_t deals = 5; // One deal alone has too few posts above the threshold.
    std::array<double, bucket_count> area{};
    for (std::uint64_t seed = 1; seed <= deals; ++seed) {
        const RunResult shuffled = run(stream(), seed);
        for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
            area[bucket] += areas(shuffled.made[bucket]).forecast / deals;
        }
    }
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        EXPECT_NEAR(area[bucket], 0.5, 0.05) << name_of_bucket(bucket);
    }
}

TEST(Prequential, AlertsAheadOfTheThresholdOnly)
{
    int alerted = 0;
    for (const Watched& watched : lived().watched) {
        if (watched.alerted && watched.crossed) {
            EXPECT_LT(*watched.alerted, *watched.crossed);
        }
        alerted += watched.alerted ? 1 : 0;
    }
    EXPECT_GT(alerted, 20);
    EXPECT_GT(lived().days, 10);
}

TEST(Prequential, KnowsNoEndBeforeItIsKnown)
{
    SeriesSet set = stream();
    set.series.resize(400);
    SeriesSet other = set;
    for (Series& series : other.series) { // Other ends, all known after the last forecast.
        series.end = 5 * series.end + 100;
        series.end_known_at = testing::simulated_start + std::chrono::hours{24 * 60};
    }
    for (Series& series : set.series) {
        series.end_known_at = testing::simulated_start + std::chrono::hours{24 * 60};
    }
    const RunResult a = run(set);
    const RunResult b = run(other);
    for (std::size_t i = 0; i < a.made[2].size(); ++i) {
        ASSERT_EQ(a.made[2][i].forecast, b.made[2][i].forecast);
    }
}

TEST(Report, HasARowForEveryBucketAndPrintsEmptyRuns)
{
    std::ostringstream out;
    print_buckets(out, lived());
    print_reliability(out, lived());
    print_alerts(out, lived());
    print_control(out, lived());
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        EXPECT_NE(out.str().find(name_of_bucket(bucket)), std::string::npos);
    }
    std::ostringstream empty;
    print_buckets(empty, RunResult{});
    print_alerts(empty, RunResult{});
    EXPECT_EQ(empty.str().find("nan"), std::string::npos);
}

/// The development sample, where it is found beside the checkout: it may not be redistributed.
TEST(Sample, HoldsItsIntervalsAndRanksAsWellAsTheCount)
{
    const std::string file =
        EMPATHD_SOURCE_DIR "/../shared/data/spread/ci_sample/hn_frontpage_series.tsv.gz";
    if (!std::filesystem::exists(file)) {
        GTEST_SKIP() << "no sample of recorded posts";
    }
    const auto text = read_file(file);
    ASSERT_TRUE(text) << text.error().message;
    const RunResult result = run(read_front_page(*text));
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        const Areas found = areas(result.made[bucket]);
        EXPECT_GE(found.forecast, found.count - 0.01) << name_of_bucket(bucket);
        EXPECT_GT(result.report.bucket_coverage[bucket], 0.75) << name_of_bucket(bucket);
        EXPECT_LT(result.report.bucket_coverage[bucket], 0.85) << name_of_bucket(bucket);
    }
}

} // namespace
} // namespace empathd::spread_evaluation

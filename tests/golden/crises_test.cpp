// Ten scripted crises and thirty ordinary weeks, through the whole pipeline: is every crisis told
// in time, and nothing else?

#include "tests/support/golden_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace empathd::testing {
namespace {

/// What the alerts of a case were worth.
struct Score {
    int told = 0;                 ///< Stories that people were told of,
    int right = 0;                ///< and of these the expected ones, in time.
    int due = 0;                  ///< Stories people had to be told of,
    int caught = 0;               ///< and of these those told in time.
    std::vector<double> lead_min; ///< Before the 3-sigma rule, where that told too.
};

bool is_news(const Alert& alert)
{
    return alert.incident.state != IncidentState::resolved;
}

Score score_of(const GoldenCase& golden, const GoldenRun& run)
{
    Score score;
    std::vector<std::string> right;
    for (const GoldenCase::Expected& expected : golden.expected) {
        ++score.due;
        const auto story = run.incident_of.find(expected.about);
        const auto told =
            std::find_if(run.alerts.begin(), run.alerts.end(), [&](const Alert& alert) {
                return story != run.incident_of.end() && alert.incident.id == story->second &&
                       alert.raised_at >= expected.not_before && is_news(alert);
            });
        const bool in_time = told != run.alerts.end() && told->raised_at <= expected.not_after;
        if (in_time) {
            ++score.caught;
            right.push_back(told->incident.id);
            const auto sigma = three_sigma_alarm(golden, expected.not_before);
            if (sigma) {
                const std::chrono::duration<double, std::ratio<60>> lead = *sigma - told->raised_at;
                score.lead_min.push_back(lead.count());
            }
        }
    }
    std::vector<std::string> told;
    for (const Alert& alert : run.alerts) {
        const std::string& id = alert.incident.id;
        if (is_news(alert) && std::find(told.begin(), told.end(), id) == told.end()) {
            told.push_back(id);
            ++score.told;
            score.right += std::find(right.begin(), right.end(), id) != right.end() ? 1 : 0;
        }
    }
    return score;
}

void print(const GoldenCase& golden, const GoldenRun& run, const Score& score)
{
    std::printf("%-40s told %d right %d due %d caught %d", golden.name.c_str(), score.told,
                score.right, score.due, score.caught);
    for (const double lead : score.lead_min) {
        std::printf(" lead %.0f min", lead);
    }
    std::printf("\n");
    for (const Alert& alert : run.alerts) {
        std::printf("    %s %s %.0f %s\n", to_rfc3339(alert.raised_at).c_str(),
                    std::string(to_string(alert.reason)).c_str(), alert.incident.score,
                    alert.summary.substr(0, 90).c_str());
    }
}

TEST(GoldenCases, TellOfEveryCrisisInTimeAndOfLittleElse)
{
    const std::vector<GoldenCase> cases =
        golden_cases(std::string(EMPATHD_SOURCE_DIR) + "/tests/golden/crises");
    ASSERT_GE(cases.size(), 40U);
    Score sum;
    for (const GoldenCase& golden : cases) {
        const GoldenRun run = run_golden_case(golden, {});
        const Score score = score_of(golden, run);
        print(golden, run, score);
        sum.told += score.told;
        sum.right += score.right;
        sum.due += score.due;
        sum.caught += score.caught;
        sum.lead_min.insert(sum.lead_min.end(), score.lead_min.begin(), score.lead_min.end());
    }
    ASSERT_GT(sum.told, 0);
    const double precision = static_cast<double>(sum.right) / sum.told;
    std::sort(sum.lead_min.begin(), sum.lead_min.end());
    const double lead = sum.lead_min.empty() ? 0 : sum.lead_min[sum.lead_min.size() / 2];
    std::printf("precision %.2f (%d of %d stories told), caught %d of %d, median lead over the "
                "3-sigma rule %.0f min (%zu cases)\n",
                precision, sum.right, sum.told, sum.caught, sum.due, lead, sum.lead_min.size());
    EXPECT_GE(precision, 0.8);
    EXPECT_EQ(sum.caught, sum.due);
    EXPECT_GE(lead, 30);
}

} // namespace
} // namespace empathd::testing

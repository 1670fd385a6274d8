// Ten scripted crises and thirty ordinary weeks, through the whole pipeline: is every crisis told
// in time, and nothing else?

#include "tests/support/golden_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
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
    std::set<std::string> of_the_event;
    for (const PostKey& post : golden.story) {
        const auto found = run.incident_of.find(post);
        if (found != run.incident_of.end()) {
            of_the_event.insert(found->second);
        }
    }
    for (const GoldenCase::Expected& expected : golden.expected) {
        ++score.due;
        const auto told =
            std::find_if(run.alerts.begin(), run.alerts.end(), [&](const Alert& alert) {
                return of_the_event.contains(alert.incident.id) &&
                       alert.raised_at >= expected.not_before && is_news(alert);
            });
        if (told == run.alerts.end() || told->raised_at > expected.not_after) {
            continue;
        }
        ++score.caught;
        if (const auto sigma = three_sigma_alarm(golden, expected.not_before)) {
            const std::chrono::duration<double, std::ratio<60>> lead = *sigma - told->raised_at;
            score.lead_min.push_back(lead.count());
        }
    }
    std::set<std::string> told;
    for (const Alert& alert : run.alerts) {
        const std::string& id = alert.incident.id;
        if (is_news(alert) && told.insert(id).second) {
            ++score.told;
            score.right += of_the_event.contains(id) ? 1 : 0;
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
        std::printf("    [m%u a%u c%u w%u e%u] %s %s %.0f %s\n", alert.incident.mentions, alert.incident.authors, alert.incident.complaints, alert.incident.witnesses, alert.incident.echoes, to_rfc3339(alert.raised_at).c_str(),
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
        DeskOptions options; if (const char* e = std::getenv("GW")) { options.decision.score_warning = std::atof(e); }
        const GoldenRun run = run_golden_case(golden, options);
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

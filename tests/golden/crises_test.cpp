// Ten scripted crises and thirty ordinary weeks, through the whole pipeline: is every crisis told
// in time, and little else? The bar for the lowest severity (AlertConfig::score_warning) was set on
// the cases with odd numbers.

#include "tests/support/golden_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace empathd::testing {
namespace {

using Minutes = std::chrono::duration<double, std::ratio<60>>;

/// What the alerts of a case were worth.
struct Score {
    int told = 0;                     ///< Stories that people were told of,
    int right = 0;                    ///< and of these those about what they had to be told.
    int due = 0;                      ///< Events people had to be told of,
    int caught = 0;                   ///< and of these those told in time.
    std::optional<TimePoint> told_at; ///< Of a single case.

    void add(const Score& other)
    {
        told += other.told;
        right += other.right;
        due += other.due;
        caught += other.caught;
    }
    [[nodiscard]] double precision() const
    {
        return told == 0 ? 0 : static_cast<double>(right) / told;
    }
};

/// A volume rule over all cases, beside what people were told.
struct Rule {
    int right = 0;                ///< Events in which it told,
    int wrong = 0;                ///< and how often it told of nothing.
    int missed = 0;               ///< Events it did not tell of while that was of use.
    std::vector<double> lead_min; ///< How long before it people were told, where both told.
};

bool is_news(const Alert& alert)
{
    return alert.incident.state != IncidentState::resolved;
}

std::set<std::string> stories_of_the_event(const GoldenCase& golden, const GoldenRun& run)
{
    std::set<std::string> stories;
    for (const PostKey& post : golden.story) {
        const auto found = run.incident_of.find(post);
        if (found != run.incident_of.end()) {
            stories.insert(found->second);
        }
    }
    return stories;
}

Score score_of(const GoldenCase& golden, const GoldenRun& run)
{
    Score score;
    const std::set<std::string> of_the_event = stories_of_the_event(golden, run);
    for (const GoldenCase::Expected& expected : golden.expected) {
        ++score.due;
        const auto told =
            std::find_if(run.alerts.begin(), run.alerts.end(), [&](const Alert& alert) {
                return of_the_event.contains(alert.incident.id) &&
                       alert.raised_at >= expected.not_before && is_news(alert);
            });
        if (told != run.alerts.end() && told->raised_at <= expected.not_after) {
            ++score.caught;
            score.told_at = told->raised_at;
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
    std::printf("%-44s told %d right %d due %d caught %d", golden.name.c_str(), score.told,
                score.right, score.due, score.caught);
    std::printf("\n");
    std::set<std::string> shown;
    for (const Alert& alert : run.alerts) {
        if (shown.insert(alert.incident.id).second) {
            std::printf("    %s %s %.0f %s\n", to_rfc3339(alert.raised_at).c_str(),
                        std::string(to_string(alert.reason)).c_str(), alert.incident.score,
                        alert.summary.c_str());
        }
    }
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

Rule rule_over(const std::vector<GoldenCase>& cases, const std::vector<Score>& scores,
               SigmaKind kind, double deviations)
{
    Rule rule;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const GoldenCase& golden = cases[i];
        const TimePoint begin =
            golden.expected.empty() ? TimePoint::max() : golden.expected.front().not_before;
        bool found = false;
        bool in_time = golden.expected.empty();
        for (const TimePoint alarm : sigma_alarms(golden, kind, deviations)) {
            if (alarm <= begin) {
                ++rule.wrong;
            } else if (!found) {
                found = true;
                in_time = in_time || alarm <= golden.expected.front().not_after;
                ++rule.right;
                if (scores[i].told_at) {
                    rule.lead_min.push_back(Minutes(alarm - *scores[i].told_at).count());
                }
            }
        }
        rule.missed += in_time ? 0 : 1;
    }
    return rule;
}

void print(const char* name, double deviations, const Rule& rule)
{
    std::printf(
        "%s volume rule, %.1f standard deviations: right %d, wrong %d, not in time %d; told %.0f "
        "min before it (median of %zu)\n",
        name, deviations, rule.right, rule.wrong, rule.missed, median(rule.lead_min),
        rule.lead_min.size());
}

/// The same rule with its multiple raised until it is wrong no more often than we are: what it is
/// worth to somebody who wants as few false alarms.
Rule as_precise(const std::vector<GoldenCase>& cases, const std::vector<Score>& scores,
                SigmaKind kind, int wrong_most, double& deviations)
{
    for (deviations = 3; deviations < 100; deviations += 0.5) {
        Rule rule = rule_over(cases, scores, kind, deviations);
        if (rule.wrong <= wrong_most) {
            return rule;
        }
    }
    Rule none; // It cannot be made as precise: who wants that is told of nothing.
    for (const GoldenCase& golden : cases) {
        none.missed += golden.expected.empty() ? 0 : 1;
    }
    return none;
}

TEST(GoldenCases, TellOfEveryCrisisInTimeAndOfLittleElse)
{
    const std::vector<GoldenCase> cases =
        golden_cases(std::string(EMPATHD_SOURCE_DIR) + "/tests/golden/crises");
    ASSERT_EQ(cases.size(), 40U);
    Score all;
    Score even; // Which chose nothing.
    std::vector<Score> scores;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const GoldenRun run = run_golden_case(cases[i], {});
        scores.push_back(score_of(cases[i], run));
        print(cases[i], run, scores.back());
        all.add(scores.back());
        if (i % 2 == 1) {
            even.add(scores.back());
        }
    }
    std::printf("precision %.2f (%d of %d stories told), caught %d of %d; even cases %.2f, %d of "
                "%d\n",
                all.precision(), all.right, all.told, all.caught, all.due, even.precision(),
                even.caught, even.due);
    for (const auto& [kind, name] :
         {std::pair(SigmaKind::hourly, "hourly"), std::pair(SigmaKind::daily, "daily"),
          std::pair(SigmaKind::published, "published")}) {
        print(name, 3, rule_over(cases, scores, kind, 3));
        double deviations = 3;
        const Rule fair = as_precise(cases, scores, kind, all.told - all.right, deviations);
        print(name, deviations, fair);
    }
    EXPECT_EQ(all.due, 10);
    EXPECT_EQ(all.caught, all.due);
    EXPECT_GE(all.precision(), 0.8);
}

} // namespace
} // namespace empathd::testing

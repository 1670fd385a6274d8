#include "analysis/decision/decision.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <string>

namespace empathd::analysis {
namespace {

const TimePoint noon = from_unix_ms(1'772'539'200'000);

Incident quiet_complaint()
{
    Incident incident;
    incident.id = "abc";
    incident.brand = "Acme";
    incident.title = "My router is dead again";
    incident.lead = {"chatter", "c-1"};
    incident.mentions = incident.complaints = incident.authors = 1;
    incident.networks = {"chatter"};
    incident.languages = {"en"};
    incident.outlook.rate_per_hour = 10;
    incident.views = 200;
    return incident;
}

Incident spreading_complaint()
{
    Incident incident = quiet_complaint();
    incident.outlook.rate_per_hour = 900;
    incident.views = 40'000;
    incident.complaints = incident.authors = 3;
    return incident;
}

Incident crisis()
{
    Incident incident = spreading_complaint();
    incident.outlook.rate_per_hour = 5'000;
    incident.views = 2'000'000;
    incident.complaints = 12;
    incident.networks = {"chatter", "plaza"};
    incident.languages = {"en", "fr", "vi"};
    return incident;
}

TEST(Decision, KeepsQuietAboutAComplaintThatStaysSmall)
{
    const Verdict verdict = decide(quiet_complaint(), {.certainty = 0.9F, .voices = 0.8}, {});

    EXPECT_FALSE(verdict.tell);
    EXPECT_EQ(verdict.silence, SilenceReason::below_threshold);
    EXPECT_EQ(verdict.severity, Severity::info);
}

TEST(Decision, TellsOfOneThatSpreads)
{
    const Verdict verdict = decide(spreading_complaint(), {.certainty = 0.9F, .voices = 3}, {});

    EXPECT_EQ(verdict.tell, AlertReason::spreading);
    EXPECT_FALSE(verdict.silence);
    EXPECT_GE(verdict.severity, Severity::error);
}

TEST(Decision, ShowsPartsThatSumToTheScore)
{
    const Verdict verdict = decide(spreading_complaint(), {.certainty = 0.9F, .voices = 3}, {});

    const double sum = std::accumulate(verdict.parts.begin(), verdict.parts.end(), 0.0,
                                       [](double s, const auto& part) { return s + part.second; });
    EXPECT_DOUBLE_EQ(sum, verdict.score);
    EXPECT_GT(verdict.score, 0);
    EXPECT_LE(verdict.score, 100);
}

TEST(Decision, ReachesTheFullScoreAndNoMore)
{
    Incident worst = crisis();
    worst.outlook.rate_per_hour = 1e9;
    worst.views = 4'000'000'000;
    worst.gravity.safety = true;
    worst.languages = {"de", "en", "es", "fr", "it", "vi"};

    EXPECT_DOUBLE_EQ(decide(worst, {.certainty = 1, .voices = 1e5}, {}).score, 100);
}

TEST(Decision, NeverTellsOfWhatIsNoComplaint)
{
    Incident praise = crisis();
    praise.complaints = 0;

    EXPECT_EQ(decide(praise, {.certainty = 0.2F}, {}).silence, SilenceReason::not_a_complaint);
}

TEST(Decision, TellsAgainOnlyForAHigherSeverity)
{
    Incident incident = spreading_complaint();
    const Verdict first = decide(incident, {.certainty = 0.9F, .voices = 3}, {});
    (void)raise_alert(incident, first, *first.tell, noon);

    EXPECT_EQ(decide(incident, {.certainty = 0.9F, .voices = 3}, {}).silence,
              SilenceReason::already_told);

    Incident worse = crisis();
    worse.revision = incident.revision;
    worse.severity = incident.severity;
    const Verdict second = decide(worse, {.certainty = 0.95F, .voices = 12}, {});
    EXPECT_EQ(second.tell, AlertReason::escalated);
    EXPECT_EQ(second.severity, Severity::critical);
}

TEST(Decision, RaisesTheBarAsTheBudgetIsUsed)
{
    Incident middling = spreading_complaint();
    middling.outlook.rate_per_hour = 120;
    middling.complaints = 1;
    const DecisionOptions options{.pages_per_day = 4};

    EXPECT_TRUE(decide(middling, {.certainty = 0.9F, .voices = 2, .told_in_day = 0}, options).tell);
    EXPECT_EQ(decide(middling, {.certainty = 0.9F, .voices = 2, .told_in_day = 3}, options).silence,
              SilenceReason::budget_spent);
}

TEST(Decision, NeverHoldsBackACrisisForTheBudget)
{
    const DecisionOptions options{.pages_per_day = 1};

    EXPECT_EQ(
        decide(spreading_complaint(), {.certainty = 0.9F, .voices = 3, .told_in_day = 1}, options)
            .silence,
        SilenceReason::budget_spent);
    EXPECT_TRUE(
        decide(crisis(), {.certainty = 0.95F, .voices = 12, .told_in_day = 1}, options).tell);
}

TEST(Decision, LeavesTheAcknowledgedAloneUntilTheyAreCritical)
{
    Incident taken = spreading_complaint();
    taken.state = IncidentState::acknowledged;
    EXPECT_EQ(decide(taken, {.certainty = 0.9F, .voices = 3}, {}).silence,
              SilenceReason::acknowledged);

    Incident blown_up = crisis();
    blown_up.state = IncidentState::acknowledged;
    EXPECT_TRUE(decide(blown_up, {.certainty = 0.95F, .voices = 12}, {}).tell);
}

TEST(Decision, NamesManyVoicesWhereTheyOutweighSpeed)
{
    Incident chorus = quiet_complaint();
    chorus.complaints = chorus.authors = 30;
    chorus.outlook.rate_per_hour = 5;
    chorus.views = 1'000'000;
    chorus.networks = {"a", "b", "c"};
    chorus.languages = {"en", "fr", "vi"};

    EXPECT_EQ(decide(chorus, {.certainty = 1, .voices = 30}, {}).tell, AlertReason::many_voices);
}

TEST(Decision, DoubtsALoneVoiceHoweverItSpreads)
{
    const Incident fast = spreading_complaint();
    const Verdict alone = decide(fast, {.certainty = 0.9F, .voices = 0.2}, {});
    const Verdict joined = decide(fast, {.certainty = 0.9F, .voices = 2}, {});

    EXPECT_NEAR(alone.parts[0].second, 0.55 * joined.parts[0].second, 1e-9);
    EXPECT_LT(alone.score, joined.score - 15);
    Incident everywhere = fast; // But what runs through the whole country is told all the same.
    everywhere.outlook.rate_per_hour = 5'000;
    everywhere.views = 1'000'000;
    EXPECT_TRUE(decide(everywhere, {.certainty = 0.97F, .voices = 0.94}, {}).tell);
}

TEST(Decision, FollowsTheForecastMoreThanThePaceOfTheMoment)
{
    Incident flat = spreading_complaint();
    flat.outlook.forecast = {
        .calibration = Calibration::prior, .now = 500, .low = 500, .median = 510, .high = 600};
    Incident rising = flat;
    rising.outlook.forecast.median = 9'000;
    rising.outlook.forecast.high = 30'000;

    EXPECT_GT(decide(rising, {.certainty = 0.9F, .voices = 3}, {}).score,
              decide(flat, {.certainty = 0.9F, .voices = 3}, {}).score + 10);
}

TEST(Decision, NeverHoldsBackDangerOrTheLawForTheBudget)
{
    const DecisionOptions options{.pages_per_day = 0};
    Incident danger = spreading_complaint();
    danger.gravity.safety = true;
    Incident court = spreading_complaint();
    court.gravity.legal = true;

    EXPECT_EQ(decide(spreading_complaint(), {.certainty = 0.9F, .voices = 3}, options).silence,
              SilenceReason::budget_spent);
    EXPECT_TRUE(decide(danger, {.certainty = 0.9F, .voices = 3}, options).tell);
    EXPECT_TRUE(decide(court, {.certainty = 0.9F, .voices = 3}, options).tell);
}

TEST(Decision, WhatPeopleMayBePutOffIsNoPartOfTheScore)
{
    for (const auto& [name, points] :
         decide(crisis(), {.certainty = 0.95F, .voices = 12}, {}).parts) {
        EXPECT_EQ(name.find("put"), std::string::npos);
    }
}

TEST(RaiseAlert, GivesAKeyOfItsOwnToEachRevision)
{
    Incident incident = spreading_complaint();
    const Verdict verdict = decide(incident, {.certainty = 0.9F, .voices = 3}, {});
    const Alert first = raise_alert(incident, verdict, AlertReason::spreading, noon);
    const Alert second = raise_alert(incident, verdict, AlertReason::escalated, noon);

    EXPECT_EQ(first.incident.revision, 1u);
    EXPECT_EQ(second.incident.revision, 2u);
    EXPECT_NE(first.key, second.key);
    EXPECT_EQ(first.key.size(), 32u);
    EXPECT_EQ(first.raised_at, noon);
    EXPECT_EQ(first.network, "chatter");
    EXPECT_EQ(first.summary, "Acme: 900 reactions an hour, 3 complaints: My router is dead again");
}

TEST(RaiseAlert, GivesTheSameKeyForTheSameStep)
{
    Incident once = spreading_complaint();
    Incident again = spreading_complaint();
    const Verdict verdict = decide(once, {.certainty = 0.9F, .voices = 3}, {});

    EXPECT_EQ(
        raise_alert(once, verdict, AlertReason::spreading, noon).key,
        raise_alert(again, verdict, AlertReason::spreading, noon + std::chrono::hours{1}).key);
}

TEST(AlertOf, IsTheIncidentAsItStandsWithItsOwnKeyAndWords)
{
    Incident incident = spreading_complaint();
    incident.episode = 2;
    incident.revision = 3;
    incident.state = IncidentState::resolved;
    const Alert alert = alert_of(incident, {{"speed", 40.0}}, AlertReason::closed, noon);

    EXPECT_EQ(alert.reason, AlertReason::closed);
    EXPECT_EQ(alert.incident.revision, 3u);
    EXPECT_EQ(alert.summary, "Acme: closed: My router is dead again");
    EXPECT_EQ(alert.score_parts.size(), 1u);
    incident.state = IncidentState::open;
    EXPECT_NE(alert_of(incident, {}, AlertReason::closed, noon).key, alert.key);
}

TEST(AlertOf, HasWordsForEveryReason)
{
    std::set<std::string> summaries;
    for (std::size_t i = 0; i < alert_reasons; ++i) {
        const auto reason = static_cast<AlertReason>(i);
        EXPECT_NE(to_string(reason), "unknown");
        summaries.insert(alert_of(spreading_complaint(), {}, reason, noon).summary);
    }
    EXPECT_EQ(summaries.size(), alert_reasons - 1) << "spreading and escalated read alike";
}

} // namespace
} // namespace empathd::analysis

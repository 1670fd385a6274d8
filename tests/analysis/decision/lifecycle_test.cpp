#include "analysis/decision/lifecycle.hpp"

#include "tests/analysis/decision/life_world.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace empathd::analysis {
namespace {

using namespace testing;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// ---- Before anybody is told.

TEST(Life, WaitsBeforeTheFirstTelling)
{
    LifeWorld world;
    const Step first = world.looks(small_story());

    EXPECT_EQ(told_in(first), std::nullopt);
    EXPECT_EQ(kept_back_in(first), SilenceReason::waiting);
    EXPECT_EQ(first.wake, noon + seconds{30});
    EXPECT_EQ(told_in(world.later(seconds{29}).does(Tick{})), std::nullopt);
    EXPECT_EQ(told_in(world.later(seconds{1}).does(Tick{})), AlertReason::spreading);
    EXPECT_EQ(world.life.revision, 1u);
    EXPECT_EQ(world.life.told, Severity::warning);
}

TEST(Life, TellsOfACriticalOneAtOnce)
{
    LifeWorld world;

    EXPECT_EQ(told_in(world.looks(with_severity(small_story(), Severity::critical))),
              AlertReason::spreading);
}

TEST(Life, NamesTheReasonOfTheLook)
{
    LifeWorld world;
    Look look = small_story();
    look.tell = AlertReason::many_voices;
    world.looks(look);

    EXPECT_EQ(told_in(world.later(seconds{30}).does(Tick{})), AlertReason::many_voices);
}

TEST(Life, WaitsLessForWhatGrowsFast)
{
    LifeWorld world;
    Look fast = small_story();
    fast.growth_per_hour = 900;
    world.looks(fast);

    EXPECT_EQ(world.life.wait_until, noon + seconds{3});
}

TEST(Life, ShortensAWaitUnderWayAndNeverLengthensIt)
{
    LifeWorld world;
    Look look = small_story();
    world.looks(look);
    look.growth_per_hour = 100;
    world.later(seconds{5}).looks(look);
    EXPECT_EQ(world.life.wait_until, noon + seconds{20});

    look.growth_per_hour = 0;
    world.later(seconds{5}).looks(look);
    EXPECT_EQ(world.life.wait_until, noon + seconds{20});
}

TEST(Life, SaysNothingOfWhatWasResolvedDuringTheWait)
{
    for (const Event& end :
         {Event{Faded{}}, Event{Deleted{}}, Event{Resolve{"ann", Outcome::fixed}}}) {
        LifeWorld world;
        world.looks(small_story());
        const Step step = world.later(seconds{10}).does(end);

        EXPECT_EQ(told_in(step), std::nullopt) << end.index();
        EXPECT_EQ(kept_back_in(step), SilenceReason::ended_untold) << end.index();
        EXPECT_EQ(told_in(world.later(hours{1}).does(Tick{})), std::nullopt) << end.index();
        EXPECT_EQ(world.life.revision, 0u);
    }
}

TEST(Life, SaysNothingOfWhatFellBelowTheThresholdDuringTheWait)
{
    LifeWorld world;
    world.looks(small_story());
    world.later(seconds{10}).looks(withheld(small_story(), SilenceReason::below_threshold));

    EXPECT_EQ(told_in(world.later(hours{1}).does(Tick{})), std::nullopt);
    EXPECT_FALSE(world.life.wait_until);
}

TEST(Life, ReportsWhyNobodyIsToldOnceAndNotWithEveryLook)
{
    LifeWorld world;
    const Look small = withheld(small_story(), SilenceReason::below_threshold);

    EXPECT_EQ(kept_back_in(world.looks(small)), SilenceReason::below_threshold);
    EXPECT_TRUE(world.later(minutes{5}).looks(small).acts.empty());
}

TEST(Life, TellsLaterWhatTheBudgetHeldBack)
{
    LifeWorld world;
    EXPECT_EQ(kept_back_in(world.looks(withheld(small_story(), SilenceReason::budget_spent))),
              SilenceReason::budget_spent);

    world.later(hours{10}).looks(small_story());
    EXPECT_EQ(told_in(world.later(seconds{30}).does(Tick{})), AlertReason::spreading);
}

// ---- Once people are told.

TEST(Life, DoesNotTellTheSameTwice)
{
    LifeWorld world;
    world.told();

    EXPECT_EQ(told_in(world.later(minutes{10}).looks(small_story())), std::nullopt);
    EXPECT_EQ(world.life.withheld, (Withheld{SilenceReason::already_told, ""}));
}

TEST(Life, TellsOfAHigherSeverityAfterTheInterval)
{
    LifeWorld world;
    world.told();
    const Look worse = with_severity(small_story(), Severity::error);
    const Step early = world.later(minutes{1}).looks(worse);

    EXPECT_EQ(kept_back_in(early), SilenceReason::waiting);
    EXPECT_EQ(early.wake, world.life.told_at.value() + minutes{5});
    EXPECT_EQ(told_in(world.later(minutes{4}).does(Tick{})), AlertReason::escalated);
    EXPECT_EQ(world.life.told, Severity::error);
    EXPECT_EQ(world.life.revision, 2u);
}

TEST(Life, TellsOfACriticalRiseWithoutTheInterval)
{
    LifeWorld world;
    world.told();

    EXPECT_EQ(
        told_in(world.later(seconds{1}).looks(with_severity(small_story(), Severity::critical))),
        AlertReason::escalated);
}

TEST(Life, RepeatsWhatNobodyTakesWhileItIsStillWorthIt)
{
    LifeWorld world;
    world.told();
    EXPECT_EQ(world.last.wake, world.life.told_at.value() + hours{4});

    EXPECT_EQ(told_in(world.later(hours{4}).does(Tick{})), AlertReason::repeated);
    world.looks(withheld(small_story(), SilenceReason::below_threshold));
    EXPECT_EQ(told_in(world.later(hours{4}).does(Tick{})), std::nullopt);
}

TEST(Life, RepeatsSoonerWhatGrowsFast)
{
    LifeWorld world;
    world.told();
    Look fast = small_story();
    fast.growth_per_hour = 300;
    world.looks(fast);

    EXPECT_EQ(world.life.repeat_at, world.life.told_at.value() + hours{1});
}

TEST(Life, TellsOfAWordOfSafetyAtOnceAndOfLawyersAndPressAfterTheInterval)
{
    Look safety = small_story();
    safety.safety = true;
    Look legal = small_story();
    legal.legal = true;
    Look press = small_story();
    press.press = true;

    LifeWorld world;
    world.told();
    EXPECT_EQ(told_in(world.later(seconds{1}).looks(safety)), AlertReason::safety_word);
    EXPECT_EQ(told_in(world.later(minutes{10}).looks(safety)), std::nullopt);

    for (const auto& [look, reason] :
         {std::pair{legal, AlertReason::legal_word}, std::pair{press, AlertReason::press}}) {
        LifeWorld other;
        other.told();
        EXPECT_EQ(told_in(other.later(seconds{1}).looks(look)), std::nullopt);
        EXPECT_EQ(told_in(other.later(minutes{5}).looks(look)), reason);
        EXPECT_EQ(told_in(other.later(minutes{5}).looks(look)), std::nullopt);
    }
}

// ---- Growth beyond the band.

TEST(Life, TellsOfGrowthBeyondTheBandOnceForEachBand)
{
    LifeWorld world;
    world.told();

    EXPECT_EQ(told_in(world.later(seconds{1}).looks(grown(small_story(), 40))), std::nullopt);
    EXPECT_EQ(told_in(world.later(seconds{1}).looks(grown(small_story(), 41))),
              AlertReason::outgrew);
    EXPECT_EQ(told_in(world.later(seconds{1}).looks(grown(small_story(), 123))), std::nullopt);
    EXPECT_EQ(told_in(world.later(seconds{1}).looks(grown(small_story(), 124))),
              AlertReason::outgrew);
}

TEST(Life, TellsWhenEvenTheForecastsLowEndIsBeyondTheBand)
{
    LifeWorld world;
    world.told();
    Look look = small_story();
    look.forecast = Band{41, 900};

    EXPECT_EQ(told_in(world.later(seconds{1}).looks(look)), AlertReason::outgrew);
}

TEST(Life, LetsNothingKeepGrowthBeyondTheBandBack)
{
    const Mutes all{.silence = "s1",
                    .silence_until = noon + days{30},
                    .inhibitor = "crisis",
                    .hours = "nights",
                    .hours_until = noon + days{3}};
    const Look small = withheld(small_story(), SilenceReason::below_threshold);
    for (const SilenceReason why : {SilenceReason::below_threshold, SilenceReason::not_a_complaint,
                                    SilenceReason::budget_spent}) {
        LifeWorld open;
        open.told().does(MutesChanged{all});
        EXPECT_EQ(told_in(open.looks(withheld(grown(small), why))), AlertReason::outgrew);

        LifeWorld taken;
        taken.told().taken_by("ann").does(MutesChanged{all});
        EXPECT_EQ(told_in(taken.looks(withheld(grown(small), why))), AlertReason::outgrew);
        EXPECT_EQ(taken.life.state, IncidentState::open);

        LifeWorld closed;
        closed.told().does(Resolve{"ann", Outcome::false_alarm});
        closed.does(MutesChanged{all});
        EXPECT_EQ(told_in(closed.later(days{20}).looks(withheld(grown(small), why))),
                  AlertReason::outgrew);
        EXPECT_EQ(closed.life.episode, 2u);
        EXPECT_EQ(closed.life.revision, 1u);
    }
}

TEST(Life, MeasuresGrowthAlsoWhereASilenceOrTheBudgetKeptTheFirstTellingBack)
{
    LifeWorld silenced;
    silenced.does(MutesChanged{{.silence = "s1", .silence_until = noon + days{1}}});
    silenced.looks(small_story());
    EXPECT_EQ(kept_back_in(silenced.later(seconds{30}).does(Tick{})), SilenceReason::silenced);
    EXPECT_EQ(told_in(silenced.looks(grown(small_story()))), AlertReason::outgrew);

    LifeWorld spent;
    spent.looks(withheld(small_story(), SilenceReason::budget_spent));
    EXPECT_EQ(told_in(spent.looks(withheld(grown(small_story()), SilenceReason::budget_spent))),
              AlertReason::outgrew);
}

TEST(Life, DoesNotCallAFewReactionsMoreGrowthBeyondANarrowForecast)
{
    Look look = small_story();
    look.reactions = 3;
    look.forecast = Band{3, 4};

    EXPECT_EQ(band_of(look), (Band{3, 23}));
    look.forecast.reset();
    look.reactions = 100;
    EXPECT_EQ(band_of(look), (Band{100, 150}));
}

// ---- Taken.

TEST(Acknowledged, IsLeftAloneInsideItsBand)
{
    LifeWorld world;
    world.told().taken_by("ann");
    const Step step = world.later(hours{1}).looks(with_severity(small_story(), Severity::error));

    EXPECT_EQ(told_in(step), std::nullopt);
    EXPECT_EQ(world.life.withheld, (Withheld{SilenceReason::acknowledged, "ann"}));
    EXPECT_EQ(step.wake, noon + seconds{30} + hours{8});
}

TEST(Acknowledged, PagesAgainWhenATripwireIsCrossed)
{
    const Look small = small_story();
    Look network = small;
    network.networks = {"chatter", "plaza"};
    Look language = small;
    language.languages = {"en", "fr"};
    Look safety = small;
    safety.safety = true;
    Look legal = small;
    legal.legal = true;
    Look press = small;
    press.press = true;
    for (const auto& [look, reason] : std::vector<std::pair<Look, AlertReason>>{
             {grown(small), AlertReason::outgrew},
             {network, AlertReason::new_network},
             {language, AlertReason::new_language},
             {safety, AlertReason::safety_word},
             {legal, AlertReason::legal_word},
             {press, AlertReason::press},
             {with_severity(small, Severity::critical), AlertReason::escalated}}) {
        LifeWorld world;
        world.told().taken_by("ann");
        const Step step = world.later(minutes{1}).looks(look);

        ASSERT_EQ(told_in(step), reason);
        EXPECT_EQ(act<Notify>(step)->owner, "ann");
        EXPECT_EQ(act<Notify>(step)->state, IncidentState::open);
        EXPECT_EQ(world.life.state, IncidentState::open);
        EXPECT_EQ(world.life.revision, 2u);
        EXPECT_FALSE(world.life.acknowledgement);
        EXPECT_EQ(told_in(world.later(minutes{1}).looks(look)), std::nullopt) << "twice";
    }
}

TEST(Acknowledged, KnowsWhatWasThereWhenItWasTaken)
{
    LifeWorld world;
    world.told();
    Look press = grown(small_story(), 40);
    press.press = true;
    press.networks = {"chatter", "plaza"};
    world.looks(press);
    world.taken_by("ann");

    EXPECT_EQ(told_in(world.looks(press)), std::nullopt);
    EXPECT_EQ(told_in(world.looks(grown(press, 119))), std::nullopt);
}

TEST(Acknowledged, PagesAgainWhenItsTimeIsOver)
{
    LifeWorld world;
    world.told().does(Acknowledge{"ann", "on it", world.now + hours{2}});
    EXPECT_EQ(world.last.wake, world.now + hours{2});
    EXPECT_EQ(told_in(world.later(minutes{119}).does(Tick{})), std::nullopt);

    const Step step = world.later(minutes{1}).does(Tick{});
    EXPECT_EQ(told_in(step), AlertReason::unowned);
    EXPECT_EQ(act<Notify>(step)->owner, "ann");
    EXPECT_EQ(world.life.state, IncidentState::open);
}

TEST(Acknowledged, PagesAgainWhenItIsGivenBack)
{
    LifeWorld world;
    world.told().taken_by("ann");

    EXPECT_EQ(told_in(world.does(Unacknowledge{"ann"})), AlertReason::unowned);
}

TEST(Acknowledged, OwesTheNewsOfALostOwnerUntilASilenceEnds)
{
    LifeWorld world;
    world.told().taken_by("ann").does(
        MutesChanged{{.silence = "s1", .silence_until = world.now + hours{9}}});
    const Step over = world.later(hours{8}).does(Tick{});

    EXPECT_EQ(told_in(over), std::nullopt);
    EXPECT_EQ(world.life.state, IncidentState::open);
    EXPECT_EQ(over.wake, world.now + hours{1});
    EXPECT_EQ(told_in(world.later(hours{1}).does(Tick{})), AlertReason::unowned);
}

TEST(Acknowledged, PassesToAnotherOwnerWithANewBand)
{
    LifeWorld world;
    world.told().taken_by("ann");
    world.looks(grown(small_story(), 39));
    const Step step = world.does(Acknowledge{"bob", "", world.now + hours{1}});

    EXPECT_EQ(act<StateChanged>(step)->by, "bob");
    EXPECT_EQ(world.life.acknowledgement->owner, "bob");
    EXPECT_EQ(world.life.band, (Band{39, 117}));
}

TEST(Acknowledged, IsTakenBeforeAnybodyWasTold)
{
    LifeWorld world;
    world.looks(small_story());
    world.taken_by("ann");

    EXPECT_EQ(told_in(world.later(hours{1}).does(Tick{})), std::nullopt);
    EXPECT_EQ(told_in(world.looks(grown(small_story()))), AlertReason::outgrew);
}

// ---- Nobody takes it.

Policy with_levels()
{
    Policy policy;
    policy.levels = 2;
    policy.escalate_after = {hours{0}, hours{2}, hours{1}, minutes{15}};
    return policy;
}

TEST(Escalation, GoesALevelUpEachTimeNobodyTakesItInTime)
{
    LifeWorld world(with_levels());
    world.told();
    EXPECT_EQ(world.last.wake, world.now + hours{2});
    EXPECT_EQ(act<Notify>(world.last)->level, 0u);

    Step step = world.later(hours{2}).does(Tick{});
    EXPECT_EQ(told_in(step), AlertReason::unanswered);
    EXPECT_EQ(act<Notify>(step)->level, 1u);
    step = world.later(hours{2}).does(Tick{});
    EXPECT_EQ(act<Notify>(step)->level, 2u);
    EXPECT_FALSE(world.life.escalate_at) << "there is no third level";
}

TEST(Escalation, ComesSoonerForAHigherSeverity)
{
    LifeWorld world(with_levels());
    world.told().later(minutes{30}).looks(with_severity(small_story(), Severity::critical));

    EXPECT_EQ(world.life.escalate_at, world.now + minutes{15});
}

TEST(Escalation, StopsWhenSomebodyTakesItAndBeginsAnewWhenTheyLoseIt)
{
    LifeWorld world(with_levels());
    world.told().later(hours{2}).does(Tick{});
    world.taken_by("ann");
    EXPECT_EQ(told_in(world.later(hours{3}).does(Tick{})), std::nullopt);

    world.does(Unacknowledge{"ann"});
    EXPECT_EQ(act<Notify>(world.last)->level, 0u);
    EXPECT_EQ(world.life.escalate_at, world.now + hours{2});
}

TEST(Escalation, LeavesACalmOneAlone)
{
    LifeWorld world(with_levels());
    world.told();
    for (int i = 0; i < 3; ++i) {
        world.later(minutes{10}).looks(withheld(small_story(), SilenceReason::below_threshold));
    }

    EXPECT_EQ(told_in(world.later(hours{2}).does(Tick{})), std::nullopt);
    EXPECT_EQ(told_in(world.looks(small_story())), AlertReason::unanswered);
}

TEST(Escalation, IsOffWhereNoTimeOrLevelIsGiven)
{
    LifeWorld world;
    world.policy.escalate_after = {hours{1}, hours{1}, hours{1}, hours{1}};
    world.told();
    EXPECT_FALSE(world.life.escalate_at);
}

// ---- Muted.

TEST(Muted, ByASilenceUntilItEnds)
{
    LifeWorld world;
    world.does(MutesChanged{{.silence = "s1", .silence_until = noon + hours{1}}});
    world.looks(small_story());
    const Step step = world.later(seconds{30}).does(Tick{});

    EXPECT_EQ(act<Withheld>(step), (Withheld{SilenceReason::silenced, "s1"}));
    EXPECT_EQ(step.wake, noon + hours{1});
    EXPECT_EQ(told_in(world.later(hours{1}).does(Tick{})), AlertReason::spreading);
}

TEST(Muted, ByACrisisWithTheSameCause)
{
    LifeWorld world;
    world.does(MutesChanged{{.inhibitor = "crisis"}});
    world.looks(small_story());

    EXPECT_EQ(act<Withheld>(world.later(seconds{30}).does(Tick{})),
              (Withheld{SilenceReason::inhibited, "crisis"}));
    EXPECT_EQ(told_in(world.does(MutesChanged{})), AlertReason::spreading);
}

TEST(Muted, AtNightAndToldInTheMorning)
{
    LifeWorld world;
    world.does(MutesChanged{{.hours = "nights", .hours_until = noon + hours{7}}});
    world.looks(small_story());

    EXPECT_EQ(act<Withheld>(world.later(seconds{30}).does(Tick{})),
              (Withheld{SilenceReason::mute_hours, "nights"}));
    EXPECT_EQ(world.last.wake, noon + hours{7});
    EXPECT_EQ(told_in(world.later(hours{7}).does(Tick{})), AlertReason::spreading);
}

TEST(Muted, NeverByHoursWhenItIsCriticalOrSomebodyIsInDanger)
{
    Look danger = small_story();
    danger.safety = true;
    for (const Look& look : {with_severity(small_story(), Severity::critical), danger}) {
        LifeWorld world;
        world.does(MutesChanged{{.hours = "nights", .hours_until = noon + hours{7}}});
        world.looks(look);
        world.later(seconds{30}).does(Tick{});
        EXPECT_EQ(world.life.revision, 1u);
    }
}

TEST(Muted, NeverByASilenceWhereSafetyOrTheLawIsSpokenOfOrGrowthMadeItCritical)
{
    Look danger = small_story();
    danger.safety = true;
    Look law = small_story();
    law.legal = true;
    for (const Look& look : {with_severity(small_story(), Severity::critical), danger, law}) {
        LifeWorld world;
        world.does(MutesChanged{
            {.silence = "s1", .silence_until = noon + hours{7}, .inhibitor = "crisis"}});
        world.looks(look);
        world.later(seconds{30}).does(Tick{});
        EXPECT_EQ(world.life.revision, 1u);
        EXPECT_EQ(told_in(world.later(hours{5}).does(Tick{})), std::nullopt) << "a repetition";
    }
}

TEST(Muted, ByASilenceWhenManyVoicesMadeItCritical)
{
    LifeWorld world;
    world.does(MutesChanged{{.silence = "s1", .silence_until = noon + hours{7}}});
    Look chorus = with_severity(small_story(), Severity::critical);
    chorus.tell = AlertReason::many_voices;

    EXPECT_EQ(kept_back_in(world.looks(chorus)), SilenceReason::silenced);
}

// ---- Resolved, and back.

TEST(Resolved, TellsTheEndToWhoWasToldAndOnlyOnce)
{
    struct Case {
        Event end;
        AlertReason reason;
        Outcome outcome;
    };
    Look gone;
    for (const Case& each :
         {Case{Faded{}, AlertReason::faded, Outcome::faded},
          Case{Deleted{}, AlertReason::source_deleted, Outcome::deleted},
          Case{Looked{gone}, AlertReason::source_deleted, Outcome::deleted},
          Case{Resolve{"ann", Outcome::answered}, AlertReason::closed, Outcome::answered}}) {
        LifeWorld world;
        world.told();
        const Step step = world.later(hours{1}).does(each.end);

        EXPECT_EQ(told_in(step), each.reason);
        EXPECT_EQ(act<Notify>(step)->state, IncidentState::resolved);
        EXPECT_EQ(act<Notify>(step)->revision, 2u);
        EXPECT_EQ(world.life.resolution->outcome, each.outcome);
        EXPECT_EQ(step.wake, std::nullopt);
        EXPECT_EQ(told_in(world.later(days{1}).does(Tick{})), std::nullopt);
        EXPECT_EQ(told_in(world.does(Faded{})), std::nullopt);
    }
}

TEST(Resolved, TellsWhenThePostsOfAClosedOneVanish)
{
    LifeWorld world;
    world.told().does(Resolve{"ann", Outcome::fixed});

    EXPECT_EQ(told_in(world.does(Deleted{})), AlertReason::source_deleted);
    EXPECT_EQ(told_in(world.does(Deleted{})), std::nullopt);
    EXPECT_EQ(world.life.resolution->outcome, Outcome::fixed);
}

TEST(Resolved, OpensAgainAsTheNextEpisodeForANewComplaintWithinTheWindow)
{
    LifeWorld world;
    world.told().does(Faded{});
    Look another = small_story();
    another.complaints = another.mentions = 2;
    const Step step = world.later(hours{47}).looks(another);

    EXPECT_EQ(act<StateChanged>(step),
              (StateChanged{IncidentState::resolved, IncidentState::open, 2, ""}));
    EXPECT_EQ(world.life.revision, 0u);
    EXPECT_EQ(told_in(world.later(seconds{30}).does(Tick{})), AlertReason::reopened);
    EXPECT_EQ(world.life.revision, 1u);
    EXPECT_EQ(world.life.episode, 2u);
}

TEST(Resolved, OpensWithoutAWordForASmallNewComplaint)
{
    LifeWorld world;
    world.told().does(Faded{});
    Look another = withheld(small_story(), SilenceReason::below_threshold);
    another.complaints = another.mentions = 2;
    world.later(hours{1}).looks(another);

    EXPECT_EQ(world.life.state, IncidentState::open);
    EXPECT_EQ(told_in(world.later(hours{1}).does(Tick{})), std::nullopt);
}

TEST(Resolved, StaysResolvedAfterTheWindow)
{
    LifeWorld world;
    world.told().does(Faded{});
    Look another = small_story();
    another.complaints = another.mentions = 2;
    world.later(hours{49}).looks(another);

    EXPECT_EQ(world.life.state, IncidentState::resolved);
}

TEST(Resolved, ByHandStaysSoForWhatItsCloserCouldHaveKnown)
{
    LifeWorld world;
    world.told().does(Resolve{"ann", Outcome::not_about_us});
    Look another = small_story();
    another.complaints = another.mentions = 5;
    const Step step = world.later(hours{1}).looks(another);

    EXPECT_EQ(world.life.state, IncidentState::resolved);
    EXPECT_EQ(act<Withheld>(step), (Withheld{SilenceReason::closed_by_hand, "ann"}));
}

TEST(Resolved, ByHandOpensForSomethingWorseOrNewAtWarningOrAbove)
{
    Look network = small_story();
    network.networks = {"chatter", "plaza"};
    Look small_network = withheld(network, SilenceReason::below_threshold);
    const auto opens = [](const Look& look) {
        LifeWorld world;
        world.told().does(Resolve{"ann", Outcome::fixed});
        world.later(hours{1}).looks(look);
        return world.life.state == IncidentState::open;
    };

    EXPECT_TRUE(opens(with_severity(small_story(), Severity::error)));
    EXPECT_TRUE(opens(network));
    EXPECT_FALSE(opens(small_network));
    EXPECT_FALSE(opens(small_story()));
}

TEST(Resolved, OpensForDangerAndForANewCriticalWhenever)
{
    Look danger = withheld(small_story(), SilenceReason::below_threshold);
    danger.safety = true;
    for (const Look& look : {with_severity(small_story(), Severity::critical), danger}) {
        LifeWorld world;
        world.told().does(Resolve{"ann", Outcome::false_alarm});
        world.later(days{30}).looks(look);
        EXPECT_EQ(world.life.state, IncidentState::open);
    }
}

TEST(Resolved, IsOpenedByHandAndTold)
{
    LifeWorld world;
    world.told().does(Resolve{"ann", Outcome::fixed});
    const Step step = world.does(Reopen{"bob"});

    EXPECT_EQ(told_in(step), AlertReason::reopened);
    EXPECT_EQ(act<StateChanged>(step)->by, "bob");
    EXPECT_EQ(act<Notify>(step)->episode, 2u);
    EXPECT_EQ(act<Notify>(step)->revision, 1u);
}

TEST(Resolved, TakesACorrectionOfItsOutcome)
{
    LifeWorld world;
    world.told().does(Faded{});
    const Step step = world.does(Resolve{"ann", Outcome::false_alarm});

    EXPECT_EQ(step.refused, "");
    EXPECT_EQ(told_in(step), std::nullopt);
    EXPECT_EQ(world.life.resolution->outcome, Outcome::false_alarm);
    EXPECT_EQ(world.life.resolution->by, "ann");
}

// ---- Bad input.

TEST(Life, RefusesCommandsThatMakeNoSenseAndSaysWhy)
{
    const auto refusal = [](LifeWorld world, const Event& event) {
        const Life before = world.life;
        const Step step = world.does(event);
        EXPECT_TRUE(step.life == before);
        EXPECT_TRUE(step.acts.empty());
        return step.refused;
    };
    LifeWorld open;
    open.told().does(Tick{});
    LifeWorld closed = open;
    closed.does(Resolve{"ann", Outcome::fixed});

    EXPECT_EQ(refusal(open, Acknowledge{"", "", {}}), "owner is missing");
    EXPECT_EQ(refusal(open, Acknowledge{"ann", "", open.now}), "until is not later than now");
    EXPECT_EQ(refusal(closed, Acknowledge{"ann", "", {}}), "it is resolved: reopen it first");
    EXPECT_EQ(refusal(open, Unacknowledge{"ann"}), "nobody has taken it");
    EXPECT_EQ(refusal(open, Unacknowledge{""}), "by is missing");
    EXPECT_EQ(refusal(open, Resolve{"", Outcome::fixed}), "by is missing");
    EXPECT_EQ(refusal(open, Reopen{"ann"}), "it is not resolved");
    EXPECT_EQ(refusal(closed, Reopen{""}), "by is missing");
}

TEST(Life, GoesOnInTimeAlsoWhereACommandIsRefused)
{
    LifeWorld world;
    world.looks(small_story());
    const Step step = world.later(seconds{30}).does(Reopen{"ann"});

    EXPECT_NE(step.refused, "");
    EXPECT_EQ(told_in(step), AlertReason::spreading);
}

TEST(Life, SurvivesFiguresThatAreNoNumbers)
{
    const double nan = std::nan("");
    const double infinite = std::numeric_limits<double>::infinity();
    for (const double bad : {nan, infinite, -infinite, -5.0}) {
        LifeWorld world;
        world.told();
        Look look = small_story();
        look.reactions = look.growth_per_hour = look.score = bad;
        look.forecast = Band{bad, bad};
        world.later(seconds{1}).looks(look);
        EXPECT_EQ(world.life, world.life) << "no part may be unequal to itself";
        EXPECT_EQ(told_in(world.looks(grown(small_story()))), AlertReason::outgrew);
    }
}

TEST(Life, ScalesWaitsByGrowthWithinBounds)
{
    const milliseconds wait{60'000};

    EXPECT_EQ(scaled(wait, 0), wait);
    EXPECT_EQ(scaled(wait, 100), wait / 2);
    EXPECT_EQ(scaled(wait, 900), wait / 10);
    EXPECT_EQ(scaled(wait, 1e12), wait / 10);
    EXPECT_EQ(scaled(wait, -50), wait);
    EXPECT_EQ(scaled(wait, std::nan("")), wait);
}

TEST(Life, BeginsWhereAStoredIncidentStands)
{
    Incident incident;
    incident.revision = 2;
    incident.severity = Severity::error;
    incident.networks = {"chatter"};
    LifeWorld world;
    world.life = life_of(incident, noon);

    EXPECT_EQ(told_in(world.looks(small_story())), std::nullopt);
    EXPECT_EQ(told_in(world.looks(grown(small_story()))), AlertReason::outgrew);
    EXPECT_EQ(world.life.revision, 3u);
    write_to(world.life, incident);
    EXPECT_EQ(incident.revision, 3u);
    EXPECT_EQ(incident.severity, Severity::error);

    incident.state = IncidentState::resolved;
    incident.last_at = noon;
    world.life = life_of(incident, noon);
    world.looks(small_story());
    EXPECT_EQ(told_in(world.looks(grown(small_story()))), AlertReason::outgrew);
}

TEST(Look, IsWhatADecisionWouldBeIfNobodyKnewYet)
{
    Incident incident;
    incident.complaints = incident.mentions = 3;
    incident.outlook.rate_per_hour = 900;
    incident.reactions = 120;
    incident.networks = {"chatter"};
    incident.revision = 2;
    incident.severity = Severity::critical;
    incident.state = IncidentState::acknowledged;
    const Look look = look_at(incident, {.certainty = 0.9F, .voices = 3}, {});

    EXPECT_EQ(look.withhold, std::nullopt);
    EXPECT_EQ(look.tell, AlertReason::spreading);
    EXPECT_EQ(look.reactions, 120);
    EXPECT_EQ(look.mentions, 3u);

    incident.complaints = 0;
    EXPECT_EQ(look_at(incident, {}, {}).withhold, SilenceReason::not_a_complaint);
}

} // namespace
} // namespace empathd::analysis

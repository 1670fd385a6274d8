#include "analysis/decision/inhibition.hpp"

#include "tests/analysis/decision/life_world.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace empathd::analysis {
namespace {

using testing::noon;

Inhibitable a_child()
{
    return {.id = "child",
            .brand = "Acme",
            .cause = "no_interaction",
            .severity = Severity::error,
            .opened_at = noon};
}

Inhibitable a_crisis(const std::string& id = "crisis")
{
    Inhibitable crisis = a_child();
    crisis.id = id;
    crisis.severity = Severity::critical;
    crisis.score = 90;
    crisis.told = true;
    crisis.brand_wide = true;
    return crisis;
}

std::optional<std::string> inhibitor(const Inhibitable& child,
                                     const std::vector<Inhibitable>& others)
{
    return inhibitor_of(child, others);
}

TEST(Inhibition, LetsACrisisStandForItsChildren)
{
    EXPECT_EQ(inhibitor(a_child(), {a_child(), a_crisis()}), "crisis");
    Inhibitable taken = a_crisis();
    taken.state = IncidentState::acknowledged;
    EXPECT_EQ(inhibitor(a_child(), {taken}), "crisis");
}

TEST(Inhibition, NeedsTheSameBrandAndAKnownCause)
{
    Inhibitable other_brand = a_child();
    other_brand.brand = "Bolt";
    Inhibitable other_cause = a_child();
    other_cause.cause = "staff";
    Inhibitable unknown = a_child();
    unknown.cause.clear();
    Inhibitable unknown_crisis = a_crisis();
    unknown_crisis.cause.clear();

    EXPECT_EQ(inhibitor(other_brand, {a_crisis()}), std::nullopt);
    EXPECT_EQ(inhibitor(other_cause, {a_crisis()}), std::nullopt);
    EXPECT_EQ(inhibitor(unknown, {unknown_crisis}), std::nullopt);
}

TEST(Inhibition, NeverHoldsBackDangerTheLawOrWhatOutgrewItsBand)
{
    for (bool Inhibitable::*const sign :
         {&Inhibitable::safety, &Inhibitable::legal, &Inhibitable::outgrew}) {
        Inhibitable child = a_child();
        child.*sign = true;
        EXPECT_EQ(inhibitor(child, {a_crisis()}), std::nullopt);
    }
}

TEST(Inhibition, IsOnlyByWhatIsCriticalBrandWideToldAndNotOver)
{
    Inhibitable small = a_crisis();
    small.severity = Severity::error;
    Inhibitable local = a_crisis();
    local.brand_wide = false;
    Inhibitable untold = a_crisis();
    untold.told = false;
    Inhibitable over = a_crisis();
    over.state = IncidentState::resolved;

    EXPECT_EQ(inhibitor(a_child(), {small, local, untold, over}), std::nullopt);
}

TEST(Inhibition, LetsNoTwoCrisesKeepEachOtherQuiet)
{
    EXPECT_EQ(inhibitor(a_crisis("a"), {a_crisis("a"), a_crisis("b")}), std::nullopt);
}

TEST(Inhibition, ChoosesTheHighestScoreThenTheEarliestThenById)
{
    Inhibitable best = a_crisis("z");
    best.score = 95;
    Inhibitable early = a_crisis("y");
    early.opened_at = noon - std::chrono::hours{1};

    EXPECT_EQ(inhibitor(a_child(), {a_crisis("b"), early, best}), "z");
    EXPECT_EQ(inhibitor(a_child(), {a_crisis("b"), early}), "y");
    EXPECT_EQ(inhibitor(a_child(), {a_crisis("b"), a_crisis("a")}), "a");
}

} // namespace
} // namespace empathd::analysis

#include "daemon/notify/confirmation.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

// One group's view of one entry.
constexpr GroupFacts acknowledged{.witnessed = true, .reached = true, .pending = false};
constexpr GroupFacts pending{.witnessed = true, .reached = true, .pending = true};
constexpr GroupFacts not_yet{.witnessed = true, .reached = false, .pending = false};
constexpr GroupFacts made_again_at_zero{.witnessed = false, .reached = false, .pending = false};
constexpr GroupFacts made_again_at_end{.witnessed = false, .reached = true, .pending = false};
constexpr GroupFacts made_again_and_pending{.witnessed = false, .reached = true, .pending = true};
constexpr GroupFacts gone{};

struct Case {
    const char* name;
    bool present;
    bool same_server;
    bool in_reach;
    bool cut_off;
    std::vector<GroupFacts> groups;
    Verdict verdict;
};

class Judgement : public ::testing::TestWithParam<Case> {};

TEST_P(Judgement, IsRight)
{
    const Case& c = GetParam();

    EXPECT_EQ(judge({c.present, c.same_server, c.in_reach, c.cut_off, c.groups}), c.verdict);
}

constexpr bool there = true, vanished = false;
constexpr bool same = true, restarted = false;
constexpr bool reach = true, short_of_it = false;
constexpr bool cut = true, whole = false; // "whole": no sign that its beginning was trimmed away.

INSTANTIATE_TEST_SUITE_P(
    Entries, Judgement,
    ::testing::Values(
        // As it goes.
        Case{"Fresh", there, same, reach, whole, {not_yet}, Verdict::under_way},
        Case{"InWork", there, same, reach, whole, {pending}, Verdict::under_way},
        Case{"Acknowledged", there, same, reach, whole, {acknowledged}, Verdict::acknowledged},
        Case{"ByOneOfTwo", there, same, reach, whole, {acknowledged, not_yet}, Verdict::under_way},
        Case{"ByOneWhileTheOtherWorks",
             there,
             same,
             reach,
             whole,
             {pending, acknowledged},
             Verdict::under_way},
        Case{"ByBoth",
             there,
             same,
             reach,
             whole,
             {acknowledged, acknowledged},
             Verdict::acknowledged},
        // Trimmed or deleted, by anyone.
        Case{"AcknowledgedThenDeletedByItsConsumer",
             vanished,
             same,
             reach,
             whole,
             {acknowledged},
             Verdict::acknowledged},
        Case{"DeletedByTheFirstGroupsConsumer",
             vanished,
             same,
             reach,
             whole,
             {acknowledged, pending},
             Verdict::add_again},
        Case{"TrimmedSoThatNobodyKnowsWhetherBeforeOrAfter",
             vanished,
             same,
             reach,
             cut,
             {acknowledged},
             Verdict::add_again},
        Case{"AcknowledgedAndOldestOfAll",
             there,
             same,
             reach,
             cut,
             {acknowledged},
             Verdict::acknowledged},
        Case{"TrimmedBeforeDelivery", vanished, same, reach, cut, {not_yet}, Verdict::add_again},
        Case{"TrimmedWhileInWork", vanished, same, reach, cut, {pending}, Verdict::add_again},
        Case{"TrimmedBeforeTheSecondGroup",
             vanished,
             same,
             reach,
             cut,
             {acknowledged, not_yet},
             Verdict::add_again},
        // FLUSHALL, DEL, an empty restart: the groups of then are gone with the stream.
        Case{"FlushedAndGroupsGone", vanished, same, short_of_it, cut, {gone}, Verdict::add_again},
        Case{"FlushedAndGroupMadeAgain",
             vanished,
             same,
             short_of_it,
             cut,
             {made_again_at_zero},
             Verdict::add_again},
        Case{"FlushedAndNewIdsHavePassed",
             vanished,
             same,
             reach,
             cut,
             {made_again_at_end},
             Verdict::add_again},
        Case{"EmptyRestart",
             vanished,
             restarted,
             short_of_it,
             cut,
             {made_again_at_zero},
             Verdict::add_again},
        Case{"IdsShortOfOursAreAnotherStream",
             vanished,
             same,
             short_of_it,
             cut,
             {acknowledged},
             Verdict::add_again},
        // Restarted or failed over to older data, whose groups and witnesses are of old as well.
        Case{"OlderData", vanished, restarted, short_of_it, cut, {not_yet}, Verdict::add_again},
        Case{"OlderDataAndNewIdsHavePassed",
             vanished,
             restarted,
             reach,
             cut,
             {acknowledged},
             Verdict::add_again},
        Case{
            "WholeDataAfterRestart", there, restarted, reach, whole, {not_yet}, Verdict::under_way},
        Case{"WholeDataAndAcknowledged",
             there,
             restarted,
             reach,
             whole,
             {acknowledged},
             Verdict::acknowledged},
        Case{"WholeDataAndInWork", there, restarted, reach, whole, {pending}, Verdict::under_way},
        // The group was destroyed.
        Case{"GroupGone", there, same, reach, whole, {gone}, Verdict::under_way},
        Case{"GroupMadeAgainAtZero",
             there,
             same,
             reach,
             whole,
             {made_again_at_zero},
             Verdict::under_way},
        Case{"GroupMadeAgainAndInWork",
             there,
             same,
             reach,
             whole,
             {made_again_and_pending},
             Verdict::under_way},
        Case{"GroupMadeAgainPastIt",
             there,
             same,
             reach,
             whole,
             {made_again_at_end},
             Verdict::add_again},
        Case{"OneOfTwoMadeAgainPastIt",
             there,
             same,
             reach,
             whole,
             {pending, made_again_at_end},
             Verdict::add_again},
        Case{"OneDoneTheOtherMadeAgainAtZero",
             there,
             same,
             reach,
             whole,
             {acknowledged, made_again_at_zero},
             Verdict::under_way},
        Case{"GroupMadeAgainAndEntryVanished",
             vanished,
             same,
             reach,
             cut,
             {made_again_at_zero},
             Verdict::add_again}),
    [](const auto& test) { return test.param.name; });

/// The two promises, over every combination of facts of two groups: nothing is called done without
/// every group's own proof, and what is left waiting is there and will reach every group.
TEST(Judgement, NeverLosesOverAllCombinations)
{
    const auto group_of = [](unsigned bits) {
        return GroupFacts{(bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0};
    };
    for (unsigned bits = 0; bits < 1024; ++bits) {
        const EntryFacts facts{(bits & 64U) != 0,
                               (bits & 128U) != 0,
                               (bits & 256U) != 0,
                               (bits & 512U) != 0,
                               {group_of(bits & 7U), group_of((bits >> 3U) & 7U)}};
        const Verdict verdict = judge(facts);
        for (const GroupFacts& group : facts.groups) {
            if (verdict == Verdict::acknowledged) {
                EXPECT_TRUE(group.witnessed && group.reached && !group.pending) << bits;
                EXPECT_TRUE(facts.present || (facts.same_server && !facts.cut_off)) << bits;
            }
            if (verdict == Verdict::under_way) {
                EXPECT_TRUE(facts.present) << bits;
                EXPECT_TRUE(group.witnessed || !group.reached || group.pending) << bits;
            }
        }
    }
}

TEST(EntryIds, AreReadAndOrdered)
{
    EXPECT_EQ(parse_entry_id("1714567890123-4"), (EntryId{1714567890123, 4}));
    EXPECT_LT(*parse_entry_id("9-9"), *parse_entry_id("10-0"));
    EXPECT_LT(*parse_entry_id("9-9"), *parse_entry_id("9-10"));
    for (const char* const bad : {"", "-", "1", "1-", "-1", "1-2-3", "a-1", "1-b", "+1-1",
                                  "99999999999999999999-0", " 1-1", "1-1 "}) {
        EXPECT_FALSE(parse_entry_id(bad)) << bad;
    }
}

TEST(RedisReceipts, AreReadBackAsWritten)
{
    const RedisReceipt full{"1-0", "run/data", "empathd-witness-1"};
    const RedisReceipt bare{.entry = "1-0"};

    EXPECT_EQ(to_text(full), "1-0 run/data empathd-witness-1");
    EXPECT_EQ(parse_redis_receipt(to_text(full)), full);
    EXPECT_EQ(to_text(bare), "1-0");
    EXPECT_EQ(parse_redis_receipt("1-0"), bare);
    for (const char* const bad : {"", "x", "1-0 ", "1-0 server", "1-0  witness", "1-0 server ",
                                  "x server witness", "1-0 server witness more"}) {
        EXPECT_FALSE(parse_redis_receipt(bad)) << bad;
    }
}

} // namespace
} // namespace empathd

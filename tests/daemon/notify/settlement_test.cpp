#include "daemon/notify/settlement.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using Receipts = std::vector<Result<std::string>>;

constexpr TimePoint now{1'000'000s};

OutboxRow row(std::int64_t id, std::uint32_t attempts = 0)
{
    return {.id = id, .attempts = attempts, .receipt = "old"};
}

Error error(ErrorKind kind, std::uint32_t retry_after_s = 0)
{
    return {kind, "trouble", retry_after_s};
}

/// Like Redis with groups.
Settlement patient()
{
    return {"redis", {.awaits_confirmation = true, .outlasts_outages = true}};
}
/// Like a webhook.
Settlement impatient()
{
    return {"hook", {}};
}

TEST(Settlement, ClosesWhatASinkWithoutAcknowledgementTook)
{
    Settlement settlement = impatient();

    const auto updates = settlement.after_delivery({row(1, 3)}, {std::string("200")}, now);

    ASSERT_EQ(updates.size(), 1u);
    EXPECT_EQ(updates[0].state, OutboxState::closed);
    EXPECT_EQ(updates[0].attempts, 4u);
    EXPECT_EQ(updates[0].receipt, "200");
    EXPECT_EQ(settlement.status().closed, 1u);
}

TEST(Settlement, PublishesWhatAwaitsAcknowledgement)
{
    Settlement settlement = patient();

    const auto updates = settlement.after_delivery({row(1)}, {std::string("1-0")}, now);

    ASSERT_EQ(updates.size(), 1u);
    EXPECT_EQ(updates[0].state, OutboxState::published);
    EXPECT_EQ(updates[0].receipt, "1-0");
    EXPECT_EQ(settlement.status().closed, 0u);
    EXPECT_EQ(settlement.status().delivered, 1u);
}

TEST(Settlement, LetsABadRowWaitAloneWhileTheOthersGo)
{
    Settlement settlement = patient();

    const auto updates = settlement.after_delivery(
        {row(1), row(2), row(3)},
        {std::string("1-0"), error(ErrorKind::malformed), std::string("1-1")}, now);

    ASSERT_EQ(updates.size(), 3u);
    EXPECT_EQ(updates[0].state, OutboxState::published);
    EXPECT_EQ(updates[1].state, OutboxState::waiting);
    EXPECT_EQ(updates[1].attempts, 1u);
    EXPECT_GE(updates[1].next_at, now + 500ms);
    EXPECT_EQ(updates[1].error, "trouble");
    EXPECT_EQ(updates[2].state, OutboxState::published);
    EXPECT_FALSE(settlement.troubled());
    EXPECT_TRUE(settlement.status().connected);
    EXPECT_EQ(settlement.next_retry(now + 1h), updates[1].next_at);
}

class SettlementOutage : public ::testing::TestWithParam<ErrorKind> {};

TEST_P(SettlementOutage, LeavesTheRowsAsTheyAreHoweverLongItLasts)
{
    Settlement settlement = patient();
    TimePoint at = now;
    for (int hours = 0; hours < 24 * 10; ++hours) {
        const auto updates =
            settlement.after_delivery({row(1, 5'000), row(2)}, Receipts(2, error(GetParam())), at);

        EXPECT_TRUE(updates.empty());
        EXPECT_GT(settlement.held_until(), at);
        EXPECT_LE(settlement.held_until(), at + 5s);
        at += 1h;
    }
    EXPECT_FALSE(settlement.status().connected);
    EXPECT_EQ(settlement.status().outages, 240u);
    EXPECT_EQ(settlement.status().errors.at(static_cast<std::size_t>(GetParam())), 240u);
    EXPECT_EQ(settlement.status().quarantined, 0u);
}

INSTANTIATE_TEST_SUITE_P(Kinds, SettlementOutage,
                         ::testing::Values(ErrorKind::unavailable, ErrorKind::unauthorized,
                                           ErrorKind::rate_limited, ErrorKind::invalid_config),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(Settlement, SaysOnceThatASinkIsBack)
{
    Settlement settlement = patient();
    const auto none = settlement.after_delivery({row(1)}, {error(ErrorKind::unavailable)}, now);
    EXPECT_TRUE(none.empty());
    EXPECT_FALSE(settlement.take_recovered());

    const auto updates = settlement.after_delivery({row(1)}, {std::string("1-0")}, now + 6s);

    EXPECT_EQ(updates.size(), 1u);
    EXPECT_TRUE(settlement.status().connected);
    EXPECT_EQ(settlement.status().last_error, "trouble") << "it stays to be read";
    EXPECT_TRUE(settlement.take_recovered());
    EXPECT_FALSE(settlement.take_recovered());
}

TEST(Settlement, TellsABadRowFromABadSinkInTheSameLot)
{
    Settlement settlement = patient();

    const auto updates = settlement.after_delivery(
        {row(1), row(2)}, {error(ErrorKind::malformed), error(ErrorKind::unavailable)}, now);

    ASSERT_EQ(updates.size(), 1u) << "the second is the sink's fault and stays as it is";
    EXPECT_EQ(updates[0].id, 1);
    EXPECT_GT(settlement.held_until(), now);
}

TEST(Settlement, TriesRowsAgainThatWereCutOffInTheMiddle)
{
    Settlement settlement = patient();

    const auto updates = settlement.after_delivery(
        {row(1), row(2, 3'000)}, {std::string("1-0"), error(ErrorKind::unavailable)}, now);

    ASSERT_EQ(updates.size(), 2u);
    EXPECT_EQ(updates[0].state, OutboxState::published);
    EXPECT_EQ(updates[1].state, OutboxState::waiting) << "an outage never counts toward giving up";
    EXPECT_TRUE(settlement.troubled());
}

TEST(Settlement, GivesUpARowThatASinkRefusesForADay)
{
    Settlement settlement = patient();
    TimePoint at = now;
    for (std::uint32_t attempts = 0;; ++attempts) {
        ASSERT_LT(attempts, 5'000u);
        const auto updates =
            settlement.after_delivery({row(1, attempts)}, {error(ErrorKind::malformed)}, at);
        ASSERT_EQ(updates.size(), 1u);
        if (updates[0].state == OutboxState::quarantined) {
            break;
        }
        at = updates[0].next_at;
    }
    EXPECT_GT(at, now + 23h);
    EXPECT_LT(at, now + 25h);
    EXPECT_EQ(settlement.status().quarantined, 1u);
    EXPECT_EQ(settlement.next_retry(at + 99h), at + 99h) << "it is forgotten";
}

TEST(Settlement, CountsAnImpatientSinksOutageAgainstTheRow)
{
    Settlement settlement = impatient();

    const auto first = settlement.after_delivery({row(1)}, {error(ErrorKind::unavailable)}, now);
    const auto last =
        settlement.after_delivery({row(1, 50)}, {error(ErrorKind::unavailable)}, now + 24h);

    ASSERT_EQ(first.size(), 1u);
    EXPECT_EQ(first[0].state, OutboxState::waiting);
    EXPECT_EQ(first[0].attempts, 1u);
    EXPECT_EQ(settlement.held_until(), TimePoint{}) << "the other rows are not to wait";
    ASSERT_EQ(last.size(), 1u);
    EXPECT_EQ(last[0].state, OutboxState::quarantined);
}

TEST(Settlement, HoldsAReceiverThatAsksForPatience)
{
    Settlement settlement = impatient();

    const auto updates =
        settlement.after_delivery({row(1)}, {error(ErrorKind::rate_limited, 300)}, now);

    ASSERT_EQ(updates.size(), 1u);
    EXPECT_EQ(updates[0].next_at, now + 300s);
    EXPECT_EQ(settlement.held_until(), now + 300s);
}

TEST(Settlement, CompletesWhatConfirmationLeavesOpen)
{
    Settlement settlement = patient();
    const std::vector<OutboxRow> rows{row(1, 1), row(2, 4), row(3, 2)};
    std::vector<OutboxUpdate> updates{{.id = 2, .state = OutboxState::waiting},
                                      {.id = 1, .state = OutboxState::waiting},
                                      {.id = 3, .state = OutboxState::closed, .receipt = "r"}};

    settlement.after_confirmation(rows, updates, now);

    EXPECT_EQ(updates[0].attempts, 4u);
    EXPECT_EQ(updates[0].next_at, now + 120s) << "vanished again and again: 30 s, 60 s, 120 s";
    EXPECT_FALSE(updates[0].error.empty());
    EXPECT_EQ(updates[1].next_at, now) << "vanished once: at once";
    EXPECT_EQ(updates[2].attempts, 2u);
    EXPECT_TRUE(updates[2].error.empty());
    EXPECT_EQ(settlement.status().added_again, 2u);
    EXPECT_EQ(settlement.status().closed, 1u);
}

TEST(Settlement, AsksADeadSinkForConfirmationEverMoreSeldom)
{
    Settlement settlement = patient();
    TimePoint next{};
    for (int i = 0; i < 10; ++i) {
        next = settlement.after_failed_confirmation(error(ErrorKind::unavailable), now);
    }

    EXPECT_GE(next, now + 2'500ms);
    EXPECT_LE(next, now + 5s);
    EXPECT_FALSE(settlement.status().connected);
    std::vector<OutboxUpdate> none;
    settlement.after_confirmation({}, none, now);
    EXPECT_TRUE(settlement.status().connected);
}

} // namespace
} // namespace empathd

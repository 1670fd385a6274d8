#include "daemon/notify/outbox.hpp"

#include "tests/support/failing_store.hpp"
#include "tests/support/fake_sink.hpp"
#include "tests/support/outbox_world.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using testing::FailingStore;
using testing::FakeSink;
using testing::OutboxWorld;
using Keys = std::vector<std::string>;

class Outboxes : public ::testing::Test {
protected:
    OutboxWorld world{{"fake", "other"}};
    FakeSink sink;
};

TEST_F(Outboxes, DeliverInTheOrderOfTheAlertsAndClose)
{
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"a", "b"});
    world.raise({"c"});

    const TimePoint next = world.settle(outbox);

    EXPECT_EQ(sink.taken, (Keys{"a", "b", "c"}));
    EXPECT_EQ(sink.batches.size(), 1u);
    EXPECT_EQ(world.counts("fake").closed, 3u);
    EXPECT_EQ(world.counts("other").waiting, 3u) << "the other sink's rows are its own";
    EXPECT_EQ(next, world.clock.now() + 5s);
    EXPECT_EQ(outbox.status().delivered, 3u);
    EXPECT_TRUE(outbox.status().connected);
}

TEST_F(Outboxes, DeliverABacklogLargerThanALot)
{
    OutboxOptions options;
    options.due_rows_max = 7;
    Outbox outbox(options, sink, world.gate, world.clock);
    Keys keys;
    for (int i = 100; i < 150; ++i) {
        keys.push_back("key" + std::to_string(i));
    }
    world.raise(keys);

    world.settle(outbox);

    EXPECT_EQ(sink.taken, keys);
    EXPECT_EQ(world.counts("fake").closed, 50u);
}

TEST_F(Outboxes, LetABadRowBlockNobody)
{
    sink.patient = true;
    sink.failures.emplace("bad", Error{ErrorKind::malformed, "cannot"});
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"bad", "good"});

    const TimePoint next = world.settle(outbox);

    EXPECT_EQ(sink.taken, Keys{"good"});
    EXPECT_EQ(world.counts("fake").waiting, 1u);
    EXPECT_LE(next, world.clock.now() + 1s) << "it is tried again in time";
    ASSERT_EQ(world.waiting("fake").size(), 1u);
    EXPECT_EQ(world.waiting("fake")[0].attempts, 1u);

    sink.failures.clear();
    world.settle_after(outbox, 1s);

    EXPECT_EQ(world.counts("fake").closed, 2u);
}

TEST_F(Outboxes, TryNewRowsBeforeThoseThatFailed)
{
    sink.batch = 1;
    sink.failures.emplace("bad", Error{ErrorKind::unavailable, "500"});
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"bad"});
    world.settle(outbox);
    world.raise({"new"});

    world.settle_after(outbox, 10s);

    ASSERT_EQ(sink.batches.size(), 3u);
    EXPECT_EQ(sink.batches[1], Keys{"new"});
    EXPECT_EQ(sink.batches[2], Keys{"bad"});
}

TEST_F(Outboxes, QuarantineARowThatFailedForADay)
{
    sink.failures.emplace("bad", Error{ErrorKind::unavailable, "500"});
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"bad", "good"});

    for (int minutes = 0; minutes < 24 * 60 + 2; ++minutes) {
        world.settle_after(outbox, 1min);
    }

    EXPECT_EQ(world.counts("fake").quarantined, 1u);
    EXPECT_EQ(world.counts("fake").closed, 1u);
    EXPECT_EQ(outbox.status().quarantined, 1u);
}

TEST_F(Outboxes, LoseNothingWhileAPatientSinkIsDownForDays)
{
    sink.patient = true;
    sink.failures.emplace("", Error{ErrorKind::unavailable, "redis is down"});
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"a", "b"});
    for (int hours = 0; hours < 24 * 5; ++hours) {
        world.settle_after(outbox, 1h);
    }
    EXPECT_GE(outbox.status().outages, 100u);
    EXPECT_EQ(outbox.status().last_error, "redis is down");
    EXPECT_FALSE(outbox.status().connected);
    ASSERT_EQ(world.waiting("fake").size(), 2u);
    EXPECT_EQ(world.waiting("fake")[0].attempts, 0u) << "the rows were not touched";

    sink.failures.clear();
    world.settle_after(outbox, 5s);

    EXPECT_EQ(sink.taken, (Keys{"a", "b"}));
    EXPECT_TRUE(outbox.status().connected);
}

TEST_F(Outboxes, AskADeadSinkSeldomAndWithFewRows)
{
    sink.patient = true;
    sink.failures.emplace("", Error{ErrorKind::unavailable, "down"});
    OutboxOptions options;
    options.probe_rows_max = 2;
    Outbox outbox(options, sink, world.gate, world.clock);
    world.raise({"a", "b", "c"});

    for (int seconds = 0; seconds < 60; ++seconds) {
        world.settle_after(outbox, 1s);
    }

    EXPECT_LE(sink.batches.size(), 25u);
    EXPECT_GE(sink.batches.size(), 10u);
    EXPECT_EQ(sink.batches.front().size(), 3u);
    EXPECT_EQ(sink.batches.back().size(), 2u);
}

TEST_F(Outboxes, KeepRowsPublishedUntilTheyAreConfirmed)
{
    sink.with_confirmation = true;
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"a", "b"});
    world.settle(outbox);
    EXPECT_EQ(world.counts("fake").published, 2u);

    sink.acknowledged = {"b"};
    world.settle_after(outbox, 30s);

    EXPECT_EQ(world.counts("fake").published, 1u);
    EXPECT_EQ(world.counts("fake").closed, 1u);
    EXPECT_EQ(outbox.status().rows.published, 1u);
    EXPECT_EQ(sink.taken.size(), 2u);
}

TEST_F(Outboxes, DeliverAgainWhatHasVanished)
{
    sink.with_confirmation = true;
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"a", "b"});
    world.settle(outbox);

    sink.vanished = {"a"};
    world.settle_after(outbox, 30s);

    EXPECT_EQ(sink.taken, (Keys{"a", "b", "a"}));
    EXPECT_EQ(world.counts("fake").published, 2u);
    EXPECT_EQ(outbox.status().added_again, 1u);

    world.settle_after(outbox, 30s);
    EXPECT_EQ(sink.taken.size(), 3u) << "vanished again: not at once any more";
    world.settle_after(outbox, 30s);
    EXPECT_EQ(sink.taken.size(), 4u);
}

TEST_F(Outboxes, ConfirmEveryRowThoughTheOldestAreStuck)
{
    sink.with_confirmation = true;
    OutboxOptions options;
    options.published_rows_max = 2;
    Outbox outbox(options, sink, world.gate, world.clock);
    world.raise({"stuck1", "stuck2", "stuck3", "done1", "done2"});
    world.settle(outbox);
    sink.acknowledged = {"done1", "done2"};
    sink.confirmations.clear();

    world.settle_after(outbox, 30s);

    EXPECT_EQ(sink.confirmations,
              (std::vector<Keys>{{"stuck1", "stuck2"}, {"stuck3", "done1"}, {"done2"}}));
    EXPECT_EQ(world.counts("fake").closed, 2u);
    EXPECT_EQ(world.counts("fake").published, 3u);
}

TEST_F(Outboxes, ConfirmAtOnceWhenASinkIsBack)
{
    sink.with_confirmation = true;
    sink.patient = true;
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"before"});
    world.settle(outbox);
    sink.failures.emplace("", Error{ErrorKind::unavailable, "down"});
    world.raise({"during"});
    outbox.notify();
    world.settle_after(outbox, 1s);
    sink.failures.clear();
    sink.vanished = {"before"};

    world.settle_after(outbox, 5s);

    EXPECT_EQ(sink.taken, (Keys{"before", "during", "before"}));
}

TEST_F(Outboxes, CallTheSinkToConfirmThoughNothingIsPublished)
{
    sink.with_confirmation = true;
    sink.confirm_failure = Error{ErrorKind::unavailable, "no way"};
    Outbox outbox({}, sink, world.gate, world.clock);

    world.settle(outbox);

    EXPECT_EQ(sink.confirmations.size(), 1u);
    EXPECT_FALSE(outbox.status().connected);
    EXPECT_EQ(outbox.status().last_error, "no way");
}

TEST_F(Outboxes, DoNotStallWhenTheClockIsSetBack)
{
    sink.failures.emplace("a", Error{ErrorKind::unavailable, "500"});
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"a"});
    world.settle(outbox);
    sink.failures.clear();

    world.clock.advance(-24h);
    for (int i = 0; i < 3; ++i) { // It finds out at the first.
        world.clock.advance(5s);
        OutboxWorld::must(testing::run_on(world.loop, outbox.step()));
    }

    EXPECT_EQ(sink.taken, Keys{"a"});
}

TEST_F(Outboxes, MoveTheirProgressWithEveryStep)
{
    Outbox outbox({}, sink, world.gate, world.clock);

    std::uint64_t before = outbox.progress();
    for (int i = 0; i < 3; ++i) {
        world.settle_after(outbox, 5s);
        EXPECT_GT(outbox.progress(), before);
        before = outbox.progress();
    }
}

TEST_F(Outboxes, RecordLaterWhatABusyStoreDidNotTakeAndDeliverNothingTwice)
{
    FailingStore failing(*world.store);
    failing.failures = {{ErrorKind::unavailable, "busy"}, {ErrorKind::unavailable, "busy"}};
    StoreGate gate(failing);
    Outbox outbox({}, sink, gate, world.clock);
    world.raise({"a"});
    world.settle(outbox);
    EXPECT_EQ(world.counts("fake").waiting, 1u);

    world.settle_after(outbox, 1s);
    world.settle_after(outbox, 1s);

    EXPECT_EQ(sink.taken, Keys{"a"});
    EXPECT_EQ(world.counts("fake").closed, 1u);
}

TEST_F(Outboxes, EndWhenTheStoreFails)
{
    FailingStore failing(*world.store);
    failing.failures = {{ErrorKind::storage, "disk gone"}};
    StoreGate gate(failing);
    Outbox outbox({}, sink, gate, world.clock);
    world.raise({"a"});

    const auto ended = testing::run_on(world.loop, outbox.run());

    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::storage);
}

} // namespace
} // namespace empathd

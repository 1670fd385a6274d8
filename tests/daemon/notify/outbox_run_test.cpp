// What only shows when the relay runs by itself: waking, cancelling, standing side by side.
#include "daemon/notify/outbox.hpp"

#include "tests/support/fake_sink.hpp"
#include "tests/support/outbox_world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace empathd {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::FakeSink;
using testing::OutboxWorld;
using Keys = std::vector<std::string>;

class OutboxRuns : public ::testing::Test {
protected:
    OutboxWorld world{{"fake", "other"}};
    FakeSink sink;
};

/// A relay that runs, and how it ended.
struct Running {
    Running(OutboxWorld& world, Outbox& outbox)
    {
        asio::co_spawn(world.loop, outbox.run(),
                       asio::bind_cancellation_slot(
                           stop.slot(), [this](std::exception_ptr failure, Result<> result) {
                               threw = failure != nullptr;
                               ended = std::move(result);
                           }));
        world.loop.restart();
    }

    asio::cancellation_signal stop;
    std::optional<Result<>> ended;
    bool threw = false;
};

/// Runs the loop until `done`.
template <class Done>
void run_until(OutboxWorld& world, Done done)
{
    while (!done()) {
        ASSERT_NE(world.loop.run_one(), 0u) << "nothing left to wait for";
    }
}

TEST_F(OutboxRuns, AwakesAtOnceWhenToldAndStopsWhenCancelled)
{
    OutboxOptions options;
    options.heartbeat = std::chrono::hours{1}; // Only notify() can wake it in time.
    options.confirm_every = std::chrono::hours{1};
    Outbox outbox(options, sink, world.gate, world.clock);
    Running running(world, outbox);
    run_until(world, [&] { return !sink.confirmations.empty(); });
    while (world.loop.run_one_for(50ms) != 0) { // It falls asleep.
    }

    auto call = [](Store& store) {
        PageCommit page = testing::a_page("c");
        page.alerts.push_back(testing::an_alert("a"));
        return store.commit({page});
    };
    asio::co_spawn(world.loop, world.gate.run(call),
                   [&outbox](std::exception_ptr, Result<>) { outbox.notify(); });
    run_until(world, [&] { return outbox.status().closed == 1; });
    EXPECT_EQ(sink.taken, Keys{"a"});

    running.stop.emit(asio::cancellation_type::terminal);
    run_until(world, [&] { return running.ended.has_value(); });
    EXPECT_TRUE(*running.ended);
    EXPECT_FALSE(running.threw);
}

TEST_F(OutboxRuns, StopsCleanlyInTheMiddleOfADelivery)
{
    sink.hangs = true;
    Outbox outbox({}, sink, world.gate, world.clock);
    world.raise({"a"});
    Running running(world, outbox);
    run_until(world, [&] { return !sink.batches.empty(); });

    running.stop.emit(asio::cancellation_type::terminal);
    run_until(world, [&] { return running.ended.has_value(); });

    EXPECT_TRUE(*running.ended);
    EXPECT_FALSE(running.threw);
    EXPECT_EQ(world.counts("fake").waiting, 1u);
    EXPECT_EQ(outbox.status().last_error, "") << "a shutdown is no error";
}

TEST_F(OutboxRuns, IsTakenForAliveWhileItsSinkMayStillAnswer)
{
    sink.hangs = true;
    Outbox outbox({}, sink, world.gate, world.clock);
    EXPECT_FALSE(outbox.waits_for_sink(world.clock.now()));
    world.raise({"a"});
    Running running(world, outbox);
    run_until(world, [&] { return !sink.batches.empty(); });

    EXPECT_TRUE(outbox.waits_for_sink(world.clock.now()));
    EXPECT_TRUE(outbox.waits_for_sink(world.clock.now() + std::chrono::seconds{149}));
    EXPECT_FALSE(outbox.waits_for_sink(world.clock.now() + std::chrono::seconds{150}));

    running.stop.emit(asio::cancellation_type::terminal);
    run_until(world, [&] { return running.ended.has_value(); });
    EXPECT_FALSE(outbox.waits_for_sink(world.clock.now()));
}

TEST_F(OutboxRuns, StopsCleanlyAtAnyMoment)
{
    for (int moment = 0; moment < 40; ++moment) {
        Outbox outbox({}, sink, world.gate, world.clock);
        world.raise({"moment" + std::to_string(moment)});
        Running running(world, outbox);
        for (int i = 0; i < moment; ++i) {
            world.loop.poll_one();
        }

        running.stop.emit(asio::cancellation_type::terminal);
        run_until(world, [&] { return running.ended.has_value(); });

        EXPECT_TRUE(*running.ended) << moment;
        EXPECT_FALSE(running.threw) << moment;
    }
}

TEST_F(OutboxRuns, OneBadSinkNeverDelaysAnother)
{
    FakeSink other("other");
    sink.hangs = true;
    Outbox bad({}, sink, world.gate, world.clock);
    Outbox good({}, other, world.gate, world.clock);
    world.raise({"a", "b"});
    Running bad_running(world, bad);
    Running good_running(world, good);

    run_until(world, [&] { return good.status().closed == 2; });

    EXPECT_EQ(other.taken, (Keys{"a", "b"}));
    EXPECT_EQ(bad.status().closed, 0u);
    bad_running.stop.emit(asio::cancellation_type::terminal);
    good_running.stop.emit(asio::cancellation_type::terminal);
    run_until(world, [&] { return bad_running.ended && good_running.ended; });
}

} // namespace
} // namespace empathd

// The real client and the real outbox against a receiver on loopback that does its worst.

#include "connectors/transport/curl_client.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/notify/webhook_sink.hpp"
#include "tests/support/fake_sink.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/outbox_world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>

namespace empathd {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::Exchange;

/// What a receiver keeps that drops repeats by their key.
class Ledger {
public:
    void take(const std::string& key, const std::string& body)
    {
        const std::lock_guard lock(mutex_);
        ++times_[key];
        bodies_[key].insert(body);
    }
    [[nodiscard]] std::map<std::string, int> times() const
    {
        const std::lock_guard lock(mutex_);
        return times_;
    }
    /// Every key came with one body only.
    [[nodiscard]] bool is_consistent() const
    {
        const std::lock_guard lock(mutex_);
        return std::all_of(bodies_.begin(), bodies_.end(),
                           [](const auto& entry) { return entry.second.size() == 1; });
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, int> times_;
    std::map<std::string, std::set<std::string>> bodies_;
};

class HostileReceiver : public ::testing::Test {
protected:
    HostileReceiver()
    {
        policy_.allowed.push_back(server.authority());
        policy_.unmetered.push_back(server.authority());
        client = connectors::make_curl_client(world.loop.get_executor(), policy_, world.clock);
        options.retry.base = 1s;
    }
    ~HostileReceiver() override { client.reset(); }

    /// The next of these behaviours at each request, by a seeded draw.
    void misbehave(const std::vector<testing::Handler>& behaviours)
    {
        server.on("/hook", [this, behaviours](Exchange& exchange) {
            std::size_t which = 0;
            {
                const std::lock_guard lock(mutex_);
                which =
                    std::uniform_int_distribution<std::size_t>(0, behaviours.size() - 1)(random_);
            }
            behaviours[which](exchange);
        });
    }

    void accept(Exchange& exchange)
    {
        ledger.take(exchange.request().header("idempotency-key"), exchange.request().body);
    }

    testing::HttpServer server; // First: its threads end last.
    testing::OutboxWorld world{{"webhook:ops", "other"}};
    std::unique_ptr<connectors::HttpClient> client;
    OutboxOptions options;
    Ledger ledger;

private:
    connectors::FetchPolicy policy_;
    std::mutex mutex_;
    std::minstd_rand random_{7};
};

TEST_F(HostileReceiver, LosesNothingAndDoublesNoKey)
{
    misbehave({
        [this](Exchange& exchange) { // Good.
            accept(exchange);
            exchange.reply(200, {}, "ok");
        },
        [](Exchange& exchange) { exchange.reply(500, {}, "oh"); },
        [](Exchange& exchange) { exchange.reply(408, {}, "too slow"); },
        [](Exchange& exchange) { exchange.reply(400, {}, "not now"); },
        [](Exchange& exchange) {
            exchange.reply(429, {{"Retry-After", "3"}}, "wait");
        },
        [](Exchange& exchange) {
            exchange.reply(302, {{"Location", "/nowhere"}}, "");
        },
        [this](Exchange& exchange) { // Keeps the alert and closes without a word.
            accept(exchange);
            exchange.close();
        },
        [this](Exchange& exchange) { // Keeps it and breaks the answer off.
            accept(exchange);
            exchange.write("HTTP/1.1 200 OK\r\nContent-Le");
            exchange.reset();
        },
        [this](Exchange& exchange) { // Keeps it and says that it did not.
            accept(exchange);
            exchange.reply(503, {}, "");
        },
        [](Exchange& exchange) { exchange.reset(); },
    });
    server.answer("/nowhere", "welcome");
    const auto sink =
        make_webhook_sink({.name = "ops", .url = server.url("/hook"), .timeout = 20s}, *client);
    Outbox outbox(options, *sink, world.gate, world.clock);
    std::vector<std::string> keys;
    for (int i = 0; i < 60; ++i) {
        keys.push_back("key-" + std::to_string(i));
    }
    world.raise(keys);

    for (int minute = 0; minute < 2'000 && world.counts("webhook:ops").closed < keys.size();
         ++minute) {
        world.settle_after(outbox, 61s);
    }

    const auto times = ledger.times();
    int repeats = 0;
    for (const std::string& key : keys) {
        ASSERT_EQ(times.count(key), 1u) << key << " was lost";
        repeats += times.at(key) - 1;
    }
    EXPECT_EQ(times.size(), keys.size()) << "something arrived that was never sent";
    EXPECT_TRUE(ledger.is_consistent());
    EXPECT_GT(repeats, 0) << "the receiver was too kind to prove anything";
    EXPECT_EQ(world.counts("webhook:ops").quarantined, 0u);
    EXPECT_EQ(server.hits("/nowhere"), 0u);
}

TEST_F(HostileReceiver, GetsAgainWhatItKeptWithoutAnAnswer)
{
    std::atomic<int> seen = 0;
    server.on("/hook", [this, &seen](Exchange& exchange) {
        accept(exchange);
        if (++seen == 1) {
            exchange.pause(1h); // Until the client gives up.
            exchange.close();
        } else {
            exchange.reply(200, {}, "");
        }
    });
    const auto sink =
        make_webhook_sink({.name = "ops", .url = server.url("/hook"), .timeout = 1s}, *client);
    Outbox outbox(options, *sink, world.gate, world.clock);
    world.raise({"a", "b"});

    world.settle(outbox);
    EXPECT_EQ(outbox.status().retried, 1u);
    world.settle_after(outbox, 2s);

    EXPECT_EQ(world.counts("webhook:ops").closed, 2u);
    EXPECT_EQ(ledger.times(), (std::map<std::string, int>{{"a", 2}, {"b", 1}}));
    EXPECT_TRUE(ledger.is_consistent());
}

TEST_F(HostileReceiver, GetsNothingBeforeTheTimeItAskedFor)
{
    server.answer("/hook", 429, {{"Retry-After", "600"}});
    const auto sink =
        make_webhook_sink({.name = "ops", .url = server.url("/hook"), .timeout = 20s}, *client);
    Outbox outbox(options, *sink, world.gate, world.clock);
    world.raise({"a", "b"});

    world.settle(outbox);
    world.settle_after(outbox, 599s);
    EXPECT_EQ(server.hits("/hook"), 1u) << "it spoke of the receiver, so of both";

    server.answer("/hook", 200);
    world.settle_after(outbox, 2s);
    EXPECT_EQ(world.counts("webhook:ops").closed, 2u);
}

TEST_F(HostileReceiver, IsGivenUpAfterADayAndReplayed)
{
    server.answer("/hook", 500);
    const auto sink =
        make_webhook_sink({.name = "ops", .url = server.url("/hook"), .timeout = 20s}, *client);
    Outbox outbox(options, *sink, world.gate, world.clock);
    world.raise({"a"});
    world.settle(outbox);
    world.settle_after(outbox, 23h);
    EXPECT_EQ(world.counts("webhook:ops").quarantined, 0u);
    world.settle_after(outbox, 1h);
    ASSERT_EQ(world.counts("webhook:ops").quarantined, 1u);
    EXPECT_EQ(outbox.status().quarantined, 1u);

    server.answer("/hook", 200);
    auto replay = [](Store& store) { return store.outbox_replay("webhook:ops", std::nullopt); };
    EXPECT_EQ(world.must(testing::run_on(world.loop, world.gate.run(std::move(replay)))), 1u);
    outbox.notify();
    world.settle(outbox);

    EXPECT_EQ(world.counts("webhook:ops").closed, 1u);
    EXPECT_EQ(world.counts("webhook:ops").quarantined, 0u);
}

TEST_F(HostileReceiver, DelaysNoOther)
{
    server.on("/hook", testing::script::silence());
    const auto slow =
        make_webhook_sink({.name = "ops", .url = server.url("/hook"), .timeout = 120s}, *client);
    testing::FakeSink other("other");
    Outbox bad(options, *slow, world.gate, world.clock);
    Outbox good(options, other, world.gate, world.clock);
    world.raise({"a", "b", "c"});
    asio::cancellation_signal stop_bad;
    asio::cancellation_signal stop_good;
    int ended = 0;
    const auto done = [&ended](std::exception_ptr, Result<>) { ++ended; };
    asio::co_spawn(world.loop, bad.run(), asio::bind_cancellation_slot(stop_bad.slot(), done));
    asio::co_spawn(world.loop, good.run(), asio::bind_cancellation_slot(stop_good.slot(), done));

    world.loop.restart();
    while (good.status().closed < 3 || server.hits("/hook") == 0) {
        world.loop.run_one();
    }

    EXPECT_EQ(other.taken, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(bad.status().closed, 0u);
    EXPECT_EQ(server.in_hand(), 1u) << "it still holds the first one";
    stop_bad.emit(asio::cancellation_type::terminal);
    stop_good.emit(asio::cancellation_type::terminal);
    while (ended < 2) {
        world.loop.run_one();
    }
    EXPECT_EQ(world.counts("webhook:ops").waiting, 3u);
}

} // namespace
} // namespace empathd

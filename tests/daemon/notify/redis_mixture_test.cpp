// Everything that Redis, its operators and its consumers do to a stream, in random order, against a
// real redis-server. The consumer is the oracle: a row may be closed only when its key was
// processed, and in the end every key was.
#include "tests/support/redis_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using testing::redis_stream_name;
using testing::RedisWorld;

class Mixture {
public:
    explicit Mixture(std::uint32_t seed) : random_(seed) { world.settle(); }

    void run(int actions)
    {
        for (int i = 0; i < actions; ++i) {
            act();
        }
    }

    /// No more losses: everything must come to its end.
    void finish()
    {
        held_.clear(); // The consumer dies with what it held.
        for (int rounds = 0; rounds < 60 && world.rows().closed < raised.size(); ++rounds) {
            world.settle_after(*world.outbox, 5min);
            claim();
            while (read(100)) {
            }
            process(held_.size());
        }
    }

    RedisWorld world;
    std::set<std::string> raised;
    std::set<std::string> processed;
    int losses = 0;

private:
    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

    void act()
    {
        const int choice = below(100);
        if (choice < 25) {
            raise();
        } else if (choice < 45) {
            read(1 + static_cast<std::size_t>(below(3)));
        } else if (choice < 65) {
            process(1 + static_cast<std::size_t>(below(3)));
        } else if (choice < 75) {
            world.settle_after(*world.outbox, std::chrono::seconds{below(3)});
        } else if (choice < 82) {
            world.confirm();
        } else if (choice < 87) {
            claim();
        } else {
            ++losses;
            lose(choice - 87);
        }
    }

    void lose(int kind)
    {
        switch (kind) {
        case 0: world.command({"FLUSHALL"}); break;
        case 1: world.command({"DEL", redis_stream_name}); break;
        case 2:
        case 3: world.command({"XTRIM", redis_stream_name, "MAXLEN", "0"}); break;
        case 4: world.command({"XTRIM", redis_stream_name, "MAXLEN", "2"}); break;
        case 5:
        case 6:
            world.server.kill();
            world.server.start(); // With what the last SAVE left, or nothing.
            break;
        case 7: world.command({"SAVE"}); break;
        case 8: world.command({"XGROUP", "DESTROY", redis_stream_name, "ops"}); break;
        case 9:
            world.command({"XGROUP", "DESTROY", redis_stream_name, "ops"});
            world.command({"XGROUP", "CREATE", redis_stream_name, "ops", "$", "MKSTREAM"});
            break;
        case 10: world.connect(); break; // The daemon starts anew.
        default: held_.clear(); break;   // A consumer dies.
        }
    }

    void raise()
    {
        std::vector<std::string> keys;
        for (int i = 0; i <= below(3); ++i) {
            keys.push_back("key-" + std::to_string(raised.size() + keys.size()));
        }
        raised.insert(keys.begin(), keys.end());
        world.raise(keys);
        world.outbox->notify();
        world.settle();
    }

    void hold(const RespReply& entries)
    {
        for (const RespReply& entry : entries.items) {
            if (entry.items.size() == 2 && entry.items[1].items.size() >= 2) {
                held_.emplace_back(entry.items[0].text, entry.items[1].items[1].text);
            }
        }
    }

    bool read(std::size_t count)
    {
        const RespReply reply =
            world.command({"XREADGROUP", "GROUP", "ops", "one", "COUNT", std::to_string(count),
                           "STREAMS", redis_stream_name, ">"});
        if (reply.kind != RespReply::Kind::array) {
            return false; // NOGROUP, or nothing new.
        }
        hold(reply.items.at(0).items.at(1));
        return true;
    }

    void claim()
    {
        const RespReply reply =
            world.command({"XAUTOCLAIM", redis_stream_name, "ops", "two", "0", "0"});
        if (reply.kind == RespReply::Kind::array) {
            hold(reply.items.at(1));
        }
    }

    void process(std::size_t count)
    {
        for (; count > 0 && !held_.empty(); --count) {
            const auto [id, key] = held_.front();
            held_.erase(held_.begin());
            processed.insert(key);
            world.command({"XACK", redis_stream_name, "ops", id});
        }
    }

    std::mt19937 random_;
    std::vector<std::pair<std::string, std::string>> held_; ///< Id and key, not yet acknowledged.
};

class RedisMixtures : public testing::WithRedis,
                      public ::testing::WithParamInterface<std::uint32_t> {};

TEST_P(RedisMixtures, LoseNoAlertAndInventNone)
{
    Mixture mixture(GetParam());

    mixture.run(400);
    const std::uint64_t closed_before = mixture.world.rows().closed;
    const std::size_t processed_before = mixture.processed.size();
    mixture.finish();

    EXPECT_LE(closed_before, processed_before);
    EXPECT_EQ(mixture.world.rows().closed, mixture.raised.size());
    EXPECT_EQ(mixture.processed, mixture.raised);
    EXPECT_GE(mixture.losses, 20) << "else this run shows nothing";
    EXPECT_GE(mixture.world.outbox->status().added_again + processed_before, 20u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RedisMixtures, ::testing::Range(1U, 9U));

} // namespace
} // namespace empathd

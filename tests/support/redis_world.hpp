#pragma once

#include "config/config.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/notify/redis_sink.hpp"
#include "tests/support/outbox_world.hpp"
#include "tests/support/redis_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace empathd::testing {

inline const std::string redis_stream_name = "empathd:alerts";

/// A store, a real redis-server and the relay between them.
struct RedisWorld : OutboxWorld {
    explicit RedisWorld(std::vector<std::string> groups = {"ops"},
                        std::vector<std::string> server_options = {})
        : OutboxWorld({"redis"}), server(std::move(server_options))
    {
        config.address = server.address();
        config.groups = std::move(groups);
        connect();
    }

    /// A new sink and relay, as after a restart of the daemon.
    void connect(std::chrono::milliseconds timeout = std::chrono::seconds{5})
    {
        outbox.reset();
        sink = make_redis_sink(config, "redis", timeout);
        outbox = std::make_unique<Outbox>(OutboxOptions{}, *sink, gate, clock);
    }

    void settle() { OutboxWorld::settle(*outbox); }
    /// Until after the next round of confirmations.
    void confirm() { settle_after(*outbox, std::chrono::seconds{30}); }
    /// As often as it takes for what was added again to be confirmed too.
    OutboxCounts rows() { return counts("redis"); }

    std::size_t read(std::size_t count = 10'000, const std::string& group = "ops")
    {
        const auto entries = read_group(server, redis_stream_name, group, count);
        for (const ReceivedEntry& entry : entries) {
            ++seen[group][entry.field("key")];
            last_ids.push_back(entry.id);
        }
        return entries.size();
    }
    void acknowledge(const std::vector<std::string>& ids, const std::string& group = "ops")
    {
        for (const std::string& id : ids) {
            server.command({"XACK", redis_stream_name, group, id});
        }
    }
    /// Reads and acknowledges all there is; returns how many entries.
    std::size_t consume(const std::string& group = "ops")
    {
        last_ids.clear();
        const std::size_t count = read(10'000, group);
        acknowledge(last_ids, group);
        return count;
    }
    RespReply command(const std::vector<std::string>& arguments)
    {
        return server.command(arguments);
    }
    std::int64_t length() { return command({"XLEN", redis_stream_name}).integer; }

    RedisServer server;
    config::RedisConfig config;
    std::unique_ptr<Sink> sink;
    std::unique_ptr<Outbox> outbox;
    std::map<std::string, std::map<std::string, int>> seen; ///< By group and key: how often.
    std::vector<std::string> last_ids;                      ///< Of entries read.
};

/// Tests with a redis-server; skipped where it is not installed.
class WithRedis : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (!RedisServer::installed()) {
            GTEST_SKIP() << "redis-server is not installed";
        }
    }
};

} // namespace empathd::testing

// The permissions that daemon/notify/README.md asks for are enough, and none of its streams is
// written with less.
#include "daemon/notify/redis_commands.hpp"
#include "daemon/notify/redis_heartbeat.hpp"
#include "tests/support/redis_world.hpp"
#include "tests/support/run.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;

/// The words of the README's list, up to its last line: "~key" and "+command".
std::vector<std::string> permissions()
{
    std::ifstream file(EMPATHD_SOURCE_DIR "/daemon/notify/README.md");
    std::vector<std::string> words;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        inside = inside || line.starts_with("    ~empathd:alerts");
        if (inside && !line.starts_with("    ")) {
            break;
        }
        std::istringstream in(inside ? line : std::string());
        for (std::string word; in >> word && !word.starts_with('#');) {
            words.push_back(word);
        }
    }
    return words;
}

class RedisPermissions : public testing::WithRedis {};

TEST_F(RedisPermissions, OfTheReadmeAreEnough)
{
    testing::RedisWorld world;
    std::vector<std::string> rules = permissions();
    ASSERT_GE(rules.size(), 15u);
    // The test's own consumer is another user's business: it asks before and after.
    std::vector<std::string> limit{"ACL", "SETUSER", "default", "resetkeys", "-@all", "+acl"};
    limit.insert(limit.end(), rules.begin(), rules.end());
    ASSERT_EQ(world.command(limit).text, "OK");
    world.raise({"a"});
    world.settle();
    world.confirm();
    EXPECT_TRUE(world.outbox->status().connected) << world.outbox->status().last_error;
    EXPECT_EQ(world.outbox->status().details.groups.size(), 1u);

    RedisHeartbeat heartbeat(world.config, {.instance = "north"}, world.clock,
                             [] { return RedisHeartbeat::Fields{}; });
    EXPECT_TRUE(testing::run_on(world.loop, heartbeat.beat())) << heartbeat.status().last_error;

    int obeyed = 0;
    auto handler = [&obeyed](Command) -> boost::asio::awaitable<Result<CommandAnswer>> {
        ++obeyed;
        co_return CommandAnswer{};
    };
    RedisCommands commands(world.config, {.instance = "north", .block = 0ms}, std::move(handler));
    world.command({"XADD", "empathd:commands", "*", "type", "reopen", "incident", "i", "by", "M"});
    EXPECT_TRUE(testing::run_on(world.loop, commands.step())) << commands.status().last_error;
    EXPECT_EQ(obeyed, 1);
    EXPECT_EQ(world.command({"ROLE"}).items.at(0).text, "master");
    EXPECT_EQ(world.command({"XLEN", "empathd:alerts"}).kind, RespReply::Kind::error)
        << "else nothing was limited";
}

} // namespace
} // namespace empathd

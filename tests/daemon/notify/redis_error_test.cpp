#include "daemon/notify/redis_error.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

struct ErrorCase {
    const char* name;
    std::string_view line;
    ErrorKind kind;
    std::string_view says; ///< Part of the message.
};

class RedisErrors : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(RedisErrors, SayWhatCanBeDone)
{
    const Error error = redis_error(GetParam().line);

    EXPECT_EQ(error.kind, GetParam().kind);
    EXPECT_NE(error.message.find(GetParam().says), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find('\n'), std::string::npos);
    EXPECT_LT(error.message.size(), 160u);
}

// Lines as redis-server 7.0 writes them.
INSTANTIATE_TEST_SUITE_P(
    Lines, RedisErrors,
    ::testing::Values(
        ErrorCase{"Oom", "OOM command not allowed when used memory > 'maxmemory'.",
                  ErrorKind::unavailable, "maxmemory"},
        ErrorCase{"Misconf", "MISCONF Redis is configured to save RDB snapshots, but it's ...",
                  ErrorKind::unavailable, "cannot save"},
        ErrorCase{"Readonly", "READONLY You can't write against a read only replica.",
                  ErrorKind::unavailable, "read-only"},
        ErrorCase{"Loading", "LOADING Redis is loading the dataset in memory",
                  ErrorKind::unavailable, "loading"},
        ErrorCase{"Busy", "BUSY Redis is busy running a script.", ErrorKind::unavailable, "script"},
        ErrorCase{"Noauth", "NOAUTH Authentication required.", ErrorKind::unauthorized, "password"},
        ErrorCase{"Wrongpass", "WRONGPASS invalid username-password pair or user is disabled.",
                  ErrorKind::unauthorized, "refused the password"},
        ErrorCase{"Redis5Password", "ERR invalid password", ErrorKind::unauthorized, "AUTH"},
        ErrorCase{"Noperm", "NOPERM this user has no permissions to run the 'xadd' command",
                  ErrorKind::unauthorized, "permit"},
        ErrorCase{"Wrongtype", "WRONGTYPE Operation against a key holding the wrong kind of value",
                  ErrorKind::invalid_config, "something else"},
        ErrorCase{"Nogroup", "NOGROUP No such key 's' or consumer group 'g'", ErrorKind::not_found,
                  "gone"},
        ErrorCase{"Unknown", "ERR odd\x1b[31mline\n", ErrorKind::unavailable, "ERR odd?[31mline?"},
        ErrorCase{"BusyGroupIsNotBusy", "BUSYGROUP Consumer Group name already exists",
                  ErrorKind::unavailable, "BUSYGROUP"},
        ErrorCase{"Empty", "", ErrorKind::unavailable, "redis"}),
    [](const auto& test) { return test.param.name; });

TEST(RedisErrors, ShowsOnlyTheBeginningOfALongLine)
{
    EXPECT_LT(redis_error("ERR " + std::string(10'000, 'x')).message.size(), 160u);
}

} // namespace
} // namespace empathd

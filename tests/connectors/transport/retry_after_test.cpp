#include "connectors/transport/fetch_policy.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace empathd::connectors {
namespace {

const FetchPolicy policy{};
const TimePoint now = *parse_rfc3339("2024-05-01T12:34:56Z");
constexpr std::uint32_t day_s = 24 * 3600;

struct Value {
    std::string text;
    std::optional<std::uint32_t> seconds;
};

void PrintTo(const Value& value, std::ostream* out)
{
    *out << '"' << value.text.substr(0, 40) << '"';
}

class RetryAfter : public ::testing::TestWithParam<Value> {};

TEST_P(RetryAfter, IsSecondsOrADateAndNeverBeyondADay)
{
    EXPECT_EQ(retry_after_s(GetParam().text, now, policy), GetParam().seconds);
}

INSTANTIATE_TEST_SUITE_P(
    Values, RetryAfter,
    ::testing::Values(
        Value{"0", 0}, Value{"42", 42}, Value{" 42 ", 42}, Value{"0.2", 1}, Value{"1.5", 2},
        Value{"86400", day_s}, Value{"86401", day_s}, Value{"99999999999", day_s},
        Value{std::string(400, '9'), day_s}, Value{"-1", {}}, Value{"-0", {}}, Value{"+5", {}},
        Value{"1e9", {}}, Value{"0x10", {}}, Value{"5, 10", {}}, Value{"5 s", {}}, Value{"", {}},
        Value{"  ", {}}, Value{".", {}}, Value{"nan", {}}, Value{"inf", {}}, Value{"soon", {}},
        Value{"1.2.3", {}}, Value{"Wed, 01 May 2024 12:35:56 GMT", 60},
        Value{"Wednesday, 01-May-24 12:35:56 GMT", 60}, Value{"Wed May  1 12:35:56 2024", 60},
        Value{"Wed, 01 May 2024 12:00:00 GMT", 0}, Value{"Sun, 06 Nov 1994 08:49:37 GMT", 0},
        Value{"Fri, 31 Dec 9999 23:59:59 GMT", day_s}, Value{"Wed, 01 May 2024 99:35:56 GMT", {}},
        Value{"Wed, 99 May 2024 12:35:56 GMT", {}}, Value{"Wednesday", {}}));

std::optional<std::uint32_t> asked(int status, const HttpHeaders& headers)
{
    return asked_wait_s(status, headers, now, policy);
}

TEST(AskedWait, IsTheLongestReadableOfSeveral)
{
    EXPECT_EQ(asked(429, {{"retry-after", "5"}, {"retry-after", "30"}}), 30U);
    EXPECT_EQ(asked(429, {{"retry-after", "junk"}, {"retry-after", "7"}, {"retry-after", "-1"}}),
              7U);
    EXPECT_EQ(asked(503, {{"retry-after", "9"}}), 9U);
    EXPECT_EQ(asked(429, {{"retry-after", "0"}}), 0U);
    EXPECT_EQ(asked(429, {}), std::nullopt);
    EXPECT_EQ(asked(200, {{"retry-after", "9"}}), std::nullopt);
    EXPECT_EQ(asked(301, {{"retry-after", "9"}}), std::nullopt);
}

TEST(AskedWait, ReadsTheDialectsOfTheNetworks)
{
    // Mastodon, Bluesky and X, Reddit, Discord.
    EXPECT_EQ(asked(429, {{"x-ratelimit-reset", "2024-05-01T12:40:00.362203Z"}}), 305U);
    EXPECT_EQ(asked(429, {{"ratelimit-reset", "1714566906"}}), 10U);
    EXPECT_EQ(asked(429, {{"x-rate-limit-reset", "1714566906"}}), 10U);
    EXPECT_EQ(asked(429, {{"x-ratelimit-reset", "597"}}), 597U);
    EXPECT_EQ(
        asked(429, {{"x-ratelimit-reset", "1714567000.5"}, {"x-ratelimit-reset-after", "1.25"}}),
        2U);
}

TEST(AskedWait, PrefersRetryAfterAndIgnoresWhatIsNoTime)
{
    EXPECT_EQ(asked(429, {{"x-ratelimit-reset", "500"}, {"retry-after", "3"}}), 3U);
    EXPECT_EQ(asked(429, {{"x-ratelimit-reset", "500"}, {"retry-after", "junk"}}), 500U);
    EXPECT_EQ(asked(429, {{"x-ratelimit-reset", "junk"}}), std::nullopt);
    EXPECT_EQ(asked(429, {{"x-ratelimit-reset", "99999999999999999999"}}), std::nullopt);
    EXPECT_EQ(asked(503, {{"x-ratelimit-reset", "500"}}), std::nullopt);
    EXPECT_EQ(asked(429, {{"x-ratelimit-reset", "1000000000"}}), 0U);
}

} // namespace
} // namespace empathd::connectors

#include "daemon/http/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::http {
namespace {

const TimePoint now = *parse_rfc3339("2024-05-10T12:00:00Z");

Query mentions_query(std::string_view text)
{
    return {text, wire::mention_parameters, now};
}

TEST(Query, DecodesNamesAndValues)
{
    Query query = mentions_query("br%61nd=Ph%E1%BB%9F+24&q=%22no+answer%22");

    EXPECT_EQ(query.text("brand"), "Phở 24");
    EXPECT_EQ(query.text("q"), "\"no answer\"");
    EXPECT_EQ(query.text("network"), "");
    EXPECT_FALSE(query.problem());
}

TEST(Query, TakesNothingAndStrayAmpersands)
{
    EXPECT_FALSE(mentions_query("").problem());
    EXPECT_FALSE(mentions_query("&&brand=a&").problem());
}

TEST(Query, NamesTheKnownParameterThatWasMeant)
{
    const Query query = mentions_query("brnad=Acme");

    ASSERT_TRUE(query.problem());
    EXPECT_EQ(query.problem()->status, 400u);
    EXPECT_EQ(query.problem()->parameter, "brnad");
    EXPECT_EQ(query.problem()->nearest, "brand");
    EXPECT_THAT(query.problem()->accepted, ::testing::Contains("since"));
}

TEST(Query, GuessesNothingForAWordThatIsNearNone)
{
    const Query query = mentions_query("zzzzzzzzzz=1");

    ASSERT_TRUE(query.problem());
    EXPECT_EQ(query.problem()->nearest, "");
}

struct Bad {
    const char* name;
    std::string query;
    const char* parameter;
};

class QueryRefuses : public ::testing::TestWithParam<Bad> {};

TEST_P(QueryRefuses, AndNamesTheParameter)
{
    Query query = mentions_query(GetParam().query);
    static_cast<void>(query.limit());
    static_cast<void>(query.time("since"));
    static_cast<void>(query.text("experience"));

    ASSERT_TRUE(query.problem());
    EXPECT_EQ(query.problem()->status, 400u);
    EXPECT_EQ(query.problem()->parameter, GetParam().parameter);
    EXPECT_NE(query.problem()->detail, "");
}

INSTANTIATE_TEST_SUITE_P(
    Queries, QueryRefuses,
    ::testing::Values(
        Bad{"LimitZero", "limit=0", "limit"}, Bad{"LimitBig", "limit=501", "limit"},
        Bad{"LimitNegative", "limit=-1", "limit"}, Bad{"LimitWord", "limit=ten", "limit"},
        Bad{"LimitTail", "limit=10x", "limit"},
        Bad{"LimitHuge", "limit=99999999999999999999", "limit"},
        Bad{"Choice", "experience=maybe", "experience"},
        Bad{"ChoiceInAll", "experience=complaint|praise", "experience"},
        Bad{"Time", "since=yesterday", "since"}, Bad{"NoUnit", "since=24", "since"},
        Bad{"TooOld", "since=9999w", "since"},
        Bad{"Overflow", "since=99999999999999999999d", "since"}, Bad{"Empty", "brand=", "brand"},
        Bad{"NoValue", "brand", "brand"}, Bad{"Twice", "brand=a&brand=b", "brand"},
        Bad{"HalfEscape", "brand=%4", "brand"}, Bad{"NoHex", "brand=%zz", "brand"},
        Bad{"NotUtf8", "brand=%FF", "brand"}, Bad{"Nul", "brand=a%00", "brand"},
        Bad{"Long", "brand=" + std::string(1025, 'x'), "brand"}, Bad{"NameNotUtf8", "%FF=1", "?"}),
    [](const auto& test) { return test.param.name; });

TEST(Query, SaysWhatAClosedSetTakes)
{
    Query query = mentions_query("sentiment=angry");
    static_cast<void>(query.text("sentiment"));

    ASSERT_TRUE(query.problem());
    EXPECT_THAT(query.problem()->accepted,
                ::testing::ElementsAre("negative", "neutral", "positive", "unsure"));
}

TEST(Query, KeepsTheFirstProblem)
{
    Query query = mentions_query("limit=0&experience=maybe");
    static_cast<void>(query.text("experience"));
    static_cast<void>(query.limit());

    EXPECT_EQ(query.problem()->parameter, "experience");
}

TEST(Query, ReadsNumbersInTheirRange)
{
    Query query("min_score=45.5", wire::incident_parameters, now);
    EXPECT_EQ(query.number("min_score", 0, 100), 45.5);

    Query beyond("min_score=nan", wire::incident_parameters, now);
    EXPECT_EQ(beyond.number("min_score", 0, 100), std::nullopt);
    EXPECT_TRUE(beyond.problem());
}

TEST(TimeOrAge, ReadsBoth)
{
    EXPECT_EQ(parse_time_or_age("2024-05-01T00:00:00+02:00", now),
              parse_rfc3339("2024-04-30T22:00:00Z"));
    EXPECT_EQ(parse_time_or_age("90s", now), now - std::chrono::seconds{90});
    EXPECT_EQ(parse_time_or_age("30m", now), now - std::chrono::minutes{30});
    EXPECT_EQ(parse_time_or_age("24h", now), now - std::chrono::hours{24});
    EXPECT_EQ(parse_time_or_age("7d", now), now - std::chrono::days{7});
    EXPECT_EQ(parse_time_or_age("2w", now), now - std::chrono::days{14});
}

TEST(TimeOrAge, ForgivesAPlusThatBecameASpace)
{
    EXPECT_EQ(parse_time_or_age("2024-05-01T00:00:00 02:00", now),
              parse_rfc3339("2024-04-30T22:00:00Z"));
}

TEST(TimeOrAge, RefusesTheRest)
{
    for (const char* text : {"", "d", "-1d", "1", "1.5h", "1y", "7 d", "+7d", "2024-05-01"}) {
        EXPECT_EQ(parse_time_or_age(text, now), std::nullopt) << text;
    }
}

} // namespace
} // namespace empathd::http

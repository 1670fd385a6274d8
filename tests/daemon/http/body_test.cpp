#include "daemon/http/body.hpp"

#include "tests/support/fake_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace empathd::http {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::array<std::string_view, 4> known{"note", "until", "outcome", "matchers"};
const TimePoint now = *parse_rfc3339("2026-03-02T10:00:00Z");

Request posted(std::string body, std::string type = "application/json")
{
    Request request;
    request.method = "POST";
    request.body = std::move(body);
    request.content_type = std::move(type);
    return request;
}

TEST(Body, ReadsWhatIsAskedFor)
{
    Body body(posted(R"({"note":"two\nlines","until":"2026-03-02T12:00:00Z",
                         "matchers":["brand = Acme"]})"),
              known, now);
    EXPECT_EQ(body.note("note"), "two\nlines");
    EXPECT_EQ(body.time("until"), now + 2h);
    EXPECT_THAT(body.lines("matchers", 20), ElementsAre("brand = Acme"));
    EXPECT_EQ(body.line("outcome"), "");
    EXPECT_FALSE(body.problem());
}

TEST(Body, TakesNothingAtAllForAnEmptyObject)
{
    Body body(posted("", ""), known, now);
    EXPECT_EQ(body.note("note"), "");
    EXPECT_FALSE(body.problem());
}

TEST(Body, CountsLengthsOfTimeFromNow)
{
    Body body(posted(R"({"until":"2h"})"), known, now);
    EXPECT_EQ(body.time_from_now("until"), now + 2h);
    Body wrong(posted(R"({"until":"soon"})"), known, now);
    EXPECT_EQ(wrong.time_from_now("until"), std::nullopt);
    EXPECT_THAT(wrong.problem()->detail, HasSubstr("length of time"));
}

TEST(Body, NamesTheMemberThatWasProbablyMeant)
{
    Body body(posted(R"({"nota":"x"})"), known, now);
    ASSERT_TRUE(body.problem());
    EXPECT_EQ(body.problem()->status, 400U);
    EXPECT_EQ(body.problem()->parameter, "nota");
    EXPECT_EQ(body.problem()->nearest, "note");
}

TEST(Body, KeepsTheFirstThingWrong)
{
    Body body(posted(R"({"note":7,"outcome":"gone"})"), known, now);
    constexpr std::array<std::string_view, 2> words{"fixed", "answered"};
    EXPECT_EQ(body.note("note"), "");
    EXPECT_EQ(body.one_of("outcome", words), "gone");
    EXPECT_EQ(body.problem()->parameter, "note");
}

TEST(Body, SaysWhichWordsThereAre)
{
    Body body(posted(R"({"outcome":"gone"})"), known, now);
    constexpr std::array<std::string_view, 2> words{"fixed", "answered"};
    EXPECT_EQ(body.one_of("outcome", words), "");
    EXPECT_THAT(body.problem()->accepted, ElementsAre("fixed", "answered"));
}

TEST(Body, AsksForWhatIsNeeded)
{
    Body body(posted("{}"), known, now);
    EXPECT_EQ(body.needed("outcome"), "");
    EXPECT_THAT(body.problem()->detail, HasSubstr("\"outcome\" is needed"));
}

struct Bad {
    const char* body;
    const char* type;
    std::uint32_t status;
    const char* says;
};

class BodyRefuses : public ::testing::TestWithParam<Bad> {};

TEST_P(BodyRefuses, WhatIsNoObjectOfItsForm)
{
    Body body(posted(GetParam().body, GetParam().type), known, now);
    static_cast<void>(body.line("note"));
    ASSERT_TRUE(body.problem());
    EXPECT_EQ(body.problem()->status, GetParam().status);
    EXPECT_THAT(body.problem()->detail, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, BodyRefuses,
    ::testing::Values(Bad{"{}", "text/plain", 415, "application/json"},
                      Bad{"{", "application/json; charset=utf-8", 400, "not JSON"},
                      Bad{"[]", "application/json", 400, "not a JSON object"},
                      Bad{R"({"note":"a","note":"b"})", "application/json", 400, "twice"},
                      Bad{R"({"note":"a\nb"})", "application/json", 400, "one line"},
                      Bad{R"({"note":"a\u0007"})", "application/json", 400, "control"},
                      Bad{R"({"note":"  "})", "application/json", 400, "blank"},
                      Bad{"{\"note\":\"\xFF\"}", "application/json", 400, "not JSON"},
                      Bad{"{\"note\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}", "application/json",
                          400, "too deeply"}));

} // namespace
} // namespace empathd::http

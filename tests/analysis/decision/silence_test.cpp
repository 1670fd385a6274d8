#include "analysis/decision/silence.hpp"

#include "tests/analysis/decision/life_world.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace empathd::analysis {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::noon;

Silence a_silence(const std::string& id = "s1")
{
    return {.id = id,
            .matchers = {{"brand", MatchKind::equal, {"Acme"}}},
            .starts_at = noon,
            .ends_at = noon + hours{2},
            .author = "ann",
            .reason = "planned maintenance"};
}

Labels labels_of_brand(const std::string& brand)
{
    Labels labels;
    labels.add("brand", brand);
    return labels;
}

TEST(Silence, HidesWhatItMatchesUntilItEnds)
{
    SilenceBook book;
    ASSERT_TRUE(book.put(a_silence(), noon));
    const Labels acme = labels_of_brand("Acme");

    EXPECT_EQ(book.hiding(acme, noon - hours{1}), nullptr);
    ASSERT_NE(book.hiding(acme, noon), nullptr);
    EXPECT_EQ(book.hiding(acme, noon)->id, "s1");
    EXPECT_EQ(book.hiding(acme, noon + hours{2}), nullptr);
    EXPECT_EQ(book.hiding(labels_of_brand("Bolt"), noon), nullptr);
}

TEST(Silence, OfSeveralTheOneThatEndsLastIsNamed)
{
    SilenceBook book;
    Silence longer = a_silence("s0");
    longer.ends_at += hours{1};
    ASSERT_TRUE(book.put(a_silence("s1"), noon));
    ASSERT_TRUE(book.put(longer, noon));
    ASSERT_TRUE(book.put(a_silence("s2"), noon));

    EXPECT_EQ(book.hiding(labels_of_brand("Acme"), noon)->id, "s0");
}

TEST(Silence, SaysWhenTheNextOneStartsOrEnds)
{
    SilenceBook book;
    Silence tomorrow = a_silence("s2");
    tomorrow.starts_at = noon + days{1};
    tomorrow.ends_at = noon + days{2};
    ASSERT_TRUE(book.put(a_silence(), noon));
    ASSERT_TRUE(book.put(tomorrow, noon));

    EXPECT_EQ(book.next_change(noon), noon + hours{2});
    EXPECT_EQ(book.next_change(noon + hours{2}), noon + days{1});
    EXPECT_EQ(book.next_change(noon + days{2}), std::nullopt);
}

TEST(Silence, EndsEarlyWhenAskedAndOnlyOnce)
{
    SilenceBook book;
    ASSERT_TRUE(book.put(a_silence(), noon));

    EXPECT_TRUE(book.end("s1", noon + hours{1}));
    EXPECT_EQ(book.hiding(labels_of_brand("Acme"), noon + hours{1}), nullptr);
    EXPECT_EQ(book.end("s1", noon + hours{1}).error().kind, ErrorKind::not_found);
    EXPECT_EQ(book.end("s9", noon).error().kind, ErrorKind::not_found);
}

TEST(Silence, MustSayWhoWhyWhatAndUntilWhen)
{
    const auto problem = [](const std::function<void(Silence&)>& spoil) {
        Silence silence = a_silence();
        spoil(silence);
        const Result<> good = check(silence, noon);
        return good ? std::string("nothing") : good.error().message;
    };

    EXPECT_EQ(problem([](Silence&) {}), "nothing");
    EXPECT_EQ(problem([](Silence& s) { s.id.clear(); }), "id is missing");
    EXPECT_EQ(problem([](Silence& s) { s.author = "  "; }), "author is missing");
    EXPECT_EQ(problem([](Silence& s) { s.reason.clear(); }), "reason is missing");
    EXPECT_EQ(problem([](Silence& s) { s.ends_at = {}; }),
              "ends_at is missing: a silence must end");
    EXPECT_EQ(problem([](Silence& s) { s.ends_at = s.starts_at; }),
              "ends_at is not later than starts_at");
    EXPECT_EQ(problem([](Silence& s) {
                  s.starts_at = noon - hours{5};
                  s.ends_at = noon;
              }),
              "ends_at is over already");
    EXPECT_EQ(problem([](Silence& s) { s.ends_at = noon + days{91}; }),
              "ends_at is more than 90 days after starts_at");
    EXPECT_EQ(problem([](Silence& s) { s.matchers.clear(); }),
              "matchers has 0 conditions, must have 1 to 20");
    EXPECT_NE(problem([](Silence& s) {
                  s.matchers[0].label = "colour";
              }).find("matchers: label \"colour\" is none of"),
              std::string::npos);
    EXPECT_EQ(problem([](Silence& s) { s.reason = std::string(1001, 'x'); }),
              "reason has 1001 bytes, must have at most 1000");
}

TEST(Silence, MayNotHideEverything)
{
    Silence silence = a_silence();
    for (const Matcher& matcher : {Matcher{"brand", MatchKind::not_equal, {"Bolt"}},
                                   Matcher{"brand", MatchKind::like, {"*"}},
                                   Matcher{"brand", MatchKind::like, {"A*", "?*"}}}) {
        silence.matchers = {matcher};
        EXPECT_FALSE(check(silence, noon)) << to_string(matcher);
    }
    silence.matchers.push_back({"network", MatchKind::equal, {"plaza"}});
    EXPECT_TRUE(check(silence, noon));
}

TEST(Silence, KeepsARecordOfWhatItHid)
{
    SilenceBook book;
    ASSERT_TRUE(book.put(a_silence(), noon));
    for (int i = 0; i < 30; ++i) {
        book.hid("s1", {.incident = "i" + std::to_string(i % 25), .episode = 1, .at = noon});
    }
    book.hid("unknown", {.incident = "x"});
    const HiddenRecord record = book.hidden_by("s1");

    EXPECT_EQ(record.count, 30u);
    ASSERT_EQ(record.last.size(), hidden_kept);
    EXPECT_EQ(record.last.back().incident, "i4");
    EXPECT_EQ(record.last.front().incident, "i10");
    EXPECT_EQ(book.hidden_by("unknown").count, 0u);
}

TEST(Silence, KeepsItsRecordWhenItIsChanged)
{
    SilenceBook book;
    ASSERT_TRUE(book.put(a_silence(), noon));
    book.hid("s1", {.incident = "i1"});
    Silence longer = a_silence();
    longer.ends_at += hours{5};
    ASSERT_TRUE(book.put(longer, noon));

    EXPECT_EQ(book.hidden_by("s1").count, 1u);
    EXPECT_EQ(book.all(), std::vector<Silence>{longer});

    SilenceBook restored;
    restored.restore(longer, book.hidden_by("s1"));
    EXPECT_EQ(restored.all(), book.all());
    EXPECT_EQ(restored.hidden_by("s1").last, book.hidden_by("s1").last);
}

TEST(Silence, BookIsBoundedAndForgetsWhatEnded)
{
    SilenceBook book;
    for (std::size_t i = 0; i < silences_max; ++i) {
        ASSERT_TRUE(book.put(a_silence("s" + std::to_string(i)), noon));
    }

    EXPECT_EQ(book.put(a_silence("more"), noon).error().kind, ErrorKind::refused);
    EXPECT_TRUE(book.put(a_silence("s7"), noon)) << "a change is no new one";
    EXPECT_EQ(book.forget_ended(noon + hours{2}), 0u);
    EXPECT_EQ(book.forget_ended(noon + hours{3}), silences_max);
}

} // namespace
} // namespace empathd::analysis

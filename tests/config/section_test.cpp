#include "config/section.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Fixture {
    Table table;
    std::vector<Problem> problems;

    Section section() { return Section(table, "a.toml", "[x]", 3, problems); }
    void put(const std::string& key, Value value) { table.emplace(key, std::move(value)); }
    [[nodiscard]] std::vector<std::string> messages() const
    {
        std::vector<std::string> out;
        for (const Problem& problem : problems) {
            out.push_back(to_string(problem));
        }
        return out;
    }
};

TEST(Section, GivesDefaultsForWhatIsAbsent)
{
    Fixture f;
    Section section = f.section();

    EXPECT_EQ(section.text("a", "x"), "x");
    EXPECT_EQ(section.integer("b", 7, 1, 9), 7);
    EXPECT_EQ(section.number("c", 0.5, 0, 1), 0.5);
    EXPECT_TRUE(section.flag("d", true));
    EXPECT_THAT(section.texts("e"), IsEmpty());
    section.finish();
    EXPECT_THAT(f.messages(), IsEmpty());
}

TEST(Section, NamesPlaceTypeAndRangeOfEachError)
{
    Fixture f;
    f.put("poll_s", {std::int64_t{0}, 5, 2});
    f.put("name", {true, 6, 2});
    f.put("rate", {std::string("fast"), 7, 2});
    Section section = f.section();

    EXPECT_EQ(section.integer("poll_s", 120, 1, 86400), 120);
    EXPECT_EQ(section.text("name", "n"), "n");
    EXPECT_EQ(section.number("rate", 2, 0, 10), 2);

    EXPECT_THAT(f.messages(),
                ElementsAre("a.toml:5:2: [x]: poll_s is 0, must be 1 to 86400",
                            "a.toml:6:2: [x]: name must be a text in quotes, not true or false",
                            "a.toml:7:2: [x]: rate must be a number, not a text"));
}

TEST(Section, ReportsEveryUnknownKeyWithTheNearestKnownOne)
{
    Fixture f;
    f.put("bas_url", {std::string("x"), 8, 1});
    f.put("zzzzqqqq", {std::string("x"), 9, 1});
    Section section = f.section();
    (void)section.text("base_url", "");
    (void)section.text("name", "");

    section.finish();

    EXPECT_THAT(
        f.messages(),
        ElementsAre("a.toml:8:1: [x]: unknown option \"bas_url\", did you mean \"base_url\"?",
                    "a.toml:9:1: [x]: unknown option \"zzzzqqqq\""));
}

TEST(Section, SaysWhatIsMissingAtTheTablesPlace)
{
    Fixture f;
    Section section = f.section();

    EXPECT_EQ(section.text_required("name"), "");

    EXPECT_THAT(f.messages(), ElementsAre("a.toml:3:1: [x]: name is missing"));
}

TEST(Section, TakesAddressesWithoutTheirTrailingSlash)
{
    Fixture f;
    f.put("good", {std::string("https://a.example/x//"), 1, 1});
    f.put("bad", {std::string("ftp://a.example"), 2, 1});
    f.put("worse", {std::string("https:///x"), 3, 1});
    Section section = f.section();

    EXPECT_EQ(section.base_url("good", ""), "https://a.example/x");
    EXPECT_EQ(section.base_url("bad", ""), "");
    EXPECT_EQ(section.base_url("worse", ""), "");

    EXPECT_THAT(f.messages(), ElementsAre(HasSubstr("ftp://a.example"), HasSubstr("https:///x")));
}

TEST(Section, OffersTheChoicesThereAre)
{
    Fixture f;
    f.put("audience", {std::string("staff"), 4, 1});
    Section section = f.section();

    EXPECT_EQ(section.choice("audience", "customer", {"customer", "employee"}), "customer");

    EXPECT_THAT(f.messages(),
                ElementsAre("a.toml:4:1: [x]: audience is \"staff\", must be one of \"customer\", "
                            "\"employee\""));
}

TEST(Section, RefusesListsThatHoldOtherThanTexts)
{
    Fixture f;
    std::vector<Value> items{{std::string("a"), 2, 10}, {std::int64_t{1}, 2, 15}};
    f.put("terms", {items, 2, 1});
    Section section = f.section();

    EXPECT_THAT(section.texts("terms"), ElementsAre("a"));

    EXPECT_THAT(f.messages(),
                ElementsAre("a.toml:2:15: [x]: terms holds a whole number, must be texts only"));
}

TEST(Section, TellsSectionsApartByWhatTheySay)
{
    Fixture one;
    one.put("name", {std::string("a"), 1, 1});
    one.put("terms", {std::vector<Value>{{std::string("b"), 2, 1}}, 2, 1});
    Fixture moved;
    moved.put("name", {std::string("a"), 7, 1});
    moved.put("terms", {std::vector<Value>{{std::string("b"), 8, 1}}, 8, 1});
    Fixture other;
    other.put("name", {std::string("a"), 1, 1});
    other.put("terms", {std::vector<Value>{{std::string("c"), 2, 1}}, 2, 1});

    EXPECT_EQ(one.section().fingerprint(), moved.section().fingerprint());
    EXPECT_NE(one.section().fingerprint(), other.section().fingerprint());
}

} // namespace
} // namespace empathd::config

#include "analysis/decision/labels.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd::analysis {
namespace {

Labels a_story()
{
    Labels labels;
    labels.add("brand", "Acme");
    labels.add("network", "chatter");
    labels.add("network", "plaza");
    labels.add("place", "Hà Nội");
    labels.add("severity", "warning");
    return labels;
}

bool holds(const std::string& condition)
{
    const Result<Matcher> matcher = parse_matcher(condition);
    EXPECT_TRUE(matcher) << condition << ": " << matcher.error().message;
    return matches(*matcher, a_story());
}

TEST(Matcher, FindsOneOfTheValuesAmongThoseOfALabel)
{
    EXPECT_TRUE(holds("brand = Acme"));
    EXPECT_TRUE(holds("brand=acme")) << "case does not matter";
    EXPECT_TRUE(holds("network = plaza"));
    EXPECT_TRUE(holds("network = forum | plaza"));
    EXPECT_FALSE(holds("network = forum | reviews"));
    EXPECT_FALSE(holds("brand = Acm"));
}

TEST(Matcher, DeniesOnlyWhenNoValueIsThere)
{
    EXPECT_FALSE(holds("network != plaza"));
    EXPECT_TRUE(holds("network != forum"));
    EXPECT_TRUE(holds("need != safety")) << "a label it lacks is not safety";
    EXPECT_FALSE(holds("need = safety"));
}

TEST(Matcher, FitsPatterns)
{
    EXPECT_TRUE(holds("brand ~ ac*"));
    EXPECT_TRUE(holds("brand ~ *me"));
    EXPECT_TRUE(holds("network ~ *la*"));
    EXPECT_TRUE(holds("brand ~ a??e"));
    EXPECT_FALSE(holds("brand ~ a?e"));
    EXPECT_TRUE(holds("place ~ H? N?i")) << "one character, not one byte";
    EXPECT_FALSE(holds("brand !~ *"));
    EXPECT_TRUE(holds("need !~ *")) << "it has none";
}

TEST(Matcher, FitsEveryPlaceOfAStar)
{
    EXPECT_TRUE(fits("*ab*ab", "ababab"));
    EXPECT_TRUE(fits("**", ""));
    EXPECT_TRUE(fits("", ""));
    EXPECT_FALSE(fits("", "a"));
    EXPECT_FALSE(fits("?", ""));
    EXPECT_FALSE(fits("a*b", "acbc"));
    const std::string long_text(20'000, 'a');
    EXPECT_FALSE(fits("*a*a*a*a*a*b", long_text)) << "and comes back soon";
}

TEST(Matcher, MatchesAllOfSeveral)
{
    const std::vector<Matcher> both{*parse_matcher("brand = Acme"),
                                    *parse_matcher("severity = warning")};
    const std::vector<Matcher> one{*parse_matcher("brand = Acme"),
                                   *parse_matcher("severity = info")};

    EXPECT_TRUE(matches(both, a_story()));
    EXPECT_FALSE(matches(one, a_story()));
    EXPECT_TRUE(matches(std::vector<Matcher>{}, a_story()));
}

TEST(Matcher, IsWrittenAsItIsRead)
{
    for (const std::string text :
         {"brand = Acme", "severity != info | warning", "place ~ Ha*", "place !~ * | ?"}) {
        EXPECT_EQ(to_string(*parse_matcher(text)), text);
    }
}

TEST(Matcher, SaysWhatIsWrongWithIt)
{
    const auto problem = [](const std::string& text) {
        const Result<Matcher> matcher = parse_matcher(text);
        return matcher ? std::string("nothing") : matcher.error().message;
    };

    EXPECT_NE(problem("Acme").find("is no condition"), std::string::npos);
    EXPECT_NE(problem("").find("is no condition"), std::string::npos);
    EXPECT_NE(problem("brand ! Acme").find("is no condition"), std::string::npos);
    EXPECT_NE(problem("brnd = Acme").find("label \"brnd\" is none of audience, brand"),
              std::string::npos);
    EXPECT_EQ(problem("brand ="), "brand has an empty value");
    EXPECT_EQ(problem("brand = a | | b"), "brand has an empty value");
    EXPECT_NE(problem("severity = bad").find("is none of info"), std::string::npos);
    EXPECT_NE(problem("brand = " + std::string(201, 'x')).find("201 bytes"), std::string::npos);
    std::string many = "brand = a";
    for (int i = 0; i < 60; ++i) {
        many += " | a";
    }
    EXPECT_NE(problem(many).find("must have 1 to 50"), std::string::npos);
}

TEST(Labels, OfAnIncidentHoldWhatItKnows)
{
    Incident incident;
    incident.brand = "Acme";
    incident.severity = Severity::error;
    incident.networks = {"a", "b"};
    incident.languages = {"fr"};
    const Labels labels = labels_of(incident);

    EXPECT_EQ(labels.of("brand").front(), "Acme");
    EXPECT_EQ(labels.of("severity").front(), "error");
    EXPECT_EQ(labels.of("network").size(), 2u);
    EXPECT_EQ(labels.of("language").front(), "fr");
    EXPECT_TRUE(labels.of("place").empty());
}

TEST(Labels, KeepAValueOnce)
{
    Labels labels;
    labels.add("place", "Lyon");
    labels.add("place", "Lyon");
    labels.add("place", "");

    EXPECT_EQ(labels.of("place").size(), 1u);
}

} // namespace
} // namespace empathd::analysis

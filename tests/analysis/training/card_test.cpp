#include "analysis/training/card.hpp"

#include "analysis/training/evaluate.hpp"
#include "tests/support/tiny_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace empathd::training {
namespace {

TEST(ModelCard, ASectionIsRenewedAndTheRestStays)
{
    const std::string card = "# Card\n<!-- begin sets -->\nold\n<!-- end sets -->\nAfter.\n";
    const auto renewed = with_section(card, "sets", "new\n");
    ASSERT_TRUE(renewed) << renewed.error().message;
    EXPECT_EQ(*renewed, "# Card\n<!-- begin sets -->\n\nnew\n\n<!-- end sets -->\nAfter.\n");
    EXPECT_EQ(*with_section(*renewed, "sets", "new\n"), *renewed);
}

TEST(ModelCard, ACardWithoutTheSectionIsRefused)
{
    const auto renewed = with_section("# Card\n<!-- begin sets -->\n", "sets", "x");
    ASSERT_FALSE(renewed);
    EXPECT_THAT(renewed.error().message, ::testing::HasSubstr("<!-- end sets -->"));
}

TEST(ModelCard, TypingsStandSideBySide)
{
    std::vector<Line> lines;
    for (const Typing typing : typings) {
        lines.push_back({"irony", "corpus", "vi", typing, {.macro_f1 = 0.8}});
    }
    std::ostringstream out;
    print_typings(out, lines);
    EXPECT_THAT(out.str(), ::testing::HasSubstr(
                               "| as is | no diacritics | capitals | no emoji | 5 % typos |"));
    EXPECT_THAT(out.str(),
                ::testing::HasSubstr("| irony | corpus | vi | 80.0 | 80.0 | 80.0 | 80.0 | 80.0 |"));
}

TEST(Evaluate, LabelsASetNeverHoldsAreNotAmongTheChoices)
{
    test::TinyModel tiny; // Knows nothing: every sentiment is as likely.
    const auto model = analysis::Model::from_parts(tiny.parts());
    const std::vector<Sample> samples = {
        {"fine", "en", "two labels", "a", {{"sentiment", "negative"}}},
        {"fine", "en", "two labels", "b", {{"sentiment", "positive"}}}};
    for (const Line& line : evaluate(*model, samples)) {
        EXPECT_EQ(line.head, "sentiment");
        EXPECT_DOUBLE_EQ(line.scores.accuracy, 0.5) << "neutral is no choice";
        EXPECT_NEAR(line.scores.ece, 0, 1e-6);
    }
}

} // namespace
} // namespace empathd::training

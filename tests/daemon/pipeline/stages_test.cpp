#include "daemon/pipeline/stages.hpp"

#include "tests/support/tiny_model.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd {
namespace {

using test::TinyModel;

/// Texts are English; "broken" is an angry complaint about the clerk.
Stages stages()
{
    TinyModel tiny;
    tiny.bias(0, 1, TinyModel::en, 5);
    for (const auto output : {TinyModel::complaint, TinyModel::negative, TinyModel::staff}) {
        tiny.teach("broken", output, 100);
    }
    const auto watches =
        analysis::MatchSet::build({{.brand = "Acme", .terms = {{.text = "Acme"}}}});
    EXPECT_TRUE(watches);
    return {.watches = *watches, .model = analysis::Model::from_parts(tiny.parts())};
}

std::optional<AnalysedPost> analysed(const std::string& title, const std::string& text)
{
    Post post;
    post.title = title;
    post.text = text;
    StageScratch scratch;
    return analyse_post(post, stages(), scratch);
}

constexpr Facet facets_taught[] = {Facet::sentiment, Facet::experience, Facet::reason};

TEST(Stages, DropAPostThatConcernsNoWatch)
{
    EXPECT_FALSE(analysed("", "my kettle is broken"));
}

TEST(Stages, PointAtTheWordsOfEveryFacetInTheText)
{
    const std::string text = "my Acme kettle is broken";
    for (const char* title : {"", "A kettle story", "Acme"}) {
        const auto post = analysed(title, text);
        ASSERT_TRUE(post);
        ASSERT_EQ(post->hits.size(), 1U);
        for (const Facet facet : facets_taught) {
            const Answer& answer = post->hits[0].experience.of(facet);
            ASSERT_EQ(answer.evidence.size(), 1U) << name_of(facet) << ' ' << title;
            const Span span = answer.evidence[0].span;
            EXPECT_EQ(text.substr(span.offset, span.length), "broken") << name_of(facet);
        }
    }
}

TEST(Stages, ReadTheTitleButCannotPointIntoIt)
{
    const auto post = analysed("Acme kettle broken", "What it says above");
    ASSERT_TRUE(post);
    for (const Facet facet : facets_taught) {
        const Answer& answer = post->hits[0].experience.of(facet);
        EXPECT_NE(answer.label, unsure) << name_of(facet);
        EXPECT_TRUE(answer.evidence.empty()) << name_of(facet);
    }
}

/// What a post by the brand's own account is taken for.
std::optional<AnalysedPost> by_the_brand(const std::string& text, const std::string& thread)
{
    TinyModel tiny;
    const auto watches = analysis::MatchSet::build(
        {{.brand = "Acme", .terms = {{.text = "Acme"}}, .official_accounts = {{"", "acme_help"}}}});
    EXPECT_TRUE(watches);
    Post post;
    post.author = "Acme_Help";
    post.text = text;
    post.thread = thread;
    StageScratch scratch;
    return analyse_post(
        post, {.watches = *watches, .model = analysis::Model::from_parts(tiny.parts())}, scratch);
}

TEST(Stages, TakeTheBrandsAnswerInAThreadAlsoWhereItDoesNotNameItself)
{
    const auto answer = by_the_brand("so sorry, we look into it", "q");
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->hits.size(), 1U);
    EXPECT_TRUE(answer->hits[0].official);
    EXPECT_EQ(answer->hits[0].brand, "Acme");
    EXPECT_TRUE(answer->hits[0].spans.empty());

    const auto named = by_the_brand("Acme is sorry", "q");
    ASSERT_TRUE(named);
    ASSERT_EQ(named->hits.size(), 1U);
    EXPECT_TRUE(named->hits[0].official);
    EXPECT_EQ(named->hits[0].spans.size(), 1U);
}

TEST(Stages, DropWhatTheBrandSaysOutsideOfAnyThread)
{
    EXPECT_FALSE(by_the_brand("happy friday everyone", ""));
}

} // namespace
} // namespace empathd

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

} // namespace
} // namespace empathd

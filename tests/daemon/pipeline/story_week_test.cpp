// How well posts are put together that tell the same event: labelled weeks through the shipped
// model and the story desk. The thresholds were set on dev.jsonl; week.jsonl only measures.
#include "tests/daemon/pipeline/story_week.hpp"

#include "analysis/experience/shipped_model.hpp"
#include "analysis/text/normalize.hpp"
#include "daemon/pipeline/stages.hpp"
#include "daemon/pipeline/story_desk.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <set>

namespace empathd {
namespace {

using test::LabelledPost;
using test::PairScore;

constexpr const char* folder = EMPATHD_SOURCE_DIR "/tests/golden/stories/";

Answer certain(const std::string& label)
{
    return {.label = label, .probability = 1, .probabilities = {{label, 1.0F}}, .evidence = {}};
}

/// What a model that is never wrong would say.
Experience as_labelled(const LabelledPost& labelled)
{
    Experience out;
    out.language = labelled.language;
    out.of(Facet::experience) = certain(labelled.complaint ? "complaint" : "other");
    out.of(Facet::witness) = certain(labelled.witness);
    out.of(Facet::reason) = certain(labelled.reason);
    out.of(Facet::need) = certain(labelled.need);
    return out;
}

class Week {
public:
    explicit Week(std::vector<LabelledPost> posts) : posts_(std::move(posts))
    {
        std::set<std::string> brands;
        for (const LabelledPost& labelled : posts_) {
            brands.insert(labelled.brand);
        }
        std::vector<Watch> watches;
        for (const std::string& brand : brands) {
            watches.push_back({.brand = brand, .terms = {{.text = brand}}});
        }
        stages_.watches = analysis::MatchSet::build(watches).value();
        stages_.model = analysis::Model::from_bytes(analysis::shipped_model()).value();
    }

    /// Where each post went, by the model's labels or by the given ones.
    std::vector<std::string> placed(bool with_given_labels)
    {
        StoryDesk desk({});
        std::vector<std::string> out;
        for (const LabelledPost& labelled : posts_) {
            DeskInput input;
            input.posts.push_back(understood(labelled));
            input.at = labelled.post.seen_at;
            if (with_given_labels) {
                input.posts[0].hits[0].experience = as_labelled(labelled);
            }
            out.push_back(desk.take(input).mentions.at(0).incident);
        }
        return out;
    }

    [[nodiscard]] const std::vector<LabelledPost>& posts() const { return posts_; }

private:
    /// As the pipeline reads it. A reply that does not name the brand counts as one about it, as
    /// where a source follows a thread.
    AnalysedPost understood(const LabelledPost& labelled)
    {
        if (auto analysed = analyse_post(labelled.post, stages_, scratch_)) {
            return *analysed;
        }
        AnalysedPost out;
        out.post = labelled.post;
        BrandHit hit;
        hit.brand = labelled.brand;
        const std::string& text = labelled.post.text;
        hit.experience = stages_.model->analyse(text, {}, scratch_.model, false);
        out.hits.push_back(std::move(hit));
        out.signature = analysis::minhash(analysis::folded(text, analysis::Fold::stripped));
        return out;
    }

    std::vector<LabelledPost> posts_;
    Stages stages_;
    StageScratch scratch_;
};

/// Prints the figures by brand; the score of all.
PairScore measured(Week& week, const char* name, bool with_given_labels)
{
    const auto scores = score_pairs(week.posts(), week.placed(with_given_labels));
    for (const auto& [brand, score] : scores) {
        std::printf("%s, %s labels, %-14s precision %.3f  recall %.3f  F1 %.3f\n", name,
                    with_given_labels ? "given" : "model's", brand.empty() ? "all" : brand.c_str(),
                    score.precision(), score.recall(), score.f1());
    }
    const auto all = scores.find("");
    return all == scores.end() ? PairScore{} : all->second;
}

TEST(StoryWeek, CountsPairsOfPosts)
{
    std::vector<LabelledPost> posts(5);
    posts[0].story = posts[1].story = posts[2].story = "S1";
    posts[3].story = "S2";
    for (LabelledPost& labelled : posts) {
        labelled.brand = "Acme";
    }

    const PairScore score = score_pairs(posts, {"a", "a", "", "a", "a"}).at("");

    EXPECT_EQ(score.right, 1u);
    EXPECT_EQ(score.wrong, 2u);
    EXPECT_EQ(score.missed, 2u);
    EXPECT_DOUBLE_EQ(score.precision(), 1.0 / 3);
    EXPECT_DOUBLE_EQ(score.recall(), 1.0 / 3);
    EXPECT_DOUBLE_EQ(score.f1(), 1.0 / 3);
}

// What is wanted is an F1 of 0.85, which neither week has (analysis/incident/README.md). The bounds
// here only keep what is reached: three hundredths below what was measured.

TEST(StoryWeek, OfDevelopmentStaysAsWellPutTogetherAsItWas)
{
    Week week(test::read_story_week(std::string(folder) + "dev.jsonl"));
    ASSERT_GT(week.posts().size(), 400u);
    EXPECT_GE(measured(week, "dev", false).f1(), 0.78);
    EXPECT_GE(measured(week, "dev", true).f1(), 0.80);
}

TEST(StoryWeek, NeverTunedOnStaysAsWellPutTogetherAsItWas)
{
    Week week(test::read_story_week(std::string(folder) + "week.jsonl"));
    ASSERT_GT(week.posts().size(), 400u);
    EXPECT_GE(measured(week, "week", false).f1(), 0.65);
    EXPECT_GE(measured(week, "week", true).f1(), 0.80);
}

} // namespace
} // namespace empathd

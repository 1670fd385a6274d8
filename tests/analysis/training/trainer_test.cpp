#include "analysis/training/trainer.hpp"

#include "analysis/experience/model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace empathd::training {
namespace {

/// A little corpus with a pattern that can be learned: what is late or broken is a complaint.
std::vector<Sample> small_corpus()
{
    struct Line {
        std::string_view language;
        std::string_view text;
        bool complaint;
    };
    const Line lines[] = {
        {"en", "my parcel is late and nobody answers", true},
        {"en", "the kettle arrived broken and they refuse a refund", true},
        {"en", "great coffee and kind people here", false},
        {"en", "does the shop open on monday", false},
        {"fr", "mon colis est en retard et personne ne répond", true},
        {"fr", "la machine est tombée en panne hier", true},
        {"fr", "très bon café et accueil gentil", false},
        {"fr", "est-ce que la boutique ouvre lundi", false},
        {"vi", "đơn hàng giao trễ mà không ai trả lời", true},
        {"vi", "máy mới mua đã bị hỏng rồi", true},
        {"vi", "quán ngon nhân viên dễ thương", false},
        {"vi", "thứ hai cửa hàng có mở không ạ", false},
    };
    const char* endings[] = {"today", "again", "in town", "at last", "so far", "this week"};
    std::vector<Sample> samples;
    for (int industry = 0; industry < 6; ++industry) {
        for (const Line& line : lines) {
            Sample sample;
            sample.text = std::string(line.text) + " " + endings[industry];
            sample.language = line.language;
            sample.set = "corpus";
            sample.group = std::string("industry ") + static_cast<char>('a' + industry);
            sample.labels = {{"language", sample.language},
                             {"sentiment", line.complaint ? "negative" : "positive"},
                             {"experience", line.complaint ? "complaint" : "praise"},
                             {"stage", industry % 2 == 0 ? "during" : "after"}};
            samples.push_back(std::move(sample));
        }
    }
    samples.push_back({"a text whose label trains one head only",
                       "en",
                       "umsab_english",
                       "x",
                       {{"sentiment", "neutral"}}});
    return samples;
}

Plan small_plan()
{
    Plan plan = shipped_plan("small");
    plan.row_bits = 12;
    plan.folds = 3;
    std::erase_if(plan.heads, [](const HeadPlan& head) {
        return head.name != "sentiment" && head.name != "experience";
    });
    return plan;
}

TEST(Trainer, TheSameSamplesGiveTheSameBytes)
{
    const std::vector<Sample> samples = small_corpus();
    const std::string first = analysis::write_model(train(samples, small_plan(), {}).parts);
    const std::string second = analysis::write_model(train(samples, small_plan(), {}).parts);
    EXPECT_EQ(first, second);
}

TEST(Trainer, LearnsWhatIsInTheSamples)
{
    const std::vector<Sample> samples = small_corpus();
    const Trained trained = train(samples, small_plan(), {});
    const auto model = analysis::Model::from_bytes(analysis::write_model(trained.parts));
    ASSERT_TRUE(model) << model.error().message;
    analysis::Scratch scratch;
    std::size_t right = 0;
    for (const Sample& sample : samples) {
        const auto answers = (*model)->answer_all(sample.text, {}, scratch, false);
        for (const auto& [label, probability] : answers[2].probabilities) {
            right += label == sample.label("experience") && probability > 0.5F ? 1 : 0;
        }
    }
    EXPECT_GE(right, 68U);
}

TEST(Trainer, AsksOnlyModelsThatHaveNotSeenTheGroup)
{
    const std::vector<Sample> samples = small_corpus();
    const Trained trained = train(samples, small_plan(), {});
    ASSERT_EQ(trained.results.size(), 3U);
    const HeadResult& experience = trained.results[2];
    std::size_t as_is = 0;
    for (const HeldOut& one : experience.held_out) {
        EXPECT_FALSE(samples[one.sample].label("experience").empty());
        as_is += one.typing == Typing::as_is ? 1 : 0;
    }
    EXPECT_EQ(as_is, 72U); // Every text of the corpus once.
}

TEST(Trainer, TheOrderInWhichJobsRunChangesNothing)
{
    const std::vector<Sample> samples = small_corpus();
    Tools backward;
    backward.run = [](std::span<const std::function<void()>> jobs) {
        for (std::size_t i = jobs.size(); i-- > 0;) {
            jobs[i]();
        }
    };
    EXPECT_EQ(analysis::write_model(train(samples, small_plan(), {}).parts),
              analysis::write_model(train(samples, small_plan(), backward).parts));
}

// The table must give at once what the two fits give one after the other, and int8 must cost next
// to nothing.
TEST(Trainer, TheFileAnswersAsTheFitsDid)
{
    const std::vector<Sample> samples = small_corpus();
    const Trained trained = train(samples, small_plan(), {});
    const auto model = analysis::Model::from_parts(trained.parts);
    analysis::Scratch scratch;
    double apart = 0;
    for (std::size_t i = 0; i + 1 < samples.size(); ++i) {
        const auto answers = model->answer_all(samples[i].text, {}, scratch, false);
        ASSERT_EQ(answers[0].label, samples[i].language);
        const auto found = std::ranges::find_if(trained.results[2].held_out, [&](const auto& one) {
            return one.sample == i && one.typing == Typing::as_is;
        });
        ASSERT_NE(found, trained.results[2].held_out.end());
        apart = std::max(apart, std::abs(found->judged.probabilities[0] -
                                         double{answers[2].probabilities[0].second}));
    }
    EXPECT_LT(apart, 0.35); // The final fit has seen the text, the fold's has not.
    EXPECT_GT(apart, 0);
}

TEST(Trainer, HeadsOrderLabelsAndLanguagesAreThePlans)
{
    Plan plan = small_plan();
    plan.heads.erase(plan.heads.begin());
    plan.heads[0].languages = {"vi"};
    const Trained trained = train(small_corpus(), plan, {});
    ASSERT_EQ(trained.parts.heads.size(), 2U);
    const analysis::Head& head = trained.parts.heads[1];
    EXPECT_EQ(head.name, "experience");
    EXPECT_FALSE(head.languages[0].answers);
    EXPECT_TRUE(head.languages[2].answers);
}

TEST(ShippedPlan, AsksEveryQuestionOfTheSchemeInItsWords)
{
    const Plan plan = shipped_plan("1");
    EXPECT_EQ(plan.heads.size(), facet_count);
    std::uint32_t outputs = plan.language.outputs;
    for (const HeadPlan& head : plan.heads) {
        const auto facet = facet_named(head.name);
        ASSERT_TRUE(facet) << head.name;
        EXPECT_TRUE(std::ranges::equal(head.labels, labels_of(*facet))) << head.name;
        outputs += head.outputs;
    }
    EXPECT_LE(outputs, analysis::model_outputs_max);
}

} // namespace
} // namespace empathd::training

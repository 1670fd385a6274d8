#include "analysis/experience/model.hpp"

#include "tests/support/tiny_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace empathd::analysis {
namespace {

using test::TinyModel;

Experience analyse(const std::shared_ptr<const Model>& model, std::string_view text,
                   bool with_evidence = false, std::vector<Span> mask = {})
{
    Scratch scratch;
    return model->analyse(text, mask, scratch, with_evidence);
}

std::shared_ptr<const Model> english_model()
{
    TinyModel tiny;
    tiny.bias(0, 1, TinyModel::en, 5); // Every text is English.
    tiny.teach("broken", TinyModel::complaint, 100);
    tiny.teach("lovely", TinyModel::praise, 100);
    tiny.teach("when", TinyModel::question, 100);
    tiny.teach("meh", TinyModel::other, 100);
    tiny.teach("broken", TinyModel::negative, 100);
    tiny.teach("lovely", TinyModel::positive, 100);
    tiny.teach("meh", TinyModel::neutral, 100);
    tiny.teach("clerk", TinyModel::staff, 100);
    return Model::from_parts(tiny.parts());
}

TEST(Model, AnswersEveryHeadInOnePass)
{
    const Experience experience = analyse(english_model(), "it is broken");
    EXPECT_EQ(experience.language, "en");
    EXPECT_GT(experience.language_probability, 0.9F);
    EXPECT_EQ(experience.of(Facet::sentiment).label, "negative");
    EXPECT_EQ(experience.of(Facet::experience).label, "complaint");
    EXPECT_EQ(experience.of(Facet::emotion).label, unsure); // The file has no such head.
    EXPECT_EQ(experience.model, "tiny-1");
    ASSERT_EQ(experience.of(Facet::sentiment).probabilities.size(), 3U);
    float sum = 0;
    for (const auto& [label, probability] : experience.of(Facet::sentiment).probabilities) {
        sum += probability;
    }
    EXPECT_NEAR(sum, 1, 1e-5);
    EXPECT_EQ(analyse(english_model(), "lovely").of(Facet::experience).label, "praise");
}

TEST(Model, IsUnsureBelowTheThreshold)
{
    const Experience experience = analyse(english_model(), "it is a thing");
    EXPECT_EQ(experience.of(Facet::experience).label, unsure);
    EXPECT_NEAR(experience.of(Facet::experience).probability, 0.25F, 1e-3F);
    EXPECT_TRUE(experience.of(Facet::experience).evidence.empty());
}

TEST(Model, AsksForTheReasonOfComplaintsOnly)
{
    const Experience complaint = analyse(english_model(), "broken by the clerk", true);
    EXPECT_EQ(complaint.of(Facet::experience).label, "complaint");
    EXPECT_EQ(complaint.of(Facet::reason).label, "staff");
    EXPECT_FALSE(complaint.of(Facet::reason).evidence.empty());

    const Experience praise = analyse(english_model(), "a lovely clerk", true);
    EXPECT_EQ(praise.of(Facet::experience).label, "praise");
    EXPECT_EQ(praise.of(Facet::reason).label, none);
    EXPECT_NEAR(praise.of(Facet::reason).probability,
                1 - probability_of(praise.of(Facet::experience), "complaint"), 1e-6F);
    EXPECT_TRUE(praise.of(Facet::reason).evidence.empty());
    EXPECT_EQ(praise.of(Facet::reason).probabilities.size(), 2U); // What the head said stays.
}

TEST(Model, AsksForTheTargetWhereSomethingIsFelt)
{
    for (const char* text : {"it is broken", "it is lovely"}) {
        EXPECT_NE(analyse(english_model(), text).of(Facet::target).label, none) << text;
    }
    for (const char* text : {"when does it open", "it is meh"}) {
        const Experience experience = analyse(english_model(), text);
        EXPECT_EQ(experience.of(Facet::target).label, none) << text;
        EXPECT_GT(experience.of(Facet::target).probability, 0.5F) << text;
        EXPECT_EQ(experience.of(Facet::reason).label, none) << text;
    }
}

TEST(Model, ShowsNoWordsForALabelThatSaysSomethingIsNotThere)
{
    const Experience experience = analyse(english_model(), "it is meh", true);
    EXPECT_EQ(experience.of(Facet::sentiment).label, "neutral");
    EXPECT_TRUE(experience.of(Facet::sentiment).evidence.empty());
    EXPECT_EQ(experience.of(Facet::experience).label, "other");
    EXPECT_TRUE(experience.of(Facet::experience).evidence.empty());
}

TEST(Model, AnUnknownLanguageLeavesOnlyWhatNeedsNone)
{
    TinyModel tiny;
    tiny.bias(0, 1, TinyModel::und, 5);
    tiny.teach("broken", TinyModel::complaint, 100);
    const std::size_t angry = index_of(ShapeRule::emoji_negative);
    tiny.parts().rules[angry * TinyModel::outputs + TinyModel::complaint] = 3;
    const auto model = Model::from_parts(tiny.parts());
    const Experience words = analyse(model, "broken", true);
    EXPECT_EQ(words.language, "und");
    const Answer& of_words = words.of(Facet::experience);
    EXPECT_EQ(of_words.label, unsure);
    EXPECT_NEAR(of_words.probability, 0.25F, 1e-4F); // The word did not count.
    EXPECT_TRUE(of_words.evidence.empty());
    const Experience emoji = analyse(model, "broken 😡");
    EXPECT_EQ(emoji.of(Facet::experience).label, unsure);
    EXPECT_GT(emoji.of(Facet::experience).probability, 0.8F); // The emoji did.
}

TEST(Model, EvidenceDoesNotChangeTheAnswers)
{
    const auto model = english_model();
    for (const char* text : {"it is broken and lovely", "", "😡!!", "broken broken broken"}) {
        const Experience fast = analyse(model, text);
        const Experience slow = analyse(model, text, true);
        for (const Facet facet : all_facets()) {
            EXPECT_EQ(fast.of(facet).label, slow.of(facet).label) << text;
            EXPECT_EQ(fast.of(facet).probability, slow.of(facet).probability) << text;
            EXPECT_EQ(fast.of(facet).probabilities, slow.of(facet).probabilities) << text;
        }
    }
}

TEST(Model, EvidenceIsTheWordThatCausedIt)
{
    const std::string text = "Sadly my kettle arrived Broken, again";
    const Experience experience = analyse(english_model(), text, true);
    ASSERT_EQ(experience.of(Facet::experience).evidence.size(), 1U);
    const Evidence& evidence = experience.of(Facet::experience).evidence.front();
    EXPECT_EQ(text.substr(evidence.span.offset, evidence.span.length), "Broken");
    EXPECT_GT(evidence.weight, 0);
}

TEST(Model, MaskedNamesAndHandlesAreNeverEvidence)
{
    const auto model = english_model();
    const std::string text = "the broken thing";
    const auto evidence_of = [&](std::string_view of, std::vector<Span> mask) {
        return analyse(model, of, true, std::move(mask)).of(Facet::experience).evidence;
    };
    EXPECT_FALSE(evidence_of(text, {}).empty());
    EXPECT_TRUE(evidence_of(text, {{4, 6}}).empty());
    EXPECT_TRUE(evidence_of("the @broken thing", {}).empty());
}

TEST(Model, LongTextsDoNotOverflowTheSums)
{
    TinyModel tiny;
    tiny.bias(0, 1, TinyModel::en, 5);
    std::ranges::fill(tiny.parts().rows, std::int8_t{127});
    const auto model = Model::from_parts(tiny.parts());
    std::string text;
    while (text.size() < 64 * 1024) {
        text += "every word of this long text weighs the most ";
    }
    Scratch scratch;
    const std::vector<Answer> answers = model->answer_all(text, {}, scratch, false);
    // All outputs of a softmax get the same sum, so each label the same share.
    for (const auto& [label, probability] : answers[1].probabilities) {
        EXPECT_NEAR(probability, 1.0F / 3, 1e-4F) << label;
    }
    EXPECT_EQ(answers[3].label, "staff"); // One output: a logit that grew with the sum.
}

TEST(Model, LabelsAndTheirOrderAreTheFiles)
{
    TinyModel tiny;
    tiny.bias(0, 1, TinyModel::en, 5);
    tiny.parts().heads[1].name = "weather";
    tiny.parts().heads[1].labels = {"rain", "sun", "snow"};
    tiny.teach("umbrella", TinyModel::negative, 127);
    const auto model = Model::from_parts(tiny.parts());
    Scratch scratch;
    EXPECT_EQ(model->answer_all("umbrella", {}, scratch, false)[1].label, "rain");
    // A head Experience has no place for is left out.
    EXPECT_EQ(model->analyse("umbrella", {}, scratch, false).of(Facet::sentiment).label, unsure);
}

TEST(Model, MoreThanSixteenOutputsTakeTwoBlocks)
{
    TinyModel tiny;
    ModelParts& parts = tiny.parts();
    Head head{.name = "many", .labels = {}, .outputs = 12};
    for (char c = 'a'; c < 'm'; ++c) {
        head.labels.emplace_back(1, c);
    }
    head.languages.assign(2, {true, 1, 0, std::vector<float>(12, 0)});
    parts.heads.push_back(head);
    const std::size_t outputs = TinyModel::outputs + 12;
    parts.scale.assign(outputs, 0.1F);
    parts.rules.assign(rule_count * outputs, 0);
    parts.rows.assign((std::size_t{1} << parts.row_bits) * outputs, 0);
    Extractor extractor;
    extractor.extract("word", {}, false);
    const std::size_t row = extractor.words()[0] >> (32 - parts.row_bits);
    parts.rows[row * outputs + outputs - 1] = 127;
    const Result<std::shared_ptr<const Model>> model = Model::from_bytes(write_model(parts));
    ASSERT_TRUE(model) << model.error().message;
    Scratch scratch;
    EXPECT_EQ((*model)->answer_all("word", {}, scratch, false)[5].label, "l");
    EXPECT_EQ((*model)->answer_all("word", {}, scratch, true)[5].label, "l");
}

TEST(Model, AMalformedFileIsRefused)
{
    const auto model = Model::from_bytes("EMPATHDM");
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().kind, ErrorKind::malformed);
}

TEST(Model, AFileWithALabelTheSchemeHasNotIsRefused)
{
    ASSERT_TRUE(Model::from_bytes(TinyModel().bytes()));
    TinyModel tiny;
    tiny.parts().heads[2].labels[0] = "moan";
    const auto model = Model::from_bytes(tiny.bytes());
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().kind, ErrorKind::malformed);
    EXPECT_EQ(model.error().message, "model file: head experience has the label moan, which the "
                                     "label scheme has not");
}

// Found by fuzz_understand: spans of signs that stand for no bytes.
TEST(Model, InvalidUtf8HasNoEvidenceOfNoLength)
{
    const auto model = Model::from_bytes(TinyModel().teach("w", TinyModel::negative, 90).bytes());
    ASSERT_TRUE(model);
    Scratch scratch;
    const Experience says = (*model)->analyse("\xda"
                                              "w"
                                              "\xd2"
                                              "w",
                                              {}, scratch, true);
    for (const Answer& answer : says.answers) {
        for (const Evidence& one : answer.evidence) {
            EXPECT_GT(one.span.length, 0U);
        }
    }
}

} // namespace
} // namespace empathd::analysis

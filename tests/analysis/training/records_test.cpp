#include "analysis/training/records.hpp"

#include "analysis/training/files.hpp"
#include "analysis/training/sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace empathd::training {
namespace {

TEST(Records, ReadStringsAndLeaveTheRestOut)
{
    const Result<Record> record =
        parse_record(R"({"text": "d\u00e9\u00e7u", "stars": 1, "tags": ["a"], "lang": "fr"})");
    ASSERT_TRUE(record) << record.error().message;
    EXPECT_EQ(record->at("text"), "déçu");
    EXPECT_EQ(record->at("lang"), "fr");
    EXPECT_EQ(record->at("stars"), "");
    EXPECT_EQ(record->members.size(), 2U);
}

TEST(Records, RefuseWhatIsNoObjectOfText)
{
    const std::string lines[] = {"",
                                 "[]",
                                 "{",
                                 "{\"a\": }",
                                 "{\"a\": \"\xff\"}",
                                 "{} {}",
                                 std::string(100'000, '['),
                                 "{\"a\":\"" + std::string(record_bytes_max, 'x') + "\"}"};
    for (const std::string& line : lines) {
        const Result<Record> record = parse_record(line);
        ASSERT_FALSE(record) << line.substr(0, 20);
        EXPECT_EQ(record.error().kind, ErrorKind::malformed);
    }
}

TEST(Records, AMissingFileIsNamed)
{
    const auto records = read_records("/nowhere/en.jsonl");
    ASSERT_FALSE(records);
    EXPECT_EQ(records.error().kind, ErrorKind::not_found);
    EXPECT_THAT(records.error().message, testing::HasSubstr("/nowhere/en.jsonl"));
    EXPECT_THAT(load_sets("/nowhere").error().message, testing::HasSubstr("umsab_english.jsonl"));
}

TEST(Samples, TakeTheirLabelsFromTheCorpusLine)
{
    const Record record{{{"text", "bị lỗi"},
                         {"lang", "vi"},
                         {"industry", "shops"},
                         {"sentiment", "negative"},
                         {"experience", "complaint"},
                         {"reason", "staff"},
                         {"target", "none"}}};
    const auto sample = sample_of_corpus(record);
    ASSERT_TRUE(sample);
    EXPECT_EQ(sample->label("language"), "vi");
    EXPECT_EQ(sample->label("sentiment"), "negative");
    EXPECT_EQ(sample->label("experience"), "complaint");
    EXPECT_EQ(sample->label("reason"), "staff");
    EXPECT_EQ(sample->label("target"), "") << "nothing to learn where there is none";
    EXPECT_EQ(sample->group, "shops");
    EXPECT_FALSE(sample_of_corpus(Record{{{"lang", "vi"}}}));
}

TEST(Samples, AReasonIsLearnedFromComplaintsOnly)
{
    const Record record{
        {{"text", "hi"}, {"lang", "en"}, {"experience", "praise"}, {"reason", "none"}}};
    EXPECT_EQ(sample_of_corpus(record)->label("reason"), "");
}

TEST(Samples, NamesOfCompaniesAreMasked)
{
    const Record record{{{"text", "Norvane Rail is late, norvane! Norvane Rail"},
                         {"lang", "en"},
                         {"names", "Norvane Rail|norvane"}}};
    EXPECT_EQ(sample_of_corpus(record)->text, "\x01 is late, \x01! \x01");
}

TEST(Samples, LabelsWithoutAMeaningForUsTeachNothing)
{
    for (const Source& source : sources()) {
        if (source.set != "goemotions_ekman") {
            continue;
        }
        // A line whose label is taken and whose language is not: the set is thinned out.
        const std::size_t line = source.label_step;
        const auto sample = [&](std::string_view label) {
            return sample_of_set(source, Record{{{"text", "hi"}, {"label", std::string(label)}}},
                                 line);
        };
        ASSERT_TRUE(sample("joy"));
        EXPECT_EQ(sample("joy")->label("sentiment"), "positive");
        EXPECT_EQ(sample("disgust")->label("sentiment"), "negative");
        EXPECT_EQ(sample("disgust")->label("emotion"), "disgust");
        EXPECT_EQ(sample("surprise")->label("emotion"), "surprise");
        EXPECT_EQ(sample("surprise")->label("sentiment"), "");
        EXPECT_FALSE(sample("joy,surprise"));
    }
}

TEST(Samples, EscapesLeftInASetArePutRight)
{
    EXPECT_EQ(clean_text("c\\u2019mon \\ud83d\\ude00!"), "c’mon 😀!");
    EXPECT_EQ(clean_text("\\u12 \\u \\uzzzz \\ud83d"), "\\u12 \\u \\uzzzz ");
    EXPECT_EQ(clean_text("e\xcc\x81"), "é");
}

TEST(Samples, MeasuringSetsSayWhichHeadTheyMeasure)
{
    const auto sample = [](std::string_view label) {
        return *sample_of_measure(
            "s", Record{{{"text", "hi"}, {"lang", "en"}, {"label", std::string(label)}}});
    };
    EXPECT_EQ(sample("complaint").label("complaint"), "yes");
    EXPECT_EQ(sample("no").label("complaint"), "no");
    EXPECT_EQ(sample("other").label("complaint"), "no");
    EXPECT_EQ(sample("neutral").label("sentiment"), "neutral");
    EXPECT_EQ(sample("neutral").label("complaint"), "");
    EXPECT_EQ(sample("Enjoyment").label("emotion"), "joy");
    EXPECT_EQ(sample("hate").label("offence"), "yes");
}

} // namespace
} // namespace empathd::training

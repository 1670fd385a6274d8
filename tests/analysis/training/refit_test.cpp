#include "analysis/training/refit.hpp"

#include "analysis/training/files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace empathd::training {
namespace {

using ::testing::HasSubstr;

Result<Sample> correction(std::vector<std::pair<std::string, std::string>> members)
{
    return sample_of_correction(Record{std::move(members)});
}

TEST(Corrections, TeachTheHeadsTheyName)
{
    const auto sample =
        correction({{"lang", "en"}, {"text", "Acme again"}, {"experience", "complaint"}});
    ASSERT_TRUE(sample) << sample.error().message;
    EXPECT_TRUE(sample->correction);
    EXPECT_EQ(sample->label("experience"), "complaint");
    EXPECT_EQ(sample->label("stage"), "");
}

TEST(Corrections, SayWhatIsMissingOrUnknown)
{
    EXPECT_THAT(correction({{"text", "hi"}, {"stage", "after"}}).error().message,
                HasSubstr("\"lang\""));
    EXPECT_THAT(correction({{"lang", "en"}, {"text", "hi"}}).error().message,
                HasSubstr("at least one head"));
    EXPECT_THAT(correction({{"lang", "en"}, {"text", "hi"}, {"stage", "after"}, {"nead", "refund"}})
                    .error()
                    .message,
                HasSubstr("\"nead\""));
    EXPECT_THAT(correction({{"lang", "en"}, {"text", "hi"}, {"reason", "staff"}}).error().message,
                HasSubstr("complaint"));
    const auto unknown = correction({{"lang", "en"}, {"text", "hi"}, {"stage", "later"}});
    EXPECT_THAT(unknown.error().message, HasSubstr("\"stage\" is \"later\""));
    EXPECT_THAT(unknown.error().message, HasSubstr("before, during, after, unknown"));
}

TEST(Corrections, ABadLineIsNamed)
{
    const empathd::testing::TemporaryFolder folder;
    const auto file = folder.path() / "own.jsonl";
    std::ofstream(file) << R"({"lang": "en", "text": "a", "stage": "after"})" << '\n'
                        << R"({"lang": "en", "text": "b", "need": "pony"})" << '\n';
    const auto samples = load_corrections(file);
    ASSERT_FALSE(samples);
    EXPECT_THAT(samples.error().message, HasSubstr("own.jsonl, record 2"));
}

analysis::ModelParts parts(float experience, float stage)
{
    const auto head = [](const char* name, float score) {
        analysis::Head made{.name = name, .labels = {"a", "b"}, .outputs = 1};
        made.languages.resize(2);
        made.languages[0].score = score;
        return made;
    };
    analysis::ModelParts parts;
    parts.heads = {
        {.name = "language", .labels = {"en", "und"}, .outputs = 2, .languages = {{}, {}}},
        head("experience", experience),
        head("stage", stage)};
    return parts;
}

TEST(Refit, AnEqualOrBetterModelMayReplace)
{
    EXPECT_THAT(what_is_worse(parts(0.8F, 0.6F), parts(0.8F, 0.6F)), ::testing::IsEmpty());
    EXPECT_THAT(what_is_worse(parts(0.8F, 0.6F), parts(0.795F, 0.62F)), ::testing::IsEmpty());
}

TEST(Refit, AModelThatLosesAHeadMayNot)
{
    const auto worse = what_is_worse(parts(0.8F, 0.6F), parts(0.85F, 0.57F));
    ASSERT_EQ(worse.size(), 1U);
    EXPECT_EQ(worse[0], "stage (en) falls from 60.0 to 57.0");
}

TEST(Refit, AModelThatLosesALittleEverywhereMayNot)
{
    const auto worse = what_is_worse(parts(0.8F, 0.6F), parts(0.795F, 0.595F));
    ASSERT_EQ(worse.size(), 1U);
    EXPECT_THAT(worse[0], HasSubstr("mean of all heads falls"));
}

TEST(Refit, WhatWasNeverMeasuredIsNotCompared)
{
    EXPECT_THAT(what_is_worse(parts(0, 0.6F), parts(0.5F, 0.6F)), ::testing::IsEmpty());
}

TEST(ReplaceFile, KeepsTheOldOne)
{
    const empathd::testing::TemporaryFolder folder;
    const auto file = folder.path() / "model.bin";
    ASSERT_TRUE(replace_file(file, "one"));
    ASSERT_TRUE(replace_file(file, "two"));
    const auto read = [](const std::filesystem::path& path) {
        std::ifstream stream(path);
        return std::string{std::istreambuf_iterator<char>(stream), {}};
    };
    EXPECT_EQ(read(file), "two");
    EXPECT_EQ(read(folder.path() / "model.bin.old"), "one");
    EXPECT_FALSE(replace_file("/nowhere/model.bin", "x"));
}

} // namespace
} // namespace empathd::training

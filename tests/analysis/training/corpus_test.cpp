// Our own posts: every line must be usable, and no post may be another one in disguise.
#include "analysis/text/normalize.hpp"
#include "analysis/training/records.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace empathd::training {
namespace {

const std::map<std::string, std::set<std::string, std::less<>>>& allowed()
{
    static const std::map<std::string, std::set<std::string, std::less<>>> values = {
        {"lang", {"en", "fr", "vi"}},
        {"manner", {"tweet", "reply", "comment", "forum", "review", "story", "appstore"}},
        {"sentiment", {"negative", "neutral", "positive"}},
        {"emotion", {"anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"}},
        {"experience", {"complaint", "praise", "question", "other"}},
        {"reason", {"staff", "product_or_service", "no_interaction", "overall", "none"}},
        {"target", {"company", "product", "service", "interaction", "none"}},
        {"need",
         {"refund", "replacement_or_repair", "information", "delivery", "access", "apology",
          "safety", "none"}},
        {"stage", {"before", "during", "after", "unknown"}},
        {"leaving", {"yes", "no"}},
        {"irony", {"yes", "no"}},
        {"witness", {"first_hand", "second_hand", "none"}},
        {"offence", {"yes", "no"}},
        {"audience", {"customer", "employee"}},
    };
    return values;
}

std::vector<Record> posts(const std::string& language)
{
    const auto records = read_records(EMPATHD_SOURCE_DIR "/analysis/corpus/" + language + ".jsonl");
    EXPECT_TRUE(records) << records.error().message;
    return records ? *records : std::vector<Record>{};
}

class CorpusTest : public testing::TestWithParam<std::string> {};

TEST_P(CorpusTest, EveryLineHasEveryLabelAndOnlyKnownOnes)
{
    const std::vector<Record> records = posts(GetParam());
    EXPECT_GE(records.size(), 3000U);
    for (const Record& record : records) {
        EXPECT_EQ(record.members.size(), allowed().size() + 4) << record.at("id");
        for (const auto& [member, values] : allowed()) {
            EXPECT_TRUE(values.contains(record.at(member)))
                << record.at("id") << ' ' << member << " \"" << record.at(member) << '"';
        }
        EXPECT_EQ(record.at("lang"), GetParam());
        EXPECT_FALSE(record.at("industry").empty()) << record.at("id");
        EXPECT_EQ(analysis::to_nfc(record.at("text")), record.at("text")) << record.at("id");
    }
}

TEST_P(CorpusTest, NamesStandInTheText)
{
    for (const Record& record : posts(GetParam())) {
        const std::string_view names = record.at("names");
        for (std::size_t begin = 0; begin < names.size();) {
            const std::size_t end = std::min(names.find('|', begin), names.size());
            EXPECT_NE(record.at("text").find(names.substr(begin, end - begin)),
                      std::string_view::npos)
                << record.at("id");
            begin = end + 1;
        }
    }
}

TEST_P(CorpusTest, EveryIndustryAndEveryPairOfReasonAndStageIsThere)
{
    std::map<std::string, std::size_t, std::less<>> industries;
    std::map<std::pair<std::string, std::string>, std::size_t> pairs;
    std::size_t complaints = 0;
    std::size_t employees = 0;
    std::size_t shortest = 1000;
    std::size_t longest = 0;
    const std::vector<Record> records = posts(GetParam());
    for (const Record& record : records) {
        ++industries[std::string(record.at("industry"))];
        employees += record.at("audience") == "employee" ? 1 : 0;
        shortest = std::min(shortest, record.at("text").size());
        longest = std::max(longest, record.at("text").size());
        if (record.at("experience") == "complaint") {
            ++complaints;
            ++pairs[{std::string(record.at("reason")), std::string(record.at("stage"))}];
        }
    }
    EXPECT_GE(industries.size(), 24U);
    for (const auto& [industry, count] : industries) {
        EXPECT_GE(count, 120U) << industry;
    }
    EXPECT_EQ(pairs.size(), 16U);
    for (const auto& [pair, count] : pairs) {
        EXPECT_GE(count, 15U) << pair.first << ' ' << pair.second;
    }
    EXPECT_GE(complaints * 100, records.size() * 35);
    EXPECT_LE(complaints * 100, records.size() * 48);
    EXPECT_GE(employees, 400U);
    EXPECT_LE(shortest, 4U);
    EXPECT_GE(longest, 850U);
}

TEST_P(CorpusTest, LabelsAgreeWithEachOther)
{
    for (const Record& record : posts(GetParam())) {
        const bool complaint = record.at("experience") == "complaint";
        EXPECT_EQ(complaint, record.at("reason") != "none") << record.at("id");
        if (record.at("experience") == "praise") {
            EXPECT_NE(record.at("sentiment"), "negative") << record.at("id");
        }
    }
}

TEST_P(CorpusTest, IdsAreUniqueAndCarryTheLanguage)
{
    std::set<std::string, std::less<>> ids;
    for (const Record& record : posts(GetParam())) {
        EXPECT_TRUE(record.at("id").starts_with(GetParam() + "-")) << record.at("id");
        EXPECT_TRUE(ids.emplace(record.at("id")).second) << record.at("id");
    }
}

std::unordered_set<std::string> shingles(std::string_view text)
{
    const std::string folded = analysis::folded(text, analysis::Fold::stripped);
    std::vector<std::string> words;
    std::string word;
    for (const char c : folded + " ") {
        const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          static_cast<unsigned char>(c) >= 0x80;
        if (part) {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    std::unordered_set<std::string> all;
    for (std::size_t i = 0; i + 3 <= words.size(); ++i) {
        all.insert(words[i] + ' ' + words[i + 1] + ' ' + words[i + 2]);
    }
    return all;
}

TEST_P(CorpusTest, NoTwoPostsShareMoreThanSixTenthsOfTheirWordTriples)
{
    const std::vector<Record> records = posts(GetParam());
    std::vector<std::unordered_set<std::string>> all;
    std::unordered_map<std::string, std::vector<std::size_t>> where;
    for (std::size_t i = 0; i < records.size(); ++i) {
        all.push_back(shingles(records[i].at("text")));
        std::unordered_map<std::size_t, std::size_t> shared;
        for (const std::string& shingle : all.back()) {
            for (const std::size_t other : where[shingle]) {
                ++shared[other];
            }
            where[shingle].push_back(i);
        }
        for (const auto& [other, count] : shared) {
            EXPECT_LE(count * 10, std::min(all[i].size(), all[other].size()) * 6)
                << records[i].at("id") << " and " << records[other].at("id");
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Languages, CorpusTest, testing::Values("en", "fr", "vi"),
                         [](const auto& tested) { return tested.param; });

TEST(LanguageTexts, AreOfLanguagesTheModelDoesNotName)
{
    const auto records = read_records(EMPATHD_SOURCE_DIR "/analysis/corpus/languages.jsonl");
    ASSERT_TRUE(records) << records.error().message;
    const std::set<std::string, std::less<>> named = {"en", "fr", "vi", "es",
                                                      "de", "it", "pt", "ar"};
    std::set<std::string, std::less<>> ids;
    for (const Record& record : *records) {
        EXPECT_FALSE(named.contains(record.at("lang"))) << record.at("id");
        EXPECT_FALSE(record.at("text").empty()) << record.at("id");
        EXPECT_TRUE(ids.emplace(record.at("id")).second) << record.at("id");
    }
}

} // namespace
} // namespace empathd::training

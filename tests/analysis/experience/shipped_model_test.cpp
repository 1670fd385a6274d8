#include "analysis/experience/shipped_model.hpp"

#include "analysis/experience/model.hpp"
#include "analysis/training/copies.hpp"
#include "analysis/training/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace empathd::analysis {
namespace {

const std::shared_ptr<const Model>& shipped()
{
    static const std::shared_ptr<const Model> model = [] {
        auto loaded = Model::from_bytes(shipped_model());
        return loaded ? *loaded : nullptr;
    }();
    return model;
}

Experience analyse(std::string_view text, bool with_evidence = false)
{
    static Scratch scratch;
    return shipped()->analyse(text, {}, scratch, with_evidence);
}

const std::vector<training::Sample>& corpus()
{
    static const std::vector<training::Sample> samples = [] {
        auto loaded = training::load_corpus(EMPATHD_SOURCE_DIR "/analysis/corpus");
        return loaded ? *loaded : std::vector<training::Sample>{};
    }();
    return samples;
}

float probability_of(const Answer& answer, std::string_view label)
{
    const auto found =
        std::ranges::find(answer.probabilities, label, [](const auto& one) { return one.first; });
    return found == answer.probabilities.end() ? -1 : found->second;
}

std::string_view most_likely(const Answer& answer)
{
    return std::ranges::max_element(answer.probabilities, {},
                                    [](const auto& one) { return one.second; })
        ->first;
}

TEST(ShippedModel, LoadsAndIsSmall)
{
    ASSERT_NE(shipped(), nullptr);
    EXPECT_LE(shipped_model().size(), 4U * 1024 * 1024);
    EXPECT_FALSE(shipped()->version().empty());
}

TEST(ShippedModel, AnswersPlainPostsInThreeLanguages)
{
    struct Case {
        std::string_view text;
        std::string_view language;
        std::string_view sentiment;
        std::string_view complaint;
    };
    const Case cases[] = {
        {"Still waiting for my refund after three weeks and nobody answers my emails. Awful "
         "service.",
         "en", "negative", "yes"},
        {"The app keeps crashing since the update and I can't log in. Please fix this!", "en",
         "negative", "yes"},
        {"Thank you so much for the quick help today, the staff were lovely and everything works!",
         "en", "positive", "no"},
        {"Toujours aucune réponse du service client, mon colis est perdu et personne ne me "
         "rembourse.",
         "fr", "negative", "yes"},
        {"Panne depuis trois jours, impossible de joindre quelqu'un, c'est inadmissible.", "fr",
         "negative", "yes"},
        {"Merci beaucoup à toute l'équipe, accueil chaleureux et service impeccable !", "fr",
         "positive", "no"},
        {"Đặt hàng cả tuần chưa thấy giao, gọi tổng đài không ai nghe máy, quá thất vọng.", "vi",
         "negative", "yes"},
        {"Máy mới mua đã bị lỗi, shop thì đọc tin nhắn mà không trả lời.", "vi", "negative", "yes"},
        {"Nhân viên nhiệt tình, giao hàng nhanh, cảm ơn shop nhiều nha!", "vi", "positive", "no"},
    };
    for (const Case& one : cases) {
        const Experience experience = analyse(one.text);
        EXPECT_EQ(experience.language, one.language) << one.text;
        EXPECT_EQ(most_likely(experience.sentiment), one.sentiment) << one.text;
        EXPECT_EQ(most_likely(experience.complaint), one.complaint) << one.text;
    }
}

TEST(ShippedModel, VietnameseWithoutDiacriticsIsStillUnderstood)
{
    struct Case {
        std::string_view text;
        std::string_view complaint;
    };
    const Case cases[] = {
        {"hang bi loi, goi khong ai nghe may, qua that vong", "yes"},
        {"dat hang ca tuan chua thay giao, nhan tin ko ai tra loi", "yes"},
        {"nhan vien nhiet tinh, giao hang nhanh, cam on shop nhieu", "no"},
    };
    for (const Case& one : cases) {
        const Experience experience = analyse(one.text);
        EXPECT_EQ(experience.language, "vi") << one.text;
        EXPECT_EQ(most_likely(experience.complaint), one.complaint) << one.text;
    }
}

TEST(ShippedModel, KnowsWhatItDoesNotKnow)
{
    const std::string_view texts[] = {
        "荷物がまだ届かないし、電話も繋がりません。",
        "Посылка так и не пришла, поддержка не отвечает на звонки.",
        "택배가 안 왔는데 고객센터는 전화를 안 받네요",
        "包裹一直没到，打电话也没人接",
        "Το δέμα χάθηκε και δεν απαντάει κανείς",
        "",
        "12345",
        "@somebody https://example.org",
    };
    for (const std::string_view text : texts) {
        const Experience experience = analyse(text, true);
        EXPECT_EQ(experience.language, "und") << text;
        EXPECT_EQ(experience.sentiment.label, unsure) << text;
        EXPECT_EQ(experience.complaint.label, unsure) << text;
        EXPECT_TRUE(experience.complaint.evidence.empty()) << text;
    }
}

TEST(ShippedModel, TellsTheLanguagesOfTheCorpusApartHoweverTheyAreTyped)
{
    ASSERT_FALSE(corpus().empty());
    std::size_t asked = 0;
    std::size_t right = 0;
    for (const training::Sample& sample : corpus()) {
        if (sample.set != "corpus") {
            continue;
        }
        for (const std::string& text : {sample.text, training::without_diacritics(sample.text),
                                        training::in_capitals(sample.text)}) {
            ++asked;
            right += analyse(text).language == sample.language ? 1 : 0;
        }
    }
    EXPECT_GE(static_cast<double>(right), 0.97 * static_cast<double>(asked));
}

/// Removes the spans, which do not overlap, from the text.
std::string without(std::string text, std::vector<Evidence> evidence)
{
    std::ranges::sort(evidence, std::greater<>{},
                      [](const Evidence& one) { return one.span.offset; });
    for (const Evidence& one : evidence) {
        text.erase(one.span.offset, one.span.length);
    }
    return text;
}

TEST(ShippedModel, EvidenceIsWholeWordsInsideTheText)
{
    const auto letter = [](unsigned char c) { return std::isalnum(c) != 0 || c >= 0x80; };
    for (const training::Sample& sample : corpus()) {
        const Experience experience = analyse(sample.text, true);
        for (const Answer* answer : {&experience.sentiment, &experience.complaint}) {
            EXPECT_LE(answer->evidence.size(), 3U);
            for (const Evidence& one : answer->evidence) {
                EXPECT_GT(one.weight, 0);
                EXPECT_GT(one.span.length, 0U);
                const std::size_t end = one.span.offset + one.span.length;
                ASSERT_LE(end, sample.text.size());
                // Not in the middle of a word of ASCII letters.
                const auto at = [&](std::size_t i) {
                    return static_cast<unsigned char>(sample.text[i]);
                };
                if (one.span.offset > 0 && at(one.span.offset) < 0x80 &&
                    at(one.span.offset - 1) < 0x80) {
                    EXPECT_FALSE(letter(at(one.span.offset)) && letter(at(one.span.offset - 1)))
                        << sample.text;
                }
            }
        }
    }
}

TEST(ShippedModel, DeletingTheEvidenceLowersTheProbability)
{
    struct Tally {
        std::size_t asked = 0;
        std::size_t fell = 0;
    };
    Tally complaint;
    Tally sentiment;
    for (const training::Sample& sample : corpus()) {
        if (sample.set != "corpus") {
            continue;
        }
        const Experience before = analyse(sample.text, true);
        const auto check = [&](const Answer& answer, const Answer Experience::*field,
                               Tally& tally) {
            if (answer.label == unsure || answer.evidence.empty()) {
                return;
            }
            const Experience after = analyse(without(sample.text, answer.evidence));
            if (after.language != before.language) {
                return; // Another language reads by other scales.
            }
            ++tally.asked;
            tally.fell += probability_of(after.*field, answer.label) < answer.probability ? 1 : 0;
        };
        check(before.complaint, &Experience::complaint, complaint);
        check(before.sentiment, &Experience::sentiment, sentiment);
    }
    std::cout << "complaint " << complaint.fell << " of " << complaint.asked << ", sentiment "
              << sentiment.fell << " of " << sentiment.asked << '\n';
    ASSERT_GE(complaint.asked, 300U);
    ASSERT_GE(sentiment.asked, 300U);
    EXPECT_GE(static_cast<double>(complaint.fell), 0.97 * static_cast<double>(complaint.asked));
    EXPECT_GE(static_cast<double>(sentiment.fell), 0.97 * static_cast<double>(sentiment.asked));
}

} // namespace
} // namespace empathd::analysis

#include "analysis/experience/shipped_model.hpp"

#include "analysis/experience/model.hpp"
#include "analysis/training/copies.hpp"
#include "analysis/training/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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

/// Of the posts, in tests that ask more than once about each.
constexpr std::size_t every = 14;

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

std::string_view most_likely(const Answer& answer)
{
    return std::ranges::max_element(answer.probabilities, {},
                                    [](const auto& one) { return one.second; })
        ->first;
}

TEST(ShippedModel, LoadsAndIsSmall)
{
    ASSERT_NE(shipped(), nullptr);
    EXPECT_LE(shipped_model().size(), 16U * 1024 * 1024);
    EXPECT_FALSE(shipped()->version().empty());
}

TEST(ShippedModel, HasAHeadForEveryFacetWithAllItsLabels)
{
    ASSERT_NE(shipped(), nullptr);
    for (const Facet facet : all_facets()) {
        const auto head = std::ranges::find(shipped()->heads(), name_of(facet), &Head::name);
        ASSERT_NE(head, shipped()->heads().end()) << name_of(facet);
        EXPECT_TRUE(std::ranges::is_permutation(head->labels, labels_of(facet))) << name_of(facet);
    }
}

TEST(ShippedModel, AnswersPlainPostsInThreeLanguages)
{
    struct Case {
        std::string_view text;
        std::string_view language;
        std::string_view sentiment;
        std::string_view kind;
    };
    const Case cases[] = {
        {"Still waiting for my refund after three weeks and nobody answers my emails. Awful "
         "service.",
         "en", "negative", "complaint"},
        {"The app keeps crashing since the update and I can't log in. Please fix this!", "en",
         "negative", "complaint"},
        {"Thank you so much for the quick help today, the staff were lovely and everything works!",
         "en", "positive", "praise"},
        {"Toujours aucune réponse du service client, mon colis est perdu et personne ne me "
         "rembourse.",
         "fr", "negative", "complaint"},
        {"Panne depuis trois jours, impossible de joindre quelqu'un, c'est inadmissible.", "fr",
         "negative", "complaint"},
        {"Merci beaucoup à toute l'équipe, accueil chaleureux et service impeccable !", "fr",
         "positive", "praise"},
        {"Đặt hàng cả tuần chưa thấy giao, gọi tổng đài không ai nghe máy, quá thất vọng.", "vi",
         "negative", "complaint"},
        {"Máy mới mua đã bị lỗi, shop thì đọc tin nhắn mà không trả lời.", "vi", "negative",
         "complaint"},
        {"Nhân viên nhiệt tình, giao hàng nhanh, cảm ơn shop nhiều nha!", "vi", "positive",
         "praise"},
    };
    for (const Case& one : cases) {
        const Experience experience = analyse(one.text);
        EXPECT_EQ(experience.language, one.language) << one.text;
        EXPECT_EQ(most_likely(experience.of(Facet::sentiment)), one.sentiment) << one.text;
        EXPECT_EQ(most_likely(experience.of(Facet::experience)), one.kind) << one.text;
    }
}

TEST(ShippedModel, VietnameseWithoutDiacriticsIsStillUnderstood)
{
    struct Case {
        std::string_view text;
        std::string_view kind;
    };
    const Case cases[] = {
        {"hang bi loi, goi khong ai nghe may, qua that vong", "complaint"},
        {"dat hang ca tuan chua thay giao, nhan tin ko ai tra loi", "complaint"},
        {"nhan vien nhiet tinh, giao hang nhanh, cam on shop nhieu", "praise"},
    };
    for (const Case& one : cases) {
        const Experience experience = analyse(one.text);
        EXPECT_EQ(experience.language, "vi") << one.text;
        EXPECT_EQ(most_likely(experience.of(Facet::experience)), one.kind) << one.text;
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
        for (const Facet facet : all_facets()) {
            const Answer& answer = experience.of(facet);
            EXPECT_TRUE(answer.label == unsure || answer.label == none) << name_of(facet) << text;
            EXPECT_TRUE(answer.evidence.empty()) << name_of(facet) << text;
        }
    }
}

TEST(ShippedModel, TellsTheLanguagesOfTheCorpusApartHoweverTheyAreTyped)
{
    ASSERT_FALSE(corpus().empty());
    std::size_t asked = 0;
    std::size_t right = 0;
    for (std::size_t post = 0; post < corpus().size(); post += every) {
        const training::Sample& sample = corpus()[post];
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
    for (std::size_t post = 0; post < corpus().size(); post += every) {
        const training::Sample& sample = corpus()[post];
        const Experience experience = analyse(sample.text, true);
        for (const Answer& answer : experience.answers) {
            EXPECT_LE(answer.evidence.size(), 3U);
            for (const Evidence& one : answer.evidence) {
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
    std::array<std::size_t, facet_count> asked{};
    std::size_t posts = 0;
    for (std::size_t i = 0; i < corpus().size(); i += every) {
        const training::Sample& sample = corpus()[i];
        const Experience before = analyse(sample.text, true);
        ++posts;
        for (const Facet facet : all_facets()) {
            const Answer& answer = before.of(facet);
            if (answer.evidence.empty()) {
                continue;
            }
            static Scratch scratch;
            const std::string rest = without(sample.text, answer.evidence);
            const auto answers = shipped()->answer_all(rest, {}, scratch, false);
            if (answers.front().label != before.language) {
                continue; // Another language reads by other scales.
            }
            const auto head = std::ranges::find(shipped()->heads(), name_of(facet), &Head::name);
            const Answer& after =
                answers[static_cast<std::size_t>(head - shipped()->heads().begin())];
            ++asked[static_cast<std::size_t>(facet)];
            EXPECT_LT(probability_of(after, answer.label), answer.probability)
                << name_of(facet) << ": " << sample.text;
        }
    }
    EXPECT_GE(posts, 1000U);
    for (const Facet facet : {Facet::sentiment, Facet::emotion, Facet::experience, Facet::reason,
                              Facet::need, Facet::stage}) {
        EXPECT_GE(asked[static_cast<std::size_t>(facet)], 100U) << name_of(facet);
    }
}

std::string repeated(std::string_view piece, std::size_t times)
{
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
        text += piece;
    }
    return text;
}

TEST(ShippedModel, AnyInputHasAnAnswer)
{
    const std::string inputs[] = {
        "",
        repeated("late again ", 6000),
        repeated("a", 1'000'000),
        repeated("ạ", 1'000'000),
        repeated("?", 100'000),
        repeated("😡", 20'000),
        "late 遅い متأخر trễ поздно tard",
        "\xf0\x9f late \xff\xfe \xc3",
        "😡😡😡",
        "https://acme.example/very/late?yes=1",
        std::string("late\0again", 10),
    };
    for (const std::string& input : inputs) {
        const Experience says = analyse(input, true);
        for (const Facet facet : all_facets()) {
            const Answer& answer = says.of(facet);
            float sum = 0;
            for (const auto& [label, probability] : answer.probabilities) {
                sum += probability;
            }
            EXPECT_NEAR(sum, 1, 1e-3) << name_of(facet) << input.substr(0, 20);
            for (const Evidence& one : answer.evidence) {
                EXPECT_LE(std::size_t{one.span.offset} + one.span.length, input.size());
            }
        }
    }
    for (const std::string_view nothing : {"", "😡😡😡", "https://acme.example/late", "?!"}) {
        for (const Answer& answer : analyse(nothing, true).answers) {
            EXPECT_TRUE(answer.label == unsure || answer.label == none) << nothing;
        }
    }
}

} // namespace
} // namespace empathd::analysis

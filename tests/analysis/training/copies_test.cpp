#include "analysis/training/copies.hpp"

#include "analysis/training/typing.hpp"

#include "analysis/text/normalize.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace empathd::training {
namespace {

TEST(Copies, StrippingKeepsCapitals)
{
    EXPECT_EQ(without_diacritics("Phở Đặc Biệt, ĐẮT quá!"), "Pho Dac Biet, DAT qua!");
    EXPECT_EQ(without_diacritics("Été à l'Île 😡"), "Ete a l'Ile 😡");
    EXPECT_EQ(without_diacritics("plain"), "plain");
}

TEST(Copies, CapitalsOfThreeLanguages)
{
    EXPECT_EQ(in_capitals("không được, @acme https://a.b"), "KHÔNG ĐƯỢC, @acme https://a.b");
    EXPECT_EQ(in_capitals("déçu où"), "DÉÇU OÙ");
    const std::string text = "quá chậm, điện thoại hỏng; mưa ướt ơi";
    EXPECT_EQ(analysis::folded(in_capitals(text), analysis::Fold::letter_case), text);
}

TEST(Copies, TeencodeReplacesSomeWordsAndOnlyThose)
{
    Sequence sequence(1);
    const std::string typed = in_teencode("không được trả lời", sequence);
    EXPECT_NE(typed, "không được trả lời");
    EXPECT_TRUE(typed.ends_with(" lời"));
    Sequence other(1);
    EXPECT_EQ(in_teencode("hello world", other), "hello world");
}

TEST(Copies, CropsAreWordsInARow)
{
    const std::string text = "one two three four five six";
    Sequence sequence(3);
    for (int i = 0; i < 50; ++i) {
        const std::string piece = cropped(text, 3, sequence);
        EXPECT_NE(text.find(piece), std::string::npos);
        EXPECT_EQ(std::ranges::count(piece, ' '), 2);
    }
    EXPECT_EQ(cropped("one", 3, sequence), "one");
    EXPECT_EQ(cropped("", 3, sequence), "");
}

TEST(Copies, VietnameseIsAlwaysStrippedToo)
{
    Sequence sequence(5);
    const auto copies = copies_for_meaning("hàng lỗi", "vi", sequence);
    EXPECT_EQ(copies.front().text, "hàng lỗi");
    EXPECT_EQ(copies.front().weight, 1);
    EXPECT_EQ(std::ranges::count(copies, "hang loi", &Copy::text) > 0, true);
    Sequence english(5);
    for (const Copy& copy : copies_for_meaning("café late", "en", english)) {
        EXPECT_NE(copy.text, "cafe late");
    }
}

TEST(Copies, AreTheSameEveryTime)
{
    Sequence first(9);
    Sequence second(9);
    const auto a = copies_for_language("không biết nói gì nữa luôn", "vi", first);
    const auto b = copies_for_language("không biết nói gì nữa luôn", "vi", second);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].text, b[i].text);
    }
}

TEST(WithoutEmoji, LeavesTheWords)
{
    EXPECT_EQ(without_emoji("thanks ❤️👍🏽, 5 km!"), "thanks , 5 km!");
    EXPECT_EQ(without_emoji("không 😭"), "không ");
}

TEST(Misspelt, ChangesOneLetterInTwentyOrSo)
{
    std::string text;
    for (int i = 0; i < 200; ++i) {
        text += "every parcel arrives late ";
    }
    Sequence sequence(7);
    const std::string wrong = misspelt(text, sequence);
    EXPECT_NE(wrong, text);
    std::size_t same = 0;
    for (std::size_t i = 0, j = 0; i < text.size() && j < wrong.size(); ++i, ++j) {
        same += text[i] == wrong[j] ? 1 : 0;
        if (text[i] != wrong[j] && i + 1 < text.size() && text[i + 1] == wrong[j]) {
            ++i; // Left out.
        } else if (text[i] != wrong[j] && j + 1 < wrong.size() && text[i] == wrong[j + 1]) {
            ++j; // Doubled, or changed places.
        }
    }
    EXPECT_GT(same, text.size() * 85 / 100);
    EXPECT_LT(same, text.size() * 99 / 100);
}

TEST(Typed, IsTheSameEveryTime)
{
    const std::string text = "Giao hàng trễ quá, gọi không ai nghe máy hết trơn á trời 😭, mai mốt "
                             "chắc không đặt nữa đâu";
    for (const Typing typing : typings) {
        EXPECT_EQ(typed(text, typing), typed(text, typing));
        EXPECT_EQ(typed(text, typing) == text, typing == Typing::as_is) << name_of(typing);
    }
}

} // namespace
} // namespace empathd::training

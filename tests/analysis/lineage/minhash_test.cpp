#include "analysis/lineage/minhash.hpp"

#include "analysis/text/normalize.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace empathd::analysis {
namespace {

std::optional<MinHash> signature(std::string_view text)
{
    return minhash(folded(text, Fold::stripped));
}

bool near_copies(std::string_view a, std::string_view b)
{
    const auto left = signature(a);
    const auto right = signature(b);
    return left && right && agreement(*left, *right) >= near_copy_agreement;
}

bool share_a_band(std::string_view a, std::string_view b)
{
    const auto left = bands(*signature(a));
    const auto right = bands(*signature(b));
    for (std::size_t i = 0; i < minhash_bands; ++i) {
        if (left[i] == right[i]) {
            return true;
        }
    }
    return false;
}

TEST(MinHash, IsTheSameForTheSameWords)
{
    const std::string text = "They broke my mother's wheelchair and nobody even said sorry";

    EXPECT_EQ(signature(text), signature(text));
    EXPECT_EQ(agreement(*signature(text), *signature(text)), 16);
}

TEST(MinHash, FindsACopyWithAChangedWord)
{
    const auto* original =
        "They broke my mother's wheelchair at the gate and nobody even said sorry";
    const auto* copy = "They broke my mother's wheelchair at the gate and nobody ever said sorry";

    EXPECT_TRUE(near_copies(original, copy));
    EXPECT_TRUE(share_a_band(original, copy));
}

TEST(MinHash, SeesThroughCaseDiacriticsNamesAndAddresses)
{
    EXPECT_TRUE(
        near_copies("Máy bay đứng bốn tiếng không có nước, cháu bé ngất xỉu https://a.example/1",
                    "@bao MAY BAY DUNG BON TIENG khong co nuoc, chau be ngat xiu"));
}

TEST(MinHash, KeepsDifferentComplaintsApart)
{
    EXPECT_FALSE(near_copies("They broke my mother's wheelchair and nobody even said sorry",
                             "Five weeks and still no refund for the flight they cancelled"));
}

TEST(MinHash, HasNoSignatureForAFewWords)
{
    EXPECT_FALSE(signature("thanks a lot"));
    EXPECT_FALSE(signature("@a @b https://x.example/very/long one two three four"));
    EXPECT_FALSE(signature(""));
}

/// Random words, one more inserted in the middle: at least 95 % of the copies must be found, and
/// none of as many unrelated pairs.
TEST(MinHash, FindsNearlyAllOneWordEdits)
{
    std::mt19937 random(7);
    std::uniform_int_distribution<int> word(0, 4'000);
    std::uniform_int_distribution<std::size_t> length(8, 30);
    const auto text = [&](std::size_t words) {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < words; ++i) {
            out.push_back("w" + std::to_string(word(random)));
        }
        return out;
    };
    const auto joined = [](const std::vector<std::string>& words) {
        std::string out;
        for (const std::string& one : words) {
            out += one + ' ';
        }
        return out;
    };
    int found = 0;
    int candidates = 0;
    int wrong = 0;
    constexpr int rounds = 1'000;
    for (int i = 0; i < rounds; ++i) {
        std::vector<std::string> words = text(length(random));
        const std::string original = joined(words);
        words.insert(words.begin() + static_cast<std::ptrdiff_t>(words.size() / 2), "inserted");
        found += near_copies(original, joined(words)) ? 1 : 0;
        candidates += share_a_band(original, joined(words)) ? 1 : 0;
        wrong += near_copies(original, joined(text(length(random)))) ? 1 : 0;
    }
    EXPECT_GE(found, rounds * 95 / 100);
    EXPECT_GE(candidates, rounds * 95 / 100);
    EXPECT_EQ(wrong, 0);
}

} // namespace
} // namespace empathd::analysis

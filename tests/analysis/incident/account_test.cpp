#include "analysis/incident/account.hpp"

#include "analysis/incident/common_words.hpp"
#include "analysis/incident/topics.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace empathd::analysis {
namespace {

Account read(const std::string& text, const std::string& title = {})
{
    Post post;
    post.title = title;
    post.text = text;
    return read_account(post, "Acme Air", {});
}

const Feature* feature(const Account& account, std::uint64_t hash)
{
    const auto at = std::find_if(account.features.begin(), account.features.end(),
                                 [hash](const Feature& f) { return f.hash == hash; });
    return at == account.features.end() ? nullptr : &*at;
}

const Feature* word(const Account& account, std::string_view folded)
{
    return feature(account, word_hash(stem(folded)));
}

bool same_topics(const std::string& a, const std::string& b)
{
    const auto topics = [](const Account& account) {
        std::vector<std::uint64_t> out;
        for (const Feature& f : account.features) {
            if (f.kind == FeatureKind::topic) {
                out.push_back(f.hash);
            }
        }
        return out;
    };
    const auto first = topics(read(a));
    return !first.empty() && first == topics(read(b));
}

TEST(Account, HearsACodeHoweverItIsWritten)
{
    const std::uint64_t code = word_hash("hc417");
    for (const char* text : {"our HC417 is stuck", "our HC 417 is stuck", "our HC-417 is stuck",
                             "our hc417 is stuck"}) {
        const Account account = read(text);
        const Feature* found = feature(account, code);
        ASSERT_NE(found, nullptr) << text;
        EXPECT_EQ(found->kind, FeatureKind::code) << text;
        EXPECT_EQ(found->family, word_hash("hc")) << text;
    }
    EXPECT_EQ(feature(read("we waited 3h for 20k"), word_hash("3h")), nullptr);
}

TEST(Account, TakesACapitalInsideASentenceForAName)
{
    const Account account = read("Marooned in Almaty again. Shameful. We want Limoges back");

    ASSERT_NE(word(account, "almaty"), nullptr);
    EXPECT_TRUE(word(account, "almaty")->name);
    EXPECT_TRUE(word(account, "almaty")->place);
    EXPECT_TRUE(word(account, "limoges")->name);
    EXPECT_FALSE(word(account, "limoges")->place);
    EXPECT_FALSE(word(account, "marooned")->name);
    EXPECT_FALSE(word(account, "shameful")->name);
    ASSERT_EQ(account.names.size(), 2u);
}

TEST(Account, KnowsANameOfTwoUsualWordsWithAndWithoutDiacritics)
{
    const Account written = read("kẹt ở Đà Nẵng từ sáng");
    const Account typed = read("ket o da nang tu sang");
    const std::uint64_t hash = pair_hash(word_hash("da"), word_hash("nang"));

    ASSERT_NE(feature(written, hash), nullptr);
    EXPECT_TRUE(feature(written, hash)->name);
    EXPECT_TRUE(feature(written, hash)->place);
    EXPECT_NE(feature(typed, hash), nullptr);
    ASSERT_EQ(written.names.size(), 1u);
    EXPECT_EQ(written.names[0].text, "Đà Nẵng");
}

TEST(Account, HasNoNamesWhereNearlyAllIsInCapitals)
{
    EXPECT_TRUE(read("STILL STUCK IN ALMATY WITH NO FOOD").names.empty());
    EXPECT_NE(word(read("STILL STUCK IN ALMATY WITH NO FOOD"), "almaty"), nullptr);
}

TEST(Account, LeavesOutTheBrandAddressesAndHandles)
{
    Post post;
    post.text = "Flying Zenith (acmeair) via https://news.example/kestrel with @osprey";
    const Account account = read_account(post, "Acme Air", {{7, 6}});

    for (const char* left_out : {"zenith", "acmeair", "kestrel", "osprey", "news"}) {
        EXPECT_EQ(word(account, left_out), nullptr) << left_out;
    }
    EXPECT_NE(word(account, "flying"), nullptr);
}

TEST(Account, ReadsTheTitleTooAndKeepsTheBrandSpansInTheText)
{
    Post post;
    post.title = "Fog over Limoges";
    post.text = "Zenith kept us waiting";
    const Account account = read_account(post, "Acme", {{0, 6}});

    EXPECT_NE(word(account, "limoges"), nullptr);
    EXPECT_EQ(word(account, "zenith"), nullptr);
}

TEST(Account, FindsTheSameTopicInThreeLanguages)
{
    EXPECT_TRUE(same_topics("my parcel is lost", "mon colis est perdu"));
    EXPECT_TRUE(same_topics("my card was declined", "ma carte est refusée"));
    EXPECT_TRUE(same_topics("the hotline", "tổng đài"));
    EXPECT_FALSE(same_topics("my parcel is lost", "my card was declined"));
}

TEST(Account, ReadsAnyBytesAndKeepsWithinItsBounds)
{
    std::string many;
    for (int i = 0; i < 3000; ++i) {
        many += "wörd" + std::to_string(i * 7919) + " ";
    }
    EXPECT_LE(read(many).features.size(), account_features_max);
    EXPECT_TRUE(read("").features.empty());
    EXPECT_TRUE(read("!!! … 😀 @x https://a.example").features.empty());
    const Account broken = read("caf\xC3 \xFF\xFE in Lim\xE2\x80");
    EXPECT_TRUE(std::is_sorted(broken.features.begin(), broken.features.end(),
                               [](const Feature& a, const Feature& b) { return a.hash < b.hash; }));
}

TEST(Account, CutsAWordToItsStem)
{
    EXPECT_EQ(stem("overheating"), stem("overheated"));
    EXPECT_EQ(stem("refunds"), stem("refund"));
    EXPECT_EQ(stem("annulees"), stem("annule"));
    EXPECT_EQ(stem("bus"), "bus");
    EXPECT_EQ(stem(""), "");
}

TEST(Topics, AreNotFoundForOtherWords)
{
    EXPECT_FALSE(topic_of(word_hash("marmalade")));
    ASSERT_TRUE(topic_of(word_hash("parcel")));
    EXPECT_GT(topic_of(word_hash("parcel"))->share, 0);
}

TEST(CommonWords, AreTheLessTellingTheMoreUsualTheyAre)
{
    EXPECT_GE(usual_word(word_hash("the")).share, filler_share);
    EXPECT_TRUE(usual_word(word_hash("account")).known);
    EXPECT_LT(usual_word(word_hash("account")).share, filler_share);
    EXPECT_FALSE(usual_word(word_hash("kazakhstan")).known);
    EXPECT_EQ(usual_word(word_hash("kazakhstan")).share, unlisted_word_share);
    EXPECT_TRUE(usual_pair(pair_hash(word_hash("hop"), word_hash("dong"))).known);
}

} // namespace
} // namespace empathd::analysis

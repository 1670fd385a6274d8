#include "analysis/decision/gravity.hpp"

#include "analysis/decision/gravity_words.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace empathd::analysis {
namespace {

/// "safety legal" and so on, in this order; the words found in brackets behind.
std::string of(const std::string& text)
{
    const Gravity gravity = gravity_of(text, {});
    std::string out;
    out += gravity.safety ? "safety " : "";
    out += gravity.legal ? "legal " : "";
    out += gravity.press ? "press " : "";
    for (const GraveWords& words : gravity.words) {
        out += '[' + text.substr(words.span.offset, words.span.length) + ']';
    }
    return out;
}

TEST(Gravity, HearsDangerInThreeLanguages)
{
    EXPECT_EQ(of("the charger caught fire next to my bed"), "safety [caught fire]");
    EXPECT_EQ(of("ma fille a fait une reaction allergique, direction les urgences"),
              "safety [reaction allergique]");
    EXPECT_EQ(of("an xong ca nha bi ngo doc phai nhap vien"), "safety [ngo doc][nhap vien]");
}

TEST(Gravity, HearsLawyersAndAuthoritiesInThreeLanguages)
{
    EXPECT_EQ(of("my lawyer will be in touch, see you in court"),
              "legal [lawyer][see you in court]");
    EXPECT_EQ(of("j'ai depose plainte ce matin"), "legal [depose plainte]");
    EXPECT_EQ(of("toi se nho luat su khoi kien"), "legal [luat su][khoi kien]");
}

TEST(Gravity, HearsJournalistsInThreeLanguages)
{
    EXPECT_EQ(of("any journalists here? dm me"), "press [journalists]");
    EXPECT_EQ(of("un journaliste de la presse locale m'a appele"),
              "press [journaliste][la presse]");
    EXPECT_EQ(of("to se gui bao chi vu nay"), "press [bao chi]");
}

TEST(Gravity, HearsSeveralKindsInOneText)
{
    EXPECT_EQ(of("exploded in my hand, lawyers called, now on the news"),
              "safety legal press [exploded][lawyers][on the news]");
}

TEST(Gravity, TakesWholeWordsOnly)
{
    EXPECT_EQ(of("my lawyerly cousin is uninjured"), "");
    EXPECT_EQ(of("caught  fire"), "safety [caught  fire]") << "any run between words";
    EXPECT_EQ(of("\xe2\x80\x9clawyers\xe2\x80\x9d\xf0\x9f\x98\xa1lawyer"),
              "legal [lawyers][lawyer]")
        << "curly quotes and emoji end a word";
    EXPECT_EQ(of("l'hopital"), "safety [l'hopital]");
}

TEST(Gravity, LeavesTheCommonerHarmlessSenseAlone)
{
    for (const char* harmless :
         {"my battery died again", "this deal is on fire", "press the button twice",
          "good news everyone", "sue from support was lovely", "toast a l'avocat froid",
          "je suis presse", "app dang bao loi", "chay cham qua", "di ung ho quan", "gia bao nhieu",
          "toa nha dep"}) {
        EXPECT_EQ(of(harmless), "") << harmless;
    }
}

TEST(Gravity, TakesTheLongestPhraseAtAPlace)
{
    EXPECT_EQ(of("we will press charges"), "legal [press charges]");
    EXPECT_EQ(of("they took me to the hospital"), "safety [to the hospital]");
}

TEST(Gravity, DoesNotLookAtNegation)
{
    EXPECT_EQ(of("nobody was injured"), "safety [injured]") << "it is a sign, no judgement";
}

TEST(Gravity, TakesTheNeedForSafetyAsASign)
{
    const Gravity gravity = gravity_of("please recall these", {.label = "safety"});

    EXPECT_TRUE(gravity.safety);
    EXPECT_TRUE(gravity.safety_by_need);
    EXPECT_TRUE(gravity.words.empty());
    EXPECT_FALSE(gravity_of("please refund", {.label = "refund"}).safety);
}

TEST(Gravity, SurvivesAnyBytesAndBoundsItsEvidence)
{
    EXPECT_EQ(of(""), "");
    EXPECT_EQ(of("\xc3"), "");
    EXPECT_EQ(of("\xe1\xba"), "");
    EXPECT_EQ(of(std::string("lawyer\0lawyer", 13)), "legal [lawyer][lawyer]");
    std::string many;
    for (int i = 0; i < 100; ++i) {
        many += "lawyer ";
    }
    EXPECT_EQ(gravity_of(many, {}).words.size(), grave_words_max);
}

TEST(GravityLists, HoldEachPhraseOnceAsTextsAreFolded)
{
    std::set<std::string> seen;
    for (const GraveList& list : grave_lists()) {
        std::string phrases = std::string(list.phrases) + ';';
        for (std::size_t at = 0; at < phrases.size();) {
            const std::size_t end = phrases.find(';', at);
            const std::string phrase = phrases.substr(at, end - at);
            const auto bad = phrase.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789 ");
            EXPECT_EQ(bad, std::string::npos) << phrase;
            EXPECT_EQ(of(phrase).find(std::string(to_string(list.kind))) != std::string::npos, true)
                << phrase;
            const bool shared = phrase == "explosion" || phrase == "ambulance" ||
                                phrase == "listeria" || phrase == "suicide" || phrase == "tribunal";
            EXPECT_TRUE(seen.insert(phrase).second || shared) << phrase;
            at = end + 1;
        }
    }
    EXPECT_GT(seen.size(), 250u);
}

} // namespace
} // namespace empathd::analysis

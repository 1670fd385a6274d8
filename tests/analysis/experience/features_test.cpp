#include "analysis/experience/features.hpp"

#include "analysis/text/normalize.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace empathd::analysis {
namespace {

std::vector<std::uint32_t> words_of(std::string_view text, std::vector<Span> mask = {})
{
    Extractor extractor;
    extractor.extract(text, mask, false);
    return {extractor.words().begin(), extractor.words().end()};
}

std::vector<std::uint32_t> characters_of(std::string_view text)
{
    Extractor extractor;
    extractor.extract(text, {}, false);
    return {extractor.characters().begin(), extractor.characters().end()};
}

std::array<float, rule_count> rules_of(std::string_view text)
{
    Extractor extractor;
    extractor.extract(text, {}, false);
    return extractor.rules();
}

float shape(std::string_view text, ShapeRule rule)
{
    return rules_of(text)[index_of(rule)];
}

float words_counted(std::string_view text, WordClass word_class, LexiconLanguage language)
{
    return rules_of(text)[index_of(LexiconEntry{word_class, language})];
}

// A model file holds weights by these hashes: when one changes, every model file is worthless, and
// feature_scheme has to grow.
TEST(Features, HashesNeverChange)
{
    EXPECT_EQ(feature_scheme, 2U);
    EXPECT_EQ(words_of("late"),
              (std::vector<std::uint32_t>{0x576dc14aU, 0x61eceb00U, 0xe4fe3a93U}));
    EXPECT_EQ(words_of("Phở ngon"),
              (std::vector<std::uint32_t>{0x136e6e20U, 0x421c8492U, 0xfdac5294U, 0xc5395867U,
                                          0x7c91bd01U}));
    EXPECT_EQ(characters_of("ok"),
              (std::vector<std::uint32_t>{0x64c97187U, 0xcb95ec95U, 0xf2c0a743U, 0x90c4ac5fU,
                                          0x6ed78962U, 0x72cc5afdU}));
}

TEST(Features, CaseMakesNoDifference)
{
    EXPECT_EQ(words_of("My Order Is LATE"), words_of("my order is late"));
    EXPECT_EQ(characters_of("ĐIỆN THOẠI"), characters_of("điện thoại"));
}

TEST(Features, OneWordGivesItselfAndItsRunsOfTwoToFiveCharacters)
{
    EXPECT_EQ(words_of("abc").size(), 1U + 2U); // And its pairs with the text's edges.
    EXPECT_EQ(characters_of("abc").size(), 4U + 3U + 2U + 1U); // of " abc "
    EXPECT_EQ(characters_of("chậm").size(), 5U + 4U + 3U + 2U);
}

TEST(Features, WordsAndMarksArePairedWithTheirNeighboursAndTheEdges)
{
    EXPECT_TRUE(words_of("").empty());
    EXPECT_EQ(words_of("good food").size(), 2U + 3U);
    for (const char* text :
         {"good. food", "good! food", "good\nfood", "good, food", "good … food"}) {
        EXPECT_EQ(words_of(text).size(), 3U + 4U) << text;
    }
    EXPECT_EQ(words_of("good  food"), words_of("good food"));
    EXPECT_NE(words_of("good, food"), words_of("good. food"));
}

TEST(Features, ARunOfAMarkIsOneToken)
{
    EXPECT_EQ(words_of("good!!!!"), words_of("good!!"));
    EXPECT_NE(words_of("good!!"), words_of("good!"));
    EXPECT_EQ(words_of("good..."), words_of("good…"));
    EXPECT_EQ(words_of("good?!").size(), 3U + 4U);
}

TEST(Features, WhatCannotBeSeenIsNoToken)
{
    EXPECT_EQ(words_of("good\u00a0\u200dfood\ufe0f"), words_of("good food"));
}

TEST(Features, LinksHandlesAndNumbersLoseTheirSpelling)
{
    EXPECT_EQ(words_of("see https://a.example/x?y=1"), words_of("see http://b.example"));
    EXPECT_EQ(words_of("see www.a.example now"), words_of("see www.b.example/q now"));
    EXPECT_EQ(words_of("see http"), words_of("see https://b.example"));
    EXPECT_EQ(words_of("@acme hello"), words_of("@other_brand hello"));
    EXPECT_EQ(words_of("@acme@social.example hello"), words_of("@b hello"));
    EXPECT_EQ(words_of("waited 45 minutes"), words_of("waited 120 minutes"));
    EXPECT_NE(words_of("waited 45 minutes"), words_of("waited some minutes"));
    EXPECT_TRUE(characters_of("@acme 45 https://a.example").empty());
}

TEST(Features, MaskedNamesLoseTheirSpelling)
{
    const std::string acme = "my AcmeBox is broken";
    const std::string other = "my Zorg 9000 is broken";
    EXPECT_EQ(words_of(acme, {{3, 7}}), words_of(other, {{3, 9}}));
    EXPECT_NE(words_of(acme), words_of(other));
    Extractor extractor;
    const std::vector<Span> beyond = {{3, 7}, {1000, 5}, {19, 500}};
    extractor.extract(acme, beyond, true); // Spans beyond the text are no harm.
    EXPECT_EQ(extractor.tokens().size(), 5U + 1U);
}

TEST(Features, FrenchElisionsAreWordsOfTheirOwn)
{
    EXPECT_EQ(words_of("l'attente").size(), 3U + 4U); // With the apostrophe.
    EXPECT_EQ(words_of("qu'attente").size(), 3U + 4U);
    EXPECT_EQ(words_of("don't").size(), 1U + 2U);
    EXPECT_EQ(words_of("l’attente"), words_of("l'attente"));
}

TEST(Features, LongDrawnLettersCountAsTwo)
{
    EXPECT_EQ(words_of("sooooo"), words_of("soo"));
    EXPECT_EQ(shape("sooooo late", ShapeRule::elongation), 1);
    EXPECT_EQ(shape("so late", ShapeRule::elongation), 0);
}

TEST(Features, ShapeRulesSeeHowItIsTyped)
{
    struct Case {
        std::string_view text;
        ShapeRule rule;
        float expected;
    };
    const Case cases[] = {
        {"THIS IS A DISGRACE", ShapeRule::shouting, 1},
        {"This is a disgrace", ShapeRule::shouting, 0},
        {"@LOUDBRAND where is it", ShapeRule::shouted_word, 0},
        {"it is NOT fine", ShapeRule::shouted_word, 1},
        {"why!", ShapeRule::exclamation, 1},
        {"why!", ShapeRule::exclamations, 0},
        {"why!!", ShapeRule::exclamations, 1},
        {"why? and when?", ShapeRule::questions, 1},
        {"what?!", ShapeRule::questions, 1},
        {"well...", ShapeRule::ellipsis, 1},
        {"well…", ShapeRule::ellipsis, 1},
        {"@acme hi", ShapeRule::leading_mention, 1},
        {"hi @acme", ShapeRule::leading_mention, 0},
        {"hi @a @b @c @d @e", ShapeRule::mention, 3},
        {"paid $40", ShapeRule::money, 1},
        {"paid 40€", ShapeRule::money, 1},
        {"so #fail", ShapeRule::hashtag, 1},
        {"great 😍", ShapeRule::emoji_positive, 1},
        {"great :)", ShapeRule::emoji_positive, 1},
        {"great 😡", ShapeRule::emoji_negative, 1},
        {"great :-(", ShapeRule::emoji_negative, 1},
        {"great 🙄", ShapeRule::emoji_mocking, 1},
        {"one two", ShapeRule::brief, 1},
        {"one two three four five six seven", ShapeRule::brief, 0},
    };
    for (const Case& one : cases) {
        EXPECT_EQ(shape(one.text, one.rule), one.expected) << one.text;
    }
}

TEST(Features, WordClassesAreCountedByLanguage)
{
    EXPECT_EQ(words_counted("the worst, rude and slow", WordClass::blame, LexiconLanguage::en), 3);
    EXPECT_EQ(words_counted("c'est nul", WordClass::blame, LexiconLanguage::fr), 1);
    EXPECT_EQ(words_counted("quá thất vọng", WordClass::blame, LexiconLanguage::vi), 1);
    EXPECT_EQ(words_counted("qua that vong", WordClass::blame, LexiconLanguage::vi), 1);
    EXPECT_EQ(words_counted("please help me", WordClass::help, LexiconLanguage::en), 3);
}

TEST(Features, WordClassesAreAlsoCountedForAllLanguagesTogether)
{
    const std::size_t english = index_of(LexiconEntry{WordClass::blame, LexiconLanguage::en});
    const std::size_t french = index_of(LexiconEntry{WordClass::blame, LexiconLanguage::fr});
    EXPECT_EQ(index_of_all(english), index_of_all(french));
    const auto rules = rules_of("awful, c'est nul");
    EXPECT_EQ(rules[english], 1);
    EXPECT_EQ(rules[french], 1);
    EXPECT_EQ(rules[index_of_all(english)], 2);
}

TEST(Features, NegationTurnsPraiseInItsScope)
{
    EXPECT_EQ(words_counted("not very good", WordClass::negated_praise, LexiconLanguage::en), 1);
    EXPECT_EQ(words_counted("not very good", WordClass::praise, LexiconLanguage::en), 0);
    EXPECT_EQ(words_counted("not me. good", WordClass::negated_praise, LexiconLanguage::en), 0);
    EXPECT_EQ(words_counted("pas du tout rapide", WordClass::negated_praise, LexiconLanguage::fr),
              1);
    EXPECT_EQ(words_counted("không ngon", WordClass::negated_praise, LexiconLanguage::vi), 1);
}

TEST(Features, TokensPointIntoTheTextAsGiven)
{
    const std::string text = "ÉTÉ: 3 pannes, “l’AcmeBox” İstanbul 😡 sooo";
    Extractor extractor;
    const std::vector<Span> mask = {{static_cast<std::uint32_t>(text.find("AcmeBox")), 7}};
    extractor.extract(text, mask, true);
    std::vector<std::string> found;
    for (const Token& token : extractor.tokens()) {
        found.push_back(text.substr(token.span.offset, token.span.length));
    }
    EXPECT_THAT(found, testing::ElementsAre("ÉTÉ", ":", "3", "pannes", ",", "“", "l", "’",
                                            "AcmeBox", "”", "İstanbul", "😡", "sooo", ""));
    for (const Token& token : extractor.tokens()) {
        const std::string word = text.substr(token.span.offset, token.span.length);
        const bool own = word == "ÉTÉ" || word == "pannes" || word == "l" || word == "İstanbul" ||
                         word == "😡" || word == "sooo";
        EXPECT_EQ(token.plain, own) << word;
    }
}

TEST(Features, TheLastTokenIsTheTextsEndAndOwnsItsPairAlone)
{
    Extractor extractor;
    extractor.extract("late again", {}, true);
    ASSERT_EQ(extractor.tokens().size(), 3U);
    const Token& end = extractor.tokens()[2];
    EXPECT_EQ(end.span, (Span{10, 0}));
    EXPECT_FALSE(end.plain);
    EXPECT_EQ(end.words_end, extractor.tokens()[1].words_end + 1);
    EXPECT_EQ(end.characters_end, extractor.tokens()[1].characters_end);
    extractor.extract("", {}, true);
    EXPECT_TRUE(extractor.tokens().empty());
}

TEST(Features, TokensOwnEveryFeatureOnce)
{
    const std::string text = "The app crashed again, not happy. @acme fix it!!";
    Extractor with;
    with.extract(text, {}, true);
    EXPECT_EQ(with.tokens().back().words_end, with.words().size());
    EXPECT_EQ(with.tokens().back().characters_end, with.characters().size());
    const std::vector<std::uint32_t> words(with.words().begin(), with.words().end());
    EXPECT_EQ(words, words_of(text)); // The slower path reads the same features.
    for (std::size_t i = 1; i < with.tokens().size(); ++i) {
        EXPECT_LT(with.tokens()[i - 1].words_end, with.tokens()[i].words_end); // Each has a pair.
    }
}

TEST(Features, HostileTextsEndAndStayInBounds)
{
    std::string endless(200'000, 'a');
    std::string spaced;
    for (int i = 0; i < 60'000; ++i) {
        spaced += "x ";
    }
    const std::string texts[] = {"",
                                 " ",
                                 "'",
                                 "''''",
                                 "@",
                                 "@@@",
                                 "#",
                                 "http",
                                 "http://",
                                 "www.",
                                 ":",
                                 ":-",
                                 "!?!?",
                                 "\xff",
                                 "\xe1\xba",
                                 "\xf0\x9f\x98",
                                 std::string("\0\1\2", 3),
                                 endless,
                                 spaced,
                                 "a\xcc\x81",
                                 "\xed\xa0\x80",
                                 "'a",
                                 "a'",
                                 "l'",
                                 "…",
                                 "．"};
    for (const std::string& text : texts) {
        Extractor extractor;
        extractor.extract(text, {}, true);
        EXPECT_LE(extractor.tokens().size(), feature_tokens_max + 1); // And the end.
        for (const Token& token : extractor.tokens()) {
            EXPECT_LE(token.span.offset + token.span.length, text.size());
        }
    }
}

TEST(Features, ALongRunOfLettersIsSeveralWords)
{
    EXPECT_EQ(words_of(std::string(20, 'a') + std::string(20, 'b')).size(), 1U + 2U);
    std::string run;
    for (std::size_t i = 0; i < feature_word_max + 1; ++i) {
        run += static_cast<char>('a' + i % 26);
    }
    EXPECT_EQ(words_of(run).size(), 2U + 3U); // Two words and their pairs.
}

} // namespace
} // namespace empathd::analysis

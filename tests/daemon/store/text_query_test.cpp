#include "daemon/store/text_query.hpp"

#include "daemon/store/search_text.hpp"

#include <gtest/gtest.h>

#include <sqlite3.h>

#include <string>

namespace empathd {
namespace {

struct Compiled {
    const char* name;
    std::string query;
    std::string fts5;
};

class TextQuery : public ::testing::TestWithParam<Compiled> {};

TEST_P(TextQuery, BecomesQuotedFts5)
{
    const auto compiled = compile_text_query(GetParam().query);

    ASSERT_TRUE(compiled) << compiled.error().message;
    EXPECT_EQ(*compiled, GetParam().fts5);
}

INSTANTIATE_TEST_SUITE_P(
    Queries, TextQuery,
    ::testing::Values(Compiled{"OneWord", "coffee", R"(("coffee"))"},
                      Compiled{"WordsMustAllOccur", "coffee  machine",
                               R"(("coffee" AND "machine"))"},
                      Compiled{"AndIsTheSame", "coffee AND machine", R"(("coffee" AND "machine"))"},
                      Compiled{"SmallAndIsAWord", "coffee and", R"(("coffee" AND "and"))"},
                      Compiled{"Phrase", R"("coffee machine")", R"(("coffee machine"))"},
                      Compiled{"CurlyQuotes", "“coffee machine”", R"(("coffee machine"))"},
                      Compiled{"Or", "a b OR c", R"(("a" AND "b") OR ("c"))"},
                      Compiled{"Minus", "a -b c -d", R"((("a" AND "c") NOT ("b" OR "d")))"},
                      Compiled{"MinusFirst", "-b a", R"((("a") NOT ("b")))"},
                      Compiled{"MinusPhrase", R"(a -"b c")", R"((("a") NOT ("b c")))"},
                      Compiled{"MinusGroup", "a -(b OR c)", R"((("a") NOT ((("b") OR ("c")))))"},
                      Compiled{"Prefix", "coff*", R"(("coff" *))"},
                      Compiled{"PhrasePrefix", R"("hot cof"*)", R"(("hot cof" *))"},
                      Compiled{"Parentheses", "(a OR b) c", R"(((("a") OR ("b")) AND "c"))"},
                      Compiled{"FoldsVietnamese", "Điện PHỞ", R"(("dien" AND "pho"))"},
                      Compiled{"FoldsDecomposed", "caf\x65\xCC\x81", R"(("cafe"))"},
                      Compiled{"MinusInsideAWord", "wi-fi", R"(("wi-fi"))"},
                      Compiled{"PictureInsideAWord", "tea🤔cup", R"(("tea    cup"))"},
                      Compiled{"ColumnFilterIsText", "body:secret", R"(("body:secret"))"},
                      Compiled{"CaretIsText", "^coffee", R"(("^coffee"))"},
                      Compiled{"NearIsAWord", "NEAR(a b)", R"(("near" AND (("a" AND "b"))))"},
                      Compiled{"WordTouchingAQuote", R"(a"b c"d)", R"(("a" AND "b c" AND "d"))"},
                      Compiled{"NulIsAGap", std::string("a\0b", 3), R"(("a" AND "b"))"},
                      Compiled{"IllFormedBytes", "a\xFF", "(\"a\xEF\xBF\xBD\")"}),
    [](const auto& test) { return test.param.name; });

struct Refused {
    const char* name;
    std::string query;
    const char* message;
};

std::string repeated(const std::string& part, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

class TextQueryRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(TextQueryRefuses, NamingThePlace)
{
    const auto compiled = compile_text_query(GetParam().query);

    ASSERT_FALSE(compiled) << *compiled;
    EXPECT_EQ(compiled.error().kind, ErrorKind::malformed);
    EXPECT_EQ(compiled.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Queries, TextQueryRefuses,
    ::testing::Values(
        Refused{"Empty", "", "search: no words"}, Refused{"Spaces", " \t\n", "search: no words"},
        Refused{"OnlyMinus", "-a", "search: only words that must not occur at character 1"},
        Refused{"OnlyMinusInAGroup", "a (-b)",
                "search: only words that must not occur at character 4"},
        Refused{"OnlyMinusAfterOr", "a OR -b",
                "search: only words that must not occur at character 6"},
        Refused{"MinusAlone", "a - b", "search: nothing behind the minus at character 3"},
        Refused{"MinusAtTheEnd", "a -", "search: nothing behind the minus at character 3"},
        Refused{"OrAtTheEnd", "a OR", "search: a word is missing at character 5"},
        Refused{"OrAtTheStart", "OR a", "search: a word is missing at character 1"},
        Refused{"OrTwice", "a OR OR b", "search: a word is missing at character 6"},
        Refused{"AndAtTheEnd", "a AND", "search: a word is missing at character 6"},
        Refused{"AndAtTheStart", "AND a", "search: a word is missing at character 1"},
        Refused{"Not", "a NOT b", "search: write -word instead of NOT at character 3"},
        Refused{"OpenQuote", "a \"b", "search: a quote that is not closed at character 3"},
        Refused{"OpenParenthesis", "a (b",
                "search: a parenthesis that is not closed at character 3"},
        Refused{"ClosingOnly", "a) b",
                "search: a closing parenthesis without its opening at character 2"},
        Refused{"EmptyParentheses", "a ()", "search: a word is missing at character 4"},
        Refused{"StarInside", "co*ee", "search: a star that does not end a word at character 3"},
        Refused{"StarAlone", "a *", "search: a star that does not end a word at character 3"},
        Refused{"SignsOnly", "a !!!", "search: no letter or digit to search for at character 3"},
        Refused{"PictureOnly", "🔥", "search: no letter or digit to search for at character 1"},
        Refused{"EmptyPhrase", "\"\"", "search: no letter or digit to search for at character 1"},
        Refused{"PlaceCountsCharacters", "phở )",
                "search: a closing parenthesis without its opening at character 5"},
        Refused{"TooLong", std::string(text_query_bytes_max + 1, 'a'),
                "search: longer than 4096 bytes"},
        Refused{"TooManyWords", repeated("a ", 65), "search: more than 64 words at character 129"},
        Refused{"TooManyInAPhrase", "\"" + repeated("a ", 65) + "\"",
                "search: more than 64 words at character 1"},
        Refused{"TooManyPartsOfAWord", repeated("a.", 65),
                "search: more than 64 words at character 1"},
        Refused{"TooDeep", repeated("(", 33) + "a" + repeated(")", 33),
                "search: more than 32 parentheses in each other at character 33"}),
    [](const auto& test) { return test.param.name; });

TEST(TextQueryLimits, AreReachedButNotPassed)
{
    EXPECT_TRUE(compile_text_query(repeated("a ", 64)));
    EXPECT_TRUE(compile_text_query(repeated("(", 32) + "a" + repeated(")", 32)));
    EXPECT_TRUE(compile_text_query(std::string(text_query_bytes_max, 'a')));
}

/// An index like the store's, to ask SQLite itself.
class Index {
public:
    Index()
    {
        sqlite3_open(":memory:", &handle_);
        run("CREATE VIRTUAL TABLE t USING fts5(body, tokenize = 'unicode61 remove_diacritics 0');"
            "CREATE VIRTUAL TABLE words USING fts5vocab(t, 'row');"
            "INSERT INTO t VALUES ('one two three')");
    }
    ~Index() { sqlite3_close(handle_); }
    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;

    int run(const char* sql) { return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); }
    sqlite3_stmt* prepare(const char* sql)
    {
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(handle_, sql, -1, &statement, nullptr);
        return statement;
    }

private:
    sqlite3* handle_ = nullptr;
};

/// Empty for a surrogate.
std::string utf8(char32_t code)
{
    const auto tail = [code](int shift) {
        return static_cast<char>(0x80 | ((code >> shift) & 0x3F));
    };
    if (code < 0x800) {
        return {static_cast<char>(0xC0 | (code >> 6)), tail(0)};
    }
    if (code < 0x10000) {
        return code >= 0xD800 && code < 0xE000
                   ? std::string()
                   : std::string{static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0)};
    }
    return {static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

// Whatever is typed, the answer is ours: either refused by us or understood by FTS5.
TEST(TextQueryCompiled, IsAlwaysValidFts5)
{
    const std::vector<std::string> parts{"a", "-", "OR", "AND", "(", ")",    "\"", "*", ":",
                                         "^", "+", "{",  "}",   "'", "NEAR", ",",  " ", "é",
                                         "ở", ".", "\\", "%",   ";", "--",   "/*", "🔥"};
    Index index;
    sqlite3_stmt* query = index.prepare("SELECT count(*) FROM t WHERE t MATCH ?1");
    ASSERT_NE(query, nullptr);
    std::uint32_t seed = 1;
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (int n = 0; n < 8; ++n) {
            seed = seed * 1'664'525 + 1'013'904'223;
            text += parts[(seed >> 8) % parts.size()];
        }
        if (const auto compiled = compile_text_query(text)) {
            ++accepted;
            sqlite3_reset(query);
            sqlite3_bind_text(query, 1, compiled->c_str(), -1, SQLITE_TRANSIENT);
            EXPECT_EQ(sqlite3_step(query), SQLITE_ROW) << text << " -> " << *compiled;
        }
    }
    sqlite3_finalize(query);
    EXPECT_GT(accepted, 500);
}

// A sign that is refused is one that the index leaves out, also between two words: else a search
// that could find something would be turned away.
TEST(TextQueryCompiled, RefusesOnlySignsThatTheIndexLeavesOut)
{
    Index index;
    index.run("DELETE FROM t");
    sqlite3_stmt* insert = index.prepare("INSERT INTO t VALUES (?1)");
    int refused = 0;
    for (char32_t code = 0x80; code < 0x1FB00; ++code) {
        const std::string sign = utf8(code);
        const bool mark = sqlite::search_words(sign).empty(); // Folding takes it off its letter.
        if (!sign.empty() && !mark && !compile_text_query(sign)) {
            ++refused;
            const std::string words = sqlite::search_words("one" + sign + "two");
            sqlite3_reset(insert);
            sqlite3_bind_text(insert, 1, words.c_str(), -1, SQLITE_TRANSIENT);
            ASSERT_EQ(sqlite3_step(insert), SQLITE_DONE);
        }
    }
    sqlite3_finalize(insert);
    EXPECT_GT(refused, 3'000);
    sqlite3_stmt* words = index.prepare("SELECT group_concat(term, ' ') FROM words");
    ASSERT_EQ(sqlite3_step(words), SQLITE_ROW);
    const void* found = sqlite3_column_text(words, 0);
    EXPECT_STREQ(static_cast<const char*>(found), "one two");
    sqlite3_finalize(words);
}

} // namespace
} // namespace empathd

#include "connectors/transport/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd::connectors {
namespace {

std::string nested(std::size_t depth, char open, char close)
{
    return std::string(depth, open) + std::string(depth, close);
}

TEST(Json, ReadsADocumentAndItsMembers)
{
    const auto document = parse_json(
        R"({"name":"Ana","data":{"children":[{"id":1},{"id":2}]},"on":true,"none":null})");

    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(text_at(*document, "name"), "Ana");
    EXPECT_EQ(flag_at(*document, "on"), true);
    ASSERT_NE(member(*document, "none"), nullptr);
    EXPECT_TRUE(member(*document, "none")->IsNull());
    const Json* children = find(*document, {"data", "children"});
    ASSERT_NE(children, nullptr);
    ASSERT_EQ(items_of(*children).size(), 2u);
    EXPECT_EQ(id_at(items_of(*children)[1], "id"), "2");
    EXPECT_EQ(items_at(*object_at(*document, "data"), "children").size(), 2u);
}

TEST(Json, SkipsAByteOrderMark)
{
    EXPECT_TRUE(parse_json("\xEF\xBB\xBF{}"));
}

TEST(Json, KeepsTextAfterTheSourceIsGone)
{
    std::string source = R"(["a text that is longer than what a value holds by itself"])";
    const auto document = parse_json(source);
    source.assign(source.size(), 'x');

    ASSERT_TRUE(document);
    EXPECT_STREQ(items_of(*document)[0].GetString(),
                 "a text that is longer than what a value holds by itself");
}

struct Refused {
    const char* name;
    std::string text;
};

class JsonRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(JsonRefuses, AsMalformed)
{
    const auto document = parse_json(GetParam().text);

    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().kind, ErrorKind::malformed);
    EXPECT_EQ(document.error().message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, JsonRefuses,
    ::testing::Values(Refused{"Empty", ""}, Refused{"Blank", "  \n"}, Refused{"Html", "<html>"},
                      Refused{"CutOff", R"({"a":1)"}, Refused{"TwoDocuments", "{} {}"},
                      Refused{"TrailingComma", "[1,]"}, Refused{"Comment", "[1/*x*/]"},
                      Refused{"NaN", "[NaN]"}, Refused{"IllFormedUtf8", "[\"\xC3(\"]"},
                      Refused{"SurrogateInUtf8", "[\"\xED\xA0\xBD\"]"},
                      Refused{"NulAfterTheEnd", std::string("{}\0{}", 5)},
                      Refused{"NulInside", std::string("[1,\0 2]", 7)},
                      Refused{"RawControlCharacter", "[\"a\nb\"]"},
                      Refused{"ArraysTooDeep", nested(65, '[', ']')},
                      Refused{"MillionArrays", nested(1'000'000, '[', ']')},
                      Refused{"MillionOpenObjects",
                              [] {
                                  std::string text;
                                  for (int i = 0; i < 1'000'000; ++i) {
                                      text += R"({"a":)";
                                  }
                                  return text;
                              }()}),
    [](const auto& test) { return test.param.name; });

TEST(Json, ReadsNestingUpToTheLimitAndNamesItBeyond)
{
    EXPECT_TRUE(parse_json(nested(json_depth_max, '[', ']')));

    const auto deeper = parse_json(nested(json_depth_max + 1, '[', ']'));

    ASSERT_FALSE(deeper);
    EXPECT_NE(deeper.error().message.find("deeper than 64"), std::string::npos);
}

TEST(Json, ReadsHalfASurrogatePairAsAReplacementCharacter)
{
    const auto document = parse_json(
        R"({"cut":"a\ud83d","low":"\uDE00b","pair":"\ud83d\ude00","twice":"\ud83d\ud83d\ude00",)"
        R"("not":"\\ud83d"})");

    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(text_at(*document, "cut"), "a\uFFFD");
    EXPECT_EQ(text_at(*document, "low"), "\uFFFD"
                                         "b");
    EXPECT_EQ(text_at(*document, "pair"), "\U0001F600");
    EXPECT_EQ(text_at(*document, "twice"), "\uFFFD\U0001F600");
    EXPECT_EQ(text_at(*document, "not"), "\\ud83d");
}

TEST(Json, GivesNothingForWhatIsAbsentOrOfAnotherType)
{
    const auto document = parse_json(R"({"text":"x","number":1.5,"list":[1],"null":null})");
    ASSERT_TRUE(document);

    for (const char* key : {"absent", "null", "list"}) {
        SCOPED_TRACE(key);
        EXPECT_EQ(text_at(*document, key), "");
        EXPECT_EQ(count_at(*document, key), std::nullopt);
        EXPECT_EQ(integer_at(*document, key), std::nullopt);
        EXPECT_EQ(number_at(*document, key), std::nullopt);
        EXPECT_EQ(flag_at(*document, key), std::nullopt);
        EXPECT_EQ(id_at(*document, key), "");
        EXPECT_EQ(object_at(*document, key), nullptr);
    }
    EXPECT_TRUE(items_at(*document, "text").empty());
    EXPECT_EQ(find(*document, {"text", "deeper"}), nullptr);
    EXPECT_EQ(find(*document, {"absent", "deeper"}), nullptr);
    EXPECT_EQ(member(items_at(*document, "list")[0], "x"), nullptr);
    EXPECT_EQ(member(*document, ""), nullptr);
}

struct Count {
    const char* json;
    std::optional<std::uint64_t> count;
    std::optional<std::int64_t> integer;
};

class JsonNumbers : public ::testing::TestWithParam<Count> {};

TEST_P(JsonNumbers, AreExactOrNothing)
{
    const auto document = parse_json(std::string(R"({"n":)") + GetParam().json + "}");
    ASSERT_TRUE(document) << document.error().message;

    EXPECT_EQ(count_at(*document, "n"), GetParam().count);
    EXPECT_EQ(integer_at(*document, "n"), GetParam().integer);
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, JsonNumbers,
    ::testing::Values(Count{"0", 0, 0}, Count{"12", 12, 12}, Count{"3.0", 3, 3},
                      Count{"-4", std::nullopt, -4}, Count{"-0.0", 0, 0},
                      Count{"1.5", std::nullopt, std::nullopt}, Count{"\"123\"", 123, 123},
                      Count{"\"-5\"", std::nullopt, -5},
                      Count{"\"12k\"", std::nullopt, std::nullopt},
                      Count{"\"\"", std::nullopt, std::nullopt},
                      Count{"18446744073709551615", 18446744073709551615U, std::nullopt},
                      Count{"9007199254740993", 9007199254740993U, 9007199254740993},
                      Count{"1e300", std::nullopt, std::nullopt},
                      Count{"18446744073709551616", std::nullopt, std::nullopt},
                      Count{"true", std::nullopt, std::nullopt}));

TEST(Json, GivesIdsDigitByDigit)
{
    const auto document = parse_json(
        R"({"text":"t3_abc","small":7,"beyond":9007199254740993,"top":18446744073709551615,)"
        R"("negative":-1001234567890123,"fraction":1.5,"huge":18446744073709551616})");
    ASSERT_TRUE(document);

    EXPECT_EQ(id_at(*document, "text"), "t3_abc");
    EXPECT_EQ(id_at(*document, "small"), "7");
    EXPECT_EQ(id_at(*document, "beyond"), "9007199254740993");
    EXPECT_EQ(id_at(*document, "top"), "18446744073709551615");
    EXPECT_EQ(id_at(*document, "negative"), "-1001234567890123");
    EXPECT_EQ(id_at(*document, "fraction"), "");
    EXPECT_EQ(id_at(*document, "huge"), "");
}

TEST(Json, ReadsNumbersWrittenAsText)
{
    const auto document = parse_json(R"({"a":"988.0","b":0.2,"c":"1e999","d":"nan","e":7})");
    ASSERT_TRUE(document);

    EXPECT_EQ(number_at(*document, "a"), 988.0);
    EXPECT_EQ(number_at(*document, "b"), 0.2);
    EXPECT_EQ(number_at(*document, "c"), std::nullopt);
    EXPECT_EQ(number_at(*document, "d"), std::nullopt);
    EXPECT_EQ(number_at(*document, "e"), 7.0);
}

} // namespace
} // namespace empathd::connectors

#include "connectors/transport/charset.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

using namespace std::literals;

TEST(Charset, IsReadFromContentType)
{
    EXPECT_EQ(charset_of("text/xml; charset=koi8-r"), "koi8-r");
    EXPECT_EQ(charset_of("text/xml;Charset = \"UTF-8\"; x=y"), "UTF-8");
    EXPECT_EQ(charset_of("text/xml"), "");
    EXPECT_EQ(charset_of("text/xml; charset="), "");
}

struct Encoded {
    const char* label;
    std::string_view bytes;
    const char* text;
};

class IsConverted : public ::testing::TestWithParam<Encoded> {};

TEST_P(IsConverted, ToUtf8)
{
    EXPECT_EQ(to_utf8(GetParam().bytes, GetParam().label), GetParam().text);
}

// Bytes from the tables of the Unicode consortium's MAPPINGS folder.
INSTANTIATE_TEST_SUITE_P(
    Charset, IsConverted,
    ::testing::Values(Encoded{"koi8-r", "\xF0\xD2\xC9\xD7\xC5\xD4", "Привет"},
                      Encoded{"windows-1252",
                              "\x93"
                              "Caf\xE9\x94 \x80",
                              "“Café” €"},
                      Encoded{"ISO-8859-1", "\x80", "€"}, // As browsers read it.
                      Encoded{"Windows_1251", "\xCF\xF0\xE8\xE2\xE5\xF2", "Привет"},
                      Encoded{"windows-1258", "\xD0", "Đ"},
                      Encoded{"Shift_JIS", "\x93\xFA\x96\x7B", "日本"},
                      Encoded{"gb2312", "\xC4\xE3\xBA\xC3", "你好"},
                      Encoded{"euc-kr", "\xC7\xD1", "한"},
                      Encoded{"iso-2022-jp", "\x1B$B\x46\x7C\x1B(B", "日"},
                      Encoded{"utf-16le", "\x1E\xC7\x3D\xD8\x00\xDE"sv, "윞😀"},
                      Encoded{"utf-8", "a\xFF", "a\xEF\xBF\xBD"},
                      Encoded{"windows-1252", "\x81", "\xEF\xBF\xBD"}));

TEST(Charset, OfAnotherNameIsNone)
{
    for (const char* label :
         {"", "utf-7", "invalid", "../../etc/x", "CP1252//TRANSLIT", "unicode"}) {
        EXPECT_FALSE(to_utf8("a", label)) << label;
    }
}

TEST(Document, IsDecodedByItsMark)
{
    EXPECT_EQ(decoded_document("\xEF\xBB\xBF<a/>", {}), "<a/>");
    EXPECT_EQ(decoded_document("\xFF\xFE<\0\xE9\0"sv, {}), "<é");
    EXPECT_EQ(decoded_document("\xFE\xFF\0<\0\xE9"sv, {}), "<é");
    EXPECT_EQ(decoded_document("\xFF\xFE\0\0<\0\0\0"sv, {}), "<");
    EXPECT_EQ(decoded_document("\0\0\xFE\xFF\0\0\0<"sv, {}), "<");
}

TEST(Document, WithoutMarkIsKnownByItsZeroBytes)
{
    EXPECT_EQ(decoded_document("<\0a\0/\0>\0"sv, {"utf-8"}), "<a/>");
    EXPECT_EQ(decoded_document("\0<\0a\0/\0>"sv, {}), "<a/>");
    EXPECT_EQ(decoded_document("<\0\0\0a\0\0\0"sv, {}), "<a");
    EXPECT_EQ(decoded_document("\0\0\0<\0\0\0a"sv, {}), "<a");
}

TEST(Document, InGoodUtf8IsNotTakenForWhatItClaims)
{
    EXPECT_EQ(decoded_document("Café", {"iso-8859-1"}), "Café");
}

TEST(Document, IsReadAsTheFirstClaimThatIsKnown)
{
    EXPECT_EQ(decoded_document("\xD0\xF2", {"nonsense", "koi8-r", "windows-1252"}), "пР");
}

TEST(Document, ThatClaimsUtf8ButIsNotIsWindows)
{
    EXPECT_EQ(decoded_document("Caf\xE9 cr\xE8me", {"utf-8"}), "Café crème");
}

TEST(Document, WithOneDamagedCharacterStaysUtf8)
{
    EXPECT_EQ(decoded_document("é è ê \xF0\x9F\x98 ç", {"utf-8"}), "é è ê \xEF\xBF\xBD ç");
}

} // namespace
} // namespace empathd::connectors

#include "connectors/transport/url.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

struct Reference {
    const char* written;
    const char* meant;
};

class ResolvesAgainstTheRfcsBase : public ::testing::TestWithParam<Reference> {};

TEST_P(ResolvesAgainstTheRfcsBase, AsSection54Says)
{
    EXPECT_EQ(resolve_url(GetParam().written, "http://a/b/c/d;p?q"), GetParam().meant);
}

// RFC 3986 sections 5.4.1 and 5.4.2, the strict readings.
INSTANTIATE_TEST_SUITE_P(
    Url, ResolvesAgainstTheRfcsBase,
    ::testing::Values(Reference{"g:h", "g:h"}, Reference{"g", "http://a/b/c/g"},
                      Reference{"./g", "http://a/b/c/g"}, Reference{"g/", "http://a/b/c/g/"},
                      Reference{"/g", "http://a/g"}, Reference{"//g", "http://g"},
                      Reference{"?y", "http://a/b/c/d;p?y"}, Reference{"g?y", "http://a/b/c/g?y"},
                      Reference{"#s", "http://a/b/c/d;p?q#s"}, Reference{"g#s", "http://a/b/c/g#s"},
                      Reference{"g?y#s", "http://a/b/c/g?y#s"}, Reference{";x", "http://a/b/c/;x"},
                      Reference{"g;x", "http://a/b/c/g;x"}, Reference{"", "http://a/b/c/d;p?q"},
                      Reference{".", "http://a/b/c/"}, Reference{"./", "http://a/b/c/"},
                      Reference{"..", "http://a/b/"}, Reference{"../g", "http://a/b/g"},
                      Reference{"../..", "http://a/"}, Reference{"../../g", "http://a/g"},
                      Reference{"../../../g", "http://a/g"}, Reference{"/./g", "http://a/g"},
                      Reference{"/../g", "http://a/g"}, Reference{"g.", "http://a/b/c/g."},
                      Reference{"..g", "http://a/b/c/..g"}, Reference{"./../g", "http://a/b/g"},
                      Reference{"./g/.", "http://a/b/c/g/"}, Reference{"g/./h", "http://a/b/c/g/h"},
                      Reference{"g/../h", "http://a/b/c/h"},
                      Reference{"g;x=1/../y", "http://a/b/c/y"},
                      Reference{"g?y/./x", "http://a/b/c/g?y/./x"},
                      Reference{"g#s/../x", "http://a/b/c/g#s/../x"},
                      Reference{"http:g", "http:g"}));

TEST(Url, IsTidiedAsBrowsersDo)
{
    EXPECT_EQ(resolve_url(" \n/a b\tc\r\n ", "https://x.test/"), "https://x.test/a%20bc");
    EXPECT_EQ(resolve_url("p", "https://x.test"), "https://x.test/p");
}

TEST(Url, IsNothingWhenItCannotBeAbsolute)
{
    EXPECT_EQ(resolve_url("a/b", ""), "");
    EXPECT_EQ(resolve_url("a/b", "c/d"), "");
    EXPECT_EQ(resolve_url("/" + std::string(url_bytes_max, 'x'), "https://x.test"), "");
}

TEST(Url, OfTheWebHasASchemeAndAHost)
{
    EXPECT_TRUE(is_http_url("https://x"));
    EXPECT_TRUE(is_http_url("HTTP://x.test/a"));
    for (const char* none : {"", "http://", "https:///a", "ftp://x", "javascript:alert(1)",
                             "x.test", "http://a b", "httpx://a", "http:/a"}) {
        EXPECT_FALSE(is_http_url(none)) << none;
    }
}

} // namespace
} // namespace empathd::connectors

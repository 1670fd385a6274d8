#include "analysis/model/digest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd {
namespace {

// Expected values by coreutils: printf '5:brand3:x/1' | sha256sum | cut -c1-32
TEST(Digest, IsTheStartOfSha256OverPartsWithLengths)
{
    EXPECT_EQ(digest({}), "e3b0c44298fc1c149afbf4c8996fb924");
    EXPECT_EQ(digest({""}), "ba768b331fd86cec803be04e56ab2b3d");
    EXPECT_EQ(digest({"brand", "x/1"}), "7434c79a3861616f7d6591f153f628b9");
    EXPECT_EQ(digest({"phở"}), "2400eba23af2ba3170834bf1a0f975e7");
}

TEST(Digest, TellsWhereOnePartEnds)
{
    EXPECT_NE(digest({"ab", "c"}), digest({"a", "bc"}));
    EXPECT_NE(digest({"ab"}), digest({"ab", ""}));
    EXPECT_NE(digest({"1:a"}), digest({"a"}));
    EXPECT_NE(digest({"a", "b"}), digest({"b", "a"}));
    EXPECT_NE(digest({"a1:b"}), digest({"a", "b"}));
}

TEST(Digest, TakesAnyBytes)
{
    const std::string zeros(1000, '\0');

    EXPECT_EQ(digest({zeros}), digest({zeros}));
    EXPECT_NE(digest({zeros}), digest({std::string(1001, '\0')}));
    EXPECT_EQ(digest({"\xFF"}).size(), 32u);
    EXPECT_EQ(digest({"\xFF"}).find_first_not_of("0123456789abcdef"), std::string::npos);
}

} // namespace
} // namespace empathd

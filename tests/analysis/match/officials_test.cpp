#include "analysis/match/officials.hpp"

#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

Officials officials()
{
    return Officials({{.brand = "Acme",
                       .terms = {{.text = "Acme"}},
                       .official_accounts = {{"", "Acme_Help"}, {"fedi", "@acme@social.test"}}},
                      {.brand = "AcmeBox",
                       .terms = {{.text = "AcmeBox"}},
                       .official_accounts = {{"", "acme_help"}}}});
}

TEST(Officials, SpeakForTheirBrandsWhateverTheCaseAndTheAt)
{
    EXPECT_EQ(officials().watches_of("chatter", "@ACME_help"), (std::vector<std::uint32_t>{0, 1}));
    EXPECT_TRUE(officials().speaks_for("AcmeBox", "chatter", "acme_help"));
}

TEST(Officials, OfOneNetworkAreStrangersInAnother)
{
    EXPECT_TRUE(officials().speaks_for("Acme", "fedi", "acme@social.test"));
    EXPECT_FALSE(officials().speaks_for("Acme", "chatter", "acme@social.test"));
    EXPECT_FALSE(officials().speaks_for("AcmeBox", "fedi", "acme@social.test"));
}

TEST(Officials, AreNobodyElse)
{
    EXPECT_TRUE(officials().watches_of("chatter", "acme_help_").empty());
    EXPECT_TRUE(officials().watches_of("chatter", "").empty());
    EXPECT_TRUE(Officials({}).empty());
}

} // namespace
} // namespace empathd::analysis

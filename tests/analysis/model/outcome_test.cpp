#include "analysis/model/outcome.hpp"

#include "analysis/model/alert.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace empathd {
namespace {

TEST(Outcome, IsReadFromItsOwnWordAndNoOther)
{
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < outcomes; ++i) {
        const auto outcome = static_cast<Outcome>(i);
        words.insert(to_string(outcome));
        EXPECT_EQ(outcome_from(to_string(outcome)), outcome);
    }
    EXPECT_EQ(words.size(), outcomes);
    EXPECT_FALSE(words.contains("unknown"));
    for (const char* bad : {"", "Fixed", "fixed ", "unknown"}) {
        EXPECT_EQ(outcome_from(bad), std::nullopt) << bad;
    }
}

TEST(Reasons, EachHaveAWordOfTheirOwn)
{
    std::set<std::string_view> told;
    for (std::size_t i = 0; i < alert_reasons; ++i) {
        told.insert(to_string(static_cast<AlertReason>(i)));
    }
    std::set<std::string_view> silent;
    for (std::size_t i = 0; i < silence_reasons; ++i) {
        silent.insert(to_string(static_cast<SilenceReason>(i)));
    }

    EXPECT_EQ(told.size(), alert_reasons);
    EXPECT_EQ(silent.size(), silence_reasons);
    EXPECT_FALSE(told.contains("unknown"));
    EXPECT_FALSE(silent.contains("unknown"));
    EXPECT_EQ(to_string(static_cast<AlertReason>(alert_reasons)), "unknown") << "none is left out";
    EXPECT_EQ(to_string(static_cast<SilenceReason>(silence_reasons)), "unknown");
}

} // namespace
} // namespace empathd

#include "analysis/model/error.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace empathd {
namespace {

TEST(ErrorKind, IsNamedAsItsEnumerator)
{
    EXPECT_EQ(to_string(ErrorKind::cancelled), "cancelled");
    EXPECT_EQ(to_string(ErrorKind::unavailable), "unavailable");
    EXPECT_EQ(to_string(ErrorKind::rate_limited), "rate_limited");
    EXPECT_EQ(to_string(ErrorKind::unauthorized), "unauthorized");
    EXPECT_EQ(to_string(ErrorKind::malformed), "malformed");
    EXPECT_EQ(to_string(ErrorKind::refused), "refused");
    EXPECT_EQ(to_string(ErrorKind::not_found), "not_found");
    EXPECT_EQ(to_string(ErrorKind::invalid_config), "invalid_config");
    EXPECT_EQ(to_string(ErrorKind::storage), "storage");
}

TEST(ErrorKind, OutsideItsEnumeratorsIsUnknown)
{
    EXPECT_EQ(to_string(static_cast<ErrorKind>(200)), "unknown");
}

Result<std::unique_ptr<int>> made(bool well)
{
    if (!well) {
        return Error{ErrorKind::rate_limited, "HTTP 429", 60};
    }
    return std::make_unique<int>(42);
}

TEST(Result, HoldsAValue)
{
    Result<std::unique_ptr<int>> result = made(true);

    ASSERT_TRUE(result);
    const std::unique_ptr<int> value = std::move(result).value();
    EXPECT_EQ(*value, 42);
}

TEST(Result, HoldsAnError)
{
    const auto result = made(false);

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::rate_limited);
    EXPECT_EQ(result.error().message, "HTTP 429");
    EXPECT_EQ(result.error().retry_after_s, 60u);
}

TEST(Result, OfNothingIsGoodByDefault)
{
    const Result<> good;
    const Result<> bad = Error{ErrorKind::storage, "disk full"};

    EXPECT_TRUE(good);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().retry_after_s, 0u);
}

TEST(Result, ThrowsABugWhenAskedForAValueItLacks)
{
    const auto result = made(false);

    try {
        static_cast<void>(result.value());
        FAIL() << "gave a value";
    } catch (const std::logic_error& bug) {
        EXPECT_NE(std::string(bug.what()).find("HTTP 429"), std::string::npos) << bug.what();
    }
}

} // namespace
} // namespace empathd

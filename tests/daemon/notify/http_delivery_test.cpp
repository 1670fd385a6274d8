#include "daemon/notify/http_delivery.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

using connectors::HttpResponse;

struct Judged {
    const char* name;
    Result<HttpResponse> answer;
    std::optional<ErrorKind> kind;
};

class ReceiptOf : public ::testing::TestWithParam<Judged> {};

TEST_P(ReceiptOf, SaysWhoseFaultItIs)
{
    const auto receipt = receipt_of(GetParam().answer, "webhook ops", "https://h.test/secret");
    EXPECT_EQ(receipt.has_value(), !GetParam().kind.has_value());
    if (!receipt) {
        EXPECT_EQ(receipt.error().kind, *GetParam().kind);
        EXPECT_TRUE(receipt.error().message.starts_with("webhook ops: "));
        EXPECT_EQ(receipt.error().message.find("secret"), std::string::npos);
    }
}

Error error(ErrorKind kind)
{
    return {kind, "https://h.test/secret: answered", 30};
}

INSTANTIATE_TEST_SUITE_P(
    Answers, ReceiptOf,
    ::testing::Values(Judged{"Ok", HttpResponse{.status = 200}, {}},
                      Judged{"Accepted", HttpResponse{.status = 202}, {}},
                      Judged{"NoContent", HttpResponse{.status = 204}, {}},
                      Judged{"NotModified", HttpResponse{.status = 304}, ErrorKind::malformed},
                      Judged{"Wait", error(ErrorKind::rate_limited), ErrorKind::rate_limited},
                      Judged{"Later", error(ErrorKind::unavailable), ErrorKind::unavailable},
                      Judged{"Gone", error(ErrorKind::not_found), ErrorKind::not_found},
                      Judged{"Bad", error(ErrorKind::malformed), ErrorKind::malformed},
                      Judged{"Key", error(ErrorKind::unauthorized), ErrorKind::unauthorized},
                      Judged{"Stop", error(ErrorKind::cancelled), ErrorKind::cancelled}),
    [](const auto& test) { return test.param.name; });

TEST(ReceiptOfAnswer, KeepsTheWait)
{
    EXPECT_EQ(receipt_of(error(ErrorKind::rate_limited), "x", "").error().retry_after_s, 30u);
}

TEST(AlertRequest, FollowsNoRedirect)
{
    const auto request = alert_request("https://h.test", "k1", "{}", std::chrono::seconds{7});
    EXPECT_EQ(request.method, "POST");
    EXPECT_FALSE(request.follows_redirects);
    EXPECT_EQ(request.timeout, std::chrono::seconds{7});
}

} // namespace
} // namespace empathd

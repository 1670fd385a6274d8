#include "daemon/notify/http_delivery.hpp"
#include "daemon/notify/webhook_sink.hpp"

#include "tests/support/fake_http.hpp"
#include "tests/support/run.hpp"
#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

using connectors::HttpResponse;
using testing::FakeHttp;
using testing::run;

const std::string url = "https://user:pass@hooks.acme.test/services/T0/s3cr3t?token=abc123";

config::WebhookConfig webhook(std::string secret_file = "")
{
    return {.name = "ops",
            .url = url,
            .secret_file = std::move(secret_file),
            .timeout = std::chrono::seconds{7}};
}

std::vector<OutboxRow> one_row()
{
    return {OutboxRow{.id = 1, .sink = "ops", .record = testing::an_alert("key-1")}};
}

std::string header_of(const connectors::HttpRequest& request, const std::string& name)
{
    for (const auto& [key, value] : request.headers) {
        if (key == name) {
            return value;
        }
    }
    return "(none)";
}

TEST(Webhook, PostsTheBodyUnderItsKey)
{
    FakeHttp http;
    http.answer(url, HttpResponse{.status = 204});
    const auto sink = make_webhook_sink(webhook(), http);
    const auto rows = one_row();

    const auto receipts = run(sink->deliver(rows));

    ASSERT_EQ(receipts.size(), 1u);
    ASSERT_TRUE(receipts[0]) << receipts[0].error().message;
    EXPECT_EQ(*receipts[0], "204");
    ASSERT_EQ(http.asked.size(), 1u);
    const auto& request = http.asked[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, url);
    EXPECT_EQ(request.body, rows[0].record.body);
    EXPECT_EQ(request.timeout, std::chrono::seconds{7});
    EXPECT_EQ(header_of(request, "Idempotency-Key"), "key-1");
    EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
    EXPECT_EQ(header_of(request, "X-Empathd-Signature"), "(none)");
    EXPECT_EQ(sink->name(), "webhook:ops");
    EXPECT_FALSE(request.follows_redirects);
    EXPECT_FALSE(sink->awaits_confirmation());
}

// RFC 4231, test case 2.
TEST(Webhook, SignsAsTheStandardDoes)
{
    EXPECT_EQ(webhook_signature("Jefe", "what do ya want for nothing?"),
              "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Webhook, ReadsTheSecretAnewForEachDelivery)
{
    const testing::TemporaryFolder folder;
    const std::string path = testing::write_file(folder.file("secret"), "first\n");
    FakeHttp http;
    http.answer(url, HttpResponse{.status = 200});
    const auto sink = make_webhook_sink(webhook(path), http);
    const auto rows = one_row();

    const auto first = run(sink->deliver(rows));
    testing::write_file(path, "second\n");
    const auto second = run(sink->deliver(rows));

    ASSERT_TRUE(first[0] && second[0]);
    const std::string& body = rows[0].record.body;
    ASSERT_EQ(http.asked.size(), 2u);
    EXPECT_EQ(header_of(http.asked[0], "X-Empathd-Signature"), webhook_signature("first", body));
    EXPECT_EQ(header_of(http.asked[1], "X-Empathd-Signature"), webhook_signature("second", body));
}

TEST(Webhook, SendsNothingUnsignedWhenTheSecretIsMissing)
{
    FakeHttp http;
    const auto sink = make_webhook_sink(webhook("/nonexistent/secret"), http);
    const auto rows = one_row();

    const auto receipts = run(sink->deliver(rows));

    ASSERT_FALSE(receipts[0]);
    EXPECT_EQ(receipts[0].error().kind, ErrorKind::unauthorized);
    EXPECT_NE(receipts[0].error().message.find("/nonexistent/secret"), std::string::npos);
    EXPECT_TRUE(http.asked.empty());
}

TEST(Webhook, HandsOnKindAndWaitOfAFailure)
{
    FakeHttp http;
    http.answer(url, Error{ErrorKind::rate_limited, "hooks.acme.test answered 429", 90});
    const auto sink = make_webhook_sink(webhook(), http);
    const auto rows = one_row();

    const auto receipts = run(sink->deliver(rows));

    ASSERT_FALSE(receipts[0]);
    EXPECT_EQ(receipts[0].error().kind, ErrorKind::rate_limited);
    EXPECT_EQ(receipts[0].error().retry_after_s, 90u);
    EXPECT_EQ(receipts[0].error().message, "webhook ops: hooks.acme.test answered 429");
}

TEST(Webhook, TakesNotModifiedForNoAcceptance)
{
    FakeHttp http;
    http.answer(url, HttpResponse{.status = 304});
    const auto sink = make_webhook_sink(webhook(), http);
    const auto rows = one_row();

    const auto receipts = run(sink->deliver(rows));

    ASSERT_FALSE(receipts[0]);
    EXPECT_EQ(receipts[0].error().kind, ErrorKind::malformed);
}

struct Leak {
    const char* name;
    const char* message;
    const char* shown;
};

class WebhookHides : public ::testing::TestWithParam<Leak> {};

TEST_P(WebhookHides, WhatIsSecretInItsAddress)
{
    FakeHttp http;
    http.answer(url, Error{ErrorKind::unavailable, GetParam().message});
    const auto sink = make_webhook_sink(webhook(), http);
    const auto rows = one_row();

    const auto receipts = run(sink->deliver(rows));

    ASSERT_FALSE(receipts[0]);
    EXPECT_EQ(receipts[0].error().message, std::string("webhook ops: ") + GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Messages, WebhookHides,
    ::testing::Values(
        Leak{"Whole",
             "no route to https://user:pass@hooks.acme.test/services/T0/s3cr3t?token=abc123",
             "no route to https://...@hooks.acme.test..."},
        Leak{"Twice", "/services/T0/s3cr3t?token=abc123 and /services/T0/s3cr3t?token=abc123",
             "... and ..."},
        Leak{"QueryAlone", "bad query token=abc123!", "bad query ...!"},
        Leak{"PathAlone", "404 for /services/T0/s3cr3t", "404 for ..."},
        Leak{"Nothing", "hooks.acme.test: timeout", "hooks.acme.test: timeout"}),
    [](const auto& test) { return test.param.name; });

TEST(WebhookAddress, WithoutPathHidesNothing)
{
    EXPECT_EQ(without_address("a/b failed: ?", "https://hooks.test/"), "a/b failed: ?");
    EXPECT_EQ(without_address("x", "no address"), "x");
}

} // namespace
} // namespace empathd

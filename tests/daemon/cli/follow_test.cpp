#include "daemon/cli/follow.hpp"

#include "tests/daemon/cli/fake_api.hpp"
#include "tests/daemon/http/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::cli {
namespace {

using namespace std::chrono_literals;
using http::sample_alert;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Options following{.command = Command::alerts, .limit = 2, .follow = true};

std::string event(std::int64_t seq)
{
    return wire::alert_event(sample_alert(seq));
}

std::string line(std::int64_t seq)
{
    const std::string number = std::to_string(seq);
    return "{\"seq\":" + number + ",\"alert\":{\"n\":" + number + "}}\n";
}

TEST(Follow, ShowsTheNewestOldestFirstAndGoesOnAfterThem)
{
    FakeApi fake;
    fake.answer(wire::alert_page({sample_alert(5), sample_alert(4)}, false, 2));
    fake.streams.push_back({.bytes = {event(6), event(7)}});

    EXPECT_EQ(follow_alerts(following, fake.context), Exit::ok);

    EXPECT_EQ(fake.out.str(), line(4) + line(5) + line(6) + line(7));
    EXPECT_EQ(fake.asked[0], "/v1/alerts?limit=2");
    EXPECT_EQ(fake.asked[1], "/v1/alerts/stream?after=5");
}

TEST(Follow, ResumesAfterTheLastWholeEventWhenTheConnectionBreaks)
{
    FakeApi fake;
    fake.answer(wire::alert_page({}, false, 2));
    fake.streams.push_back({.bytes = {"retry: 700\n\n", event(1), event(2).substr(0, 12)},
                            .end = Error{ErrorKind::unavailable, "reset"}});
    fake.streams.push_back({.bytes = {}, .end = Error{ErrorKind::unavailable, "refused"}});
    fake.streams.push_back({.bytes = {}, .end = Answer{.status = 503, .body = {}}});
    fake.streams.push_back({.bytes = {event(2), event(3)}});

    EXPECT_EQ(follow_alerts(following, fake.context), Exit::ok);

    EXPECT_EQ(fake.out.str(), line(1) + line(2) + line(3));
    EXPECT_THAT(fake.resumed_with, ElementsAre("", "1", "1", "1", "3"));
    EXPECT_THAT(fake.waits, ElementsAre(700ms, 1400ms, 2800ms, 700ms));
    EXPECT_EQ(fake.asked[1], "/v1/alerts/stream?after=0");
}

TEST(Follow, StartsWhereItIsTold)
{
    FakeApi fake;
    Options options = following;
    options.filters = {{"after", "40"}};
    fake.streams.push_back({.bytes = {event(41)}});

    EXPECT_EQ(follow_alerts(options, fake.context), Exit::ok);

    EXPECT_EQ(fake.asked[0], "/v1/alerts/stream?after=40");
    EXPECT_EQ(fake.out.str(), line(41));
}

TEST(Follow, EndsWhenTheServerWasNeverThere)
{
    FakeApi fake;
    fake.answers.push_back(Error{ErrorKind::unavailable, "refused"});
    EXPECT_EQ(follow_alerts(following, fake.context), Exit::unreachable);

    Options options = following;
    options.filters = {{"after", "40"}};
    fake.streams.push_back({.bytes = {}, .end = Error{ErrorKind::unavailable, "refused"}});
    EXPECT_EQ(follow_alerts(options, fake.context), Exit::unreachable);
    EXPECT_TRUE(fake.waits.empty());
}

TEST(Follow, EndsWhenTheServerSaysNo)
{
    FakeApi fake;
    fake.answer(wire::alert_page({}, false, 2));
    fake.streams.push_back({.bytes = {}, .end = Answer{.status = 421, .body = {}}});

    EXPECT_EQ(follow_alerts(following, fake.context), Exit::refused);
    EXPECT_TRUE(fake.waits.empty());
}

TEST(Follow, WaitsNoLongerThanHalfAMinute)
{
    FakeApi fake;
    fake.answer(wire::alert_page({}, false, 2));
    for (int i = 0; i < 8; ++i) {
        fake.streams.push_back({.bytes = {}, .end = Error{ErrorKind::unavailable, "refused"}});
    }

    EXPECT_EQ(follow_alerts(following, fake.context), Exit::ok);

    EXPECT_THAT(fake.waits, ElementsAre(2s, 4s, 8s, 16s, 30s, 30s, 30s, 30s));
}

TEST(Follow, TellsOfAnAlertItCannotReadAndGoesOn)
{
    FakeApi fake;
    fake.answer(wire::alert_page({}, false, 2));
    fake.streams.push_back({.bytes = {"id: 1\nevent: alert\ndata: nonsense\n\n",
                                      "event: other\ndata: {}\n\n", event(2)}});

    EXPECT_EQ(follow_alerts(following, fake.context), Exit::ok);

    EXPECT_EQ(fake.out.str(), line(2));
    EXPECT_THAT(fake.err.str(), HasSubstr("alert 1 cannot be read"));
}

TEST(Follow, WritesRowsUnderOneHeadOnATerminal)
{
    FakeApi fake;
    fake.context.terminal = {.is_terminal = true, .colour = true, .width = 120};
    StoredAlert alert = sample_alert(3);
    alert.record.body =
        R"({"severity":"warning","score":50,"brand":"Acme","summary":"a\u001b[0m"})";
    fake.answer(wire::alert_page({alert}, false, 2));
    fake.streams.push_back({.bytes = {wire::alert_event(alert)}});

    EXPECT_EQ(follow_alerts(following, fake.context), Exit::ok);

    const std::string row = "       3  -                 \x1b[33mwarning\x1b[0m      50  Acme"
                            "                              a\\x1b[0m\n";
    EXPECT_THAT(fake.out.str(), ::testing::StartsWith("     SEQ  RAISED (UTC)"));
    EXPECT_THAT(fake.out.str(), ::testing::EndsWith('\n' + row + row));
}

} // namespace
} // namespace empathd::cli

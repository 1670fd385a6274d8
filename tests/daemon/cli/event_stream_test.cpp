#include "daemon/cli/event_stream.hpp"

#include <gtest/gtest.h>

namespace empathd::cli {
namespace {

TEST(EventReader, ReadsIdTypeAndData)
{
    EventReader reader;

    const auto events = reader.take("retry: 500\n\nid: 7\nevent: alert\ndata: {\"a\":1}\n\n");

    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].id, "7");
    EXPECT_EQ(events[0].type, "alert");
    EXPECT_EQ(events[0].data, "{\"a\":1}");
    EXPECT_EQ(reader.last_id(), "7");
    EXPECT_EQ(reader.retry(), std::chrono::milliseconds{500});
}

TEST(EventReader, ReadsTheSameHoweverItIsCut)
{
    const std::string stream =
        "\xEF\xBB\xBFid: 1\r\nevent: alert\r\ndata: a\r\ndata: b\r\n\r\n: note\r\r"
        "id:2\ndata:  c\n\ndata\n\n";
    for (std::size_t size = 1; size <= stream.size(); ++size) {
        EventReader reader;
        std::vector<Event> events;
        for (std::size_t at = 0; at < stream.size(); at += size) {
            for (Event& event : reader.take(std::string_view(stream).substr(at, size))) {
                events.push_back(std::move(event));
            }
        }
        ASSERT_EQ(events.size(), 3u) << size;
        EXPECT_EQ(events[0].type, "alert");
        EXPECT_EQ(events[0].data, "a\nb");
        EXPECT_EQ(events[1].id, "2");
        EXPECT_EQ(events[1].type, "message");
        EXPECT_EQ(events[1].data, " c");
        EXPECT_EQ(events[2].id, "2") << "the id stays";
        EXPECT_EQ(events[2].data, "");
    }
}

TEST(EventReader, GivesNothingForCommentsAndForEventsWithoutData)
{
    EventReader reader;

    EXPECT_TRUE(reader.take(": heartbeat\n\nid: 9\n\nevent: alert\n\nnonsense: x\n\n").empty());
    EXPECT_EQ(reader.last_id(), "9") << "the id counts all the same";
}

TEST(EventReader, ForgetsHalfAnEventWhenTheConnectionBreaks)
{
    EventReader reader;
    static_cast<void>(reader.take("id: 1\ndata: a\n\nid: 2\ndata: half"));

    reader.restart();
    EXPECT_EQ(reader.last_id(), "1") << "2 was not complete: it must be asked for again";
    const auto events = reader.take("id: 2\ndata: whole\n\n");

    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].data, "whole");
}

TEST(EventReader, DropsAnEventThatIsTooLongAndGoesOn)
{
    EventReader reader;
    const std::string mebibyte(1024 * 1024, 'x');
    for (int i = 0; i < 6; ++i) {
        EXPECT_TRUE(reader.take("data: " + mebibyte + "\n").empty());
    }
    EXPECT_TRUE(reader.take("\n").empty());

    EXPECT_EQ(reader.take("data: ok\n\n").size(), 1u);
}

TEST(EventReader, BoundsALineThatNeverEnds)
{
    EventReader reader;
    const std::string mebibyte(1024 * 1024, 'x');
    EXPECT_TRUE(reader.take("data: ").empty());
    for (int i = 0; i < 6; ++i) {
        EXPECT_TRUE(reader.take(mebibyte).empty());
    }
    EXPECT_TRUE(reader.take("\n\n").empty());
}

TEST(EventReader, IgnoresARetryThatIsNoNumber)
{
    EventReader reader;
    static_cast<void>(reader.take("retry: soon\nretry: -1\n\n"));
    EXPECT_FALSE(reader.retry());
}

} // namespace
} // namespace empathd::cli

#include "connectors/replay/line_reader.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gtest/gtest.h>

namespace empathd::connectors {
namespace {

using testing::TemporaryFolder;
using testing::write_file;

TEST(LineReader, GivesLinesWithTheirEnds)
{
    const TemporaryFolder folder;
    const auto path = write_file(folder.file("a"), "one\r\n\nthree");

    auto reader = LineReader::open(path, 0);

    ASSERT_TRUE(reader) << reader.error().message;
    auto line = reader->next();
    ASSERT_TRUE(line);
    EXPECT_EQ(line->text, "one");
    EXPECT_EQ(line->end, 5u);
    line = reader->next();
    ASSERT_TRUE(line);
    EXPECT_EQ(line->text, "");
    EXPECT_EQ(line->end, 6u);
    line = reader->next();
    ASSERT_TRUE(line);
    EXPECT_EQ(line->text, "three");
    EXPECT_EQ(line->end, 11u);
    EXPECT_FALSE(reader->next());
}

TEST(LineReader, GoesOnWhereItEnded)
{
    const TemporaryFolder folder;
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        text += "line " + std::to_string(i) + '\n';
    }
    const auto path = write_file(folder.file("a"), text);

    std::uint64_t offset = 0;
    for (int i = 0; i < 20'000; i += 997) {
        auto reader = LineReader::open(path, offset);
        ASSERT_TRUE(reader) << reader.error().message;
        for (int k = i; k < std::min(20'000, i + 997); ++k) {
            const auto line = reader->next();
            ASSERT_TRUE(line);
            ASSERT_EQ(line->text, "line " + std::to_string(k));
            offset = line->end;
        }
    }
    EXPECT_EQ(offset, text.size());
}

TEST(LineReader, KeepsTheStartOfALineThatIsTooLongAndReadsOn)
{
    const TemporaryFolder folder;
    const std::string text = std::string(replay_line_bytes_max + 5, 'x') + "\nnext\n";
    const auto path = write_file(folder.file("a"), text);

    auto reader = LineReader::open(path, 0);

    ASSERT_TRUE(reader);
    auto line = reader->next();
    ASSERT_TRUE(line);
    EXPECT_TRUE(line->too_long);
    EXPECT_EQ(line->text.size(), replay_line_bytes_max);
    line = reader->next();
    ASSERT_TRUE(line);
    EXPECT_FALSE(line->too_long);
    EXPECT_EQ(line->text, "next");
}

TEST(LineReader, AcceptsALineOfExactlyTheLongestLength)
{
    const TemporaryFolder folder;
    const auto path = write_file(folder.file("a"), std::string(replay_line_bytes_max, 'x') + '\n');

    auto reader = LineReader::open(path, 0);

    ASSERT_TRUE(reader);
    const auto line = reader->next();
    ASSERT_TRUE(line);
    EXPECT_FALSE(line->too_long);
}

TEST(LineReader, SaysWhatIsWrongWithAFile)
{
    const TemporaryFolder folder;
    const auto path = write_file(folder.file("a"), "one\ntwo\n");
    const struct {
        std::string path;
        std::uint64_t offset;
        ErrorKind kind;
        std::string words;
    } cases[] = {
        {folder.file("none"), 0, ErrorKind::not_found, "does not exist"},
        {folder.file(""), 0, ErrorKind::malformed, "not a regular file"},
        {path, 9, ErrorKind::malformed, "cut off or replaced"},
        {path, 2, ErrorKind::malformed, "replaced"},
    };
    for (const auto& one : cases) {
        const auto reader = LineReader::open(one.path, one.offset);
        ASSERT_FALSE(reader) << one.words;
        EXPECT_EQ(reader.error().kind, one.kind) << one.words;
        EXPECT_NE(reader.error().message.find(one.words), std::string::npos)
            << reader.error().message;
    }
    EXPECT_TRUE(LineReader::open(path, 4));
    EXPECT_TRUE(LineReader::open(path, 8));
}

/// The number behind "t=".
std::optional<TimePoint> number_of(std::string_view line)
{
    return line.starts_with("t=")
               ? std::optional{from_unix_ms(std::stoi(std::string(line.substr(2))))}
               : std::nullopt;
}

TEST(LastTime, IsThatOfTheLastLineThatHasOne)
{
    const TemporaryFolder folder;
    const std::string far = "t=7\n" + std::string(300'000, 'x') + '\n';
    const struct {
        std::string text;
        std::optional<TimePoint> time;
    } cases[] = {
        {"", std::nullopt},
        {"x\ny\n", std::nullopt},
        {"t=5", from_unix_ms(5)},
        {"t=4\nt=5\n", from_unix_ms(5)},
        {"t=4\nt=5\nx\n\n", from_unix_ms(5)},
        {far, from_unix_ms(7)},
        {"t=4\n" + far + "t=9\n", from_unix_ms(9)},
        {"t=1\n" + std::string(5'000'000, 'x') + '\n', std::nullopt}, // Further than it looks.
    };
    for (const auto& one : cases) {
        EXPECT_EQ(last_time(write_file(folder.file("a"), one.text), number_of), one.time)
            << one.text.substr(0, 40);
    }
    EXPECT_EQ(last_time(folder.file("none"), number_of), std::nullopt);
}

} // namespace
} // namespace empathd::connectors

#include "daemon/notify/secret_file.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

using testing::TemporaryFolder;
using testing::write_file;

TEST(SecretFile, IsReadWithoutTheLineEndBehindIt)
{
    const TemporaryFolder folder;
    for (const char* const written :
         {"hush hush", "hush hush\n", "hush hush\r\n", "hush hush\n\n"}) {
        const auto secret = read_secret_file(write_file(folder.file("s"), written), "webhook w");

        ASSERT_TRUE(secret) << secret.error().message;
        EXPECT_EQ(secret->reveal(), "hush hush");
    }
}

struct BadFile {
    const char* name;
    std::string content;
};

class SecretFileRefuses : public ::testing::TestWithParam<BadFile> {};

TEST_P(SecretFileRefuses, AndNamesFileAndPurposeOnly)
{
    const TemporaryFolder folder;
    const std::string path = write_file(folder.file("s"), GetParam().content);

    const auto secret = read_secret_file(path, "webhook w");

    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().kind, ErrorKind::unauthorized);
    EXPECT_NE(secret.error().message.find("webhook w"), std::string::npos);
    EXPECT_NE(secret.error().message.find(path), std::string::npos);
    EXPECT_EQ(secret.error().message.find("xxxx"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Contents, SecretFileRefuses,
                         ::testing::Values(BadFile{"Empty", ""}, BadFile{"LineEndsOnly", "\r\n\n"},
                                           BadFile{"TooLong", std::string(4097, 'x')}),
                         [](const auto& test) { return test.param.name; });

TEST(SecretFile, SaysThatAFileIsMissing)
{
    const auto secret = read_secret_file("/nonexistent/secret", "redis password");

    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().kind, ErrorKind::unauthorized);
    EXPECT_EQ(secret.error().message,
              "redis password: the file /nonexistent/secret cannot be opened");
}

TEST(SecretFile, MayBeAsLongAsTheLimit)
{
    const TemporaryFolder folder;
    const std::string longest(secret_bytes_max, 'x');

    const auto secret = read_secret_file(write_file(folder.file("s"), longest), "w");

    ASSERT_TRUE(secret) << secret.error().message;
    EXPECT_EQ(secret->reveal(), longest);
}

} // namespace
} // namespace empathd

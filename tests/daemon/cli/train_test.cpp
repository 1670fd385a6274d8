#include "daemon/cli/train.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

namespace empathd::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Train : public ::testing::Test {
protected:
    void install(const std::string& name)
    {
        std::filesystem::create_directories(folder.path() / "bin");
        std::ofstream(folder.path() / "bin" / name) << "#!/bin/sh\n";
        ::chmod((folder.path() / "bin" / name).c_str(), 0700);
    }

    empathd::testing::TemporaryFolder folder;
    std::string self = (folder.path() / "bin/empathctl").string();
    Options options{.command = Command::train, .file = "own.jsonl", .out = "model.bin"};
};

TEST_F(Train, SaysThatTheTrainerIsMissing)
{
    EXPECT_THAT(std::get<std::string>(refit_command(options, self)), HasSubstr("empathd-train"));
}

TEST_F(Train, SaysThatTheShippedPostsAreMissing)
{
    install("empathd-train");
    EXPECT_THAT(std::get<std::string>(refit_command(options, self)), HasSubstr("--corpus"));
}

TEST_F(Train, FindsTheInstalledPosts)
{
    install("empathd-train");
    const auto corpus = folder.path() / "share/empathd/corpus";
    std::filesystem::create_directories(corpus);
    std::ofstream(corpus / "en.jsonl") << "{}\n";
    const auto line = std::get<std::vector<std::string>>(refit_command(options, self));
    EXPECT_THAT(line, ElementsAre((folder.path() / "bin/empathd-train").string(), "refit",
                                  "--corrections", "own.jsonl", "--out", "model.bin", "--corpus",
                                  std::filesystem::canonical(corpus).string()));
}

TEST_F(Train, PassesOnWhatWasNamed)
{
    install("empathd-train");
    options.corpus = "posts";
    options.model = "old.bin";
    options.sets = "sets";
    const auto line = std::get<std::vector<std::string>>(refit_command(options, self));
    EXPECT_THAT(line, ::testing::IsSupersetOf({"posts", "--model", "old.bin", "--sets", "sets"}));
}

} // namespace
} // namespace empathd::cli

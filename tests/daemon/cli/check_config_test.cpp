#include "daemon/cli/check_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

namespace empathd::cli {
namespace {

using ::testing::HasSubstr;

class CheckConfig : public ::testing::Test {
protected:
    CheckConfig()
    {
        std::string pattern = "/tmp/empathctl-XXXXXX";
        folder = ::mkdtemp(pattern.data());
        file = folder + "/empathd.toml";
    }
    ~CheckConfig() override
    {
        ::unlink(file.c_str());
        ::unlink((folder + "/empathd").c_str());
        ::rmdir(folder.c_str());
    }

    Exit check(const std::string& text)
    {
        std::ofstream(file) << text;
        return check_config_here(file, out, err);
    }

    std::string folder;
    std::string file;
    std::ostringstream out;
    std::ostringstream err;
};

TEST_F(CheckConfig, SaysWhatAGoodFileHolds)
{
    EXPECT_EQ(check("[http]\nlisten = \"127.0.0.1:8642\"\n"
                    "[[watch]]\nname = \"Acme\"\nterms = [\"acme\"]\n"),
              Exit::ok)
        << err.str();
    EXPECT_THAT(out.str(), HasSubstr("good, 1 watches, 0 sources"));
    EXPECT_EQ(err.str(), "");
}

TEST_F(CheckConfig, ShowsEveryProblemWithItsPlace)
{
    EXPECT_EQ(check("[http]\nlisten = \"nowhere\"\nlissen = 1\n"), Exit::config);

    EXPECT_THAT(err.str(), HasSubstr(file + ":2:"));
    EXPECT_THAT(err.str(), HasSubstr(file + ":3:"));
    EXPECT_THAT(err.str(), HasSubstr("lissen"));
    EXPECT_EQ(out.str(), "");
}

TEST_F(CheckConfig, SaysWhenThereIsNoFile)
{
    EXPECT_EQ(check_config_here(folder + "/none.toml", out, err), Exit::config);
    EXPECT_THAT(err.str(), HasSubstr("none.toml"));
}

TEST_F(CheckConfig, SendsNoEscapesOfTheFileToTheTerminal)
{
    EXPECT_EQ(check("\"\\u001b[2J\" = 1\n"), Exit::config);
    EXPECT_EQ(err.str().find('\x1b'), std::string::npos);
}

TEST_F(CheckConfig, FindsTheDaemonBesideItself)
{
    const std::string self = folder + "/empathctl";
    EXPECT_EQ(daemon_beside(self), std::nullopt);

    std::ofstream(folder + "/empathd") << "#!/bin/sh\n";
    EXPECT_EQ(daemon_beside(self), std::nullopt) << "not executable";

    ::chmod((folder + "/empathd").c_str(), 0700);
    EXPECT_EQ(daemon_beside(self), folder + "/empathd");
    EXPECT_EQ(daemon_beside("empathctl"), std::nullopt);
}

} // namespace
} // namespace empathd::cli

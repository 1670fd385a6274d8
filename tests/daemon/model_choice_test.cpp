#include "daemon/model_choice.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_model.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace empathd {
namespace {

class ModelChoice : public ::testing::Test {
protected:
    std::string write(std::string_view bytes)
    {
        const std::string file = folder.file("model.bin");
        std::ofstream(file, std::ios::binary) << bytes;
        return file;
    }

    testing::TemporaryFolder folder;
    testing::FakeClock clock{TimePoint{}};
    Log log{clock};
    std::string shipped = (*choose_model("", log))->version();
};

TEST_F(ModelChoice, OnesOwnModelAnswers)
{
    const auto model = choose_model(write(analysis::write_model(test::TinyModel().parts())), log);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ((*model)->version(), "tiny-1");
}

TEST_F(ModelChoice, WhatIsNoModelLeavesTheShippedOne)
{
    EXPECT_EQ((*choose_model(folder.file("missing"), log))->version(), shipped);
    EXPECT_EQ((*choose_model(write("not a model"), log))->version(), shipped);
    EXPECT_EQ((*choose_model(write(std::string(20 << 20, 'x')), log))->version(), shipped);
}

} // namespace
} // namespace empathd

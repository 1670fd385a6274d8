#include "analysis/experience/model_file.hpp"

#include "analysis/experience/model.hpp"
#include "tests/support/tiny_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>

namespace empathd::analysis {
namespace {

using test::TinyModel;

std::string refusal(std::string_view bytes)
{
    const Result<ModelParts> parts = read_model(bytes);
    if (parts) {
        return "accepted";
    }
    EXPECT_EQ(parts.error().kind, ErrorKind::malformed);
    return parts.error().message;
}

TEST(ModelFile, ReadsWhatItWrote)
{
    TinyModel tiny;
    tiny.teach("broken", TinyModel::complaint, 100).bias(3, 0, 0, -0.5F);
    const Result<ModelParts> parts = read_model(tiny.bytes());
    ASSERT_TRUE(parts) << parts.error().message;
    EXPECT_EQ(parts->version, "tiny-1");
    EXPECT_EQ(parts->row_bits, TinyModel::row_bits);
    ASSERT_EQ(parts->heads.size(), 5U);
    EXPECT_EQ(parts->heads[1].labels, tiny.parts().heads[1].labels);
    EXPECT_EQ(parts->heads[3].languages[0].bias, (std::vector<float>{-0.5F}));
    EXPECT_EQ(parts->rows, tiny.parts().rows);
    EXPECT_EQ(write_model(*parts), tiny.bytes());
}

TEST(ModelFile, RefusesEveryTruncation)
{
    TinyModel tiny;
    tiny.parts().row_bits = 4;
    tiny.parts().rows.assign(16 * TinyModel::outputs, 1);
    const std::string bytes = tiny.bytes();
    ASSERT_TRUE(read_model(bytes));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_NE(refusal(std::string_view(bytes).substr(0, length)), "accepted") << length;
    }
    EXPECT_THAT(refusal(bytes + "x"), testing::StartsWith("model file: "));
}

TEST(ModelFile, RefusesEveryChangedByte)
{
    TinyModel tiny;
    tiny.parts().row_bits = 4;
    tiny.parts().rows.assign(16 * TinyModel::outputs, 1);
    const std::string bytes = tiny.bytes();
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x11);
        EXPECT_NE(refusal(changed), "accepted") << at;
    }
}

TEST(ModelFile, SaysWhatIsWrong)
{
    struct Case {
        const char* name;
        std::function<void(std::string&)> damage;
        const char* expected;
    };
    const Case cases[] = {
        {"empty", [](std::string& b) { b.clear(); }, "not a model"},
        {"another file", [](std::string& b) { b[0] = 'e'; }, "not a model"},
        {"format", [](std::string& b) { b[8] = 9; }, "format 9, this program reads 2"},
        {"scheme", [](std::string& b) { b[12] = 7; }, "feature scheme 7, this program computes 2"},
        {"checksum", [](std::string& b) { b.back() = static_cast<char>(b.back() + 1); },
         "wrong checksum"},
        {"too large", [](std::string& b) { b.resize(model_bytes_max + 1); }, "larger than"},
    };
    for (const Case& one : cases) {
        std::string bytes = TinyModel().bytes();
        one.damage(bytes);
        EXPECT_THAT(refusal(bytes), testing::HasSubstr(one.expected)) << one.name;
    }
}

TEST(ModelFile, RefusesValuesOutOfRange)
{
    struct Case {
        std::function<void(ModelParts&)> damage;
        const char* expected;
    };
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Case cases[] = {
        {[](ModelParts& p) { p.version = ""; }, "version"},
        {[](ModelParts& p) { p.version = "a b"; }, "version"},
        {[](ModelParts& p) { p.row_bits = 30; }, "row bits"},
        {[](ModelParts& p) { p.heads[0].name = "tongue"; }, "first head is not language"},
        {[](ModelParts& p) { p.heads[0].labels[1] = "fr"; }, "no label und"},
        {[](ModelParts& p) { p.heads[1].labels.pop_back(); }, "outputs of head sentiment"},
        {[](ModelParts& p) { p.heads.clear(); }, "is 0"},
        {[&](ModelParts& p) { p.heads[1].languages[0].temperature = 0; }, "temperature"},
        {[&](ModelParts& p) { p.heads[1].languages[0].temperature = nan; }, "temperature"},
        {[&](ModelParts& p) { p.heads[1].languages[0].threshold = 1.5F; }, "threshold"},
        {[&](ModelParts& p) { p.heads[1].languages[0].score = 2; }, "score"},
        {[&](ModelParts& p) { p.heads[1].languages[0].bias[0] = nan; }, "bias"},
        {[&](ModelParts& p) { p.scale[0] = std::numeric_limits<float>::infinity(); }, "scale"},
        {[&](ModelParts& p) { p.rules[3] = nan; }, "rule weight"},
        {[](ModelParts& p) { p.rows.pop_back(); }, "cut short"},
        {[](ModelParts& p) { p.rows.push_back(0); }, "longer"},
    };
    for (const Case& one : cases) {
        TinyModel tiny;
        one.damage(tiny.parts());
        EXPECT_THAT(refusal(tiny.bytes()), testing::HasSubstr(one.expected));
    }
}

TEST(ModelFile, RandomBytesBehindTheMagicAreRefused)
{
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes = TinyModel().bytes().substr(0, 8 + round % 400);
        for (std::size_t at = 16; at < bytes.size(); ++at) {
            bytes[at] = static_cast<char>(random() % (round % 2 == 0 ? 256 : 4));
        }
        EXPECT_NE(refusal(bytes), "accepted");
    }
}

} // namespace
} // namespace empathd::analysis

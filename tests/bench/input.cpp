#include "tests/bench/input.hpp"

#include "tests/bench/generated.hpp"

#include <rapidjson/document.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

namespace empathd::testing {
namespace {

constexpr std::size_t generated_texts = 50'000;
constexpr std::size_t generated_brand_count = 10'000;
constexpr std::uint32_t seed = 20240501;

std::ifstream opened(const char* path)
{
    std::ifstream file(path);
    if (!file) {
        std::cerr << "cannot read " << path << '\n';
        std::exit(EXIT_FAILURE);
    }
    return file;
}

std::vector<std::string> texts_of(const char* path)
{
    std::ifstream file = opened(path);
    std::vector<std::string> texts;
    for (std::string line; std::getline(file, line);) {
        rapidjson::Document post;
        post.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
            line.data(), line.size());
        if (post.HasParseError() || !post.IsObject()) {
            continue;
        }
        const auto text = post.FindMember("text");
        if (text != post.MemberEnd() && text->value.IsString()) {
            texts.emplace_back(text->value.GetString(), text->value.GetStringLength());
        }
    }
    if (texts.empty()) {
        std::cerr << "no text in " << path << '\n';
        std::exit(EXIT_FAILURE);
    }
    return texts;
}

std::vector<std::string> made_texts()
{
    const std::vector<std::string> brands = generated_brands(generated_brand_count, seed);
    std::vector<std::string> texts;
    for (GeneratedPost& post : generated_posts(generated_texts, seed + 1, brands)) {
        texts.push_back(std::move(post.text));
    }
    return texts;
}

} // namespace

const std::vector<std::string>& bench_texts()
{
    static const std::vector<std::string> texts = [] {
        const char* path = std::getenv("EMPATHD_BENCH_POSTS");
        return path != nullptr ? texts_of(path) : made_texts();
    }();
    return texts;
}

std::vector<std::string> bench_brands(std::size_t count)
{
    std::vector<std::string> brands;
    if (const char* path = std::getenv("EMPATHD_BENCH_BRANDS")) {
        std::ifstream file = opened(path);
        for (std::string line; brands.size() < count && std::getline(file, line);) {
            if (!line.empty()) {
                brands.push_back(line);
            }
        }
        return brands;
    }
    brands = generated_brands(generated_brand_count, seed);
    brands.resize(std::min(count, brands.size()));
    return brands;
}

} // namespace empathd::testing

#include "daemon/poll/id_arena.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace empathd {
namespace {

TEST(IdArena, KeepsTextsOfAllSizes)
{
    IdArena arena;
    std::vector<std::pair<std::uint32_t, std::string>> kept;
    for (std::size_t size = 0; size <= IdArena::bytes_max; size += 37) {
        const std::string text(size, static_cast<char>('a' + size % 26));
        kept.emplace_back(arena.put(text.substr(0, size / 2), text.substr(size / 2)), text);
    }
    kept.emplace_back(arena.put("", std::string(IdArena::bytes_max, 'z')),
                      std::string(IdArena::bytes_max, 'z'));
    for (const auto& [place, text] : kept) {
        EXPECT_EQ(arena.at(place, text.size()), text);
    }
}

TEST(IdArena, UsesRoomAgainAndDisturbsNoOther)
{
    IdArena arena;
    std::mt19937 random(1);
    std::vector<std::pair<std::uint32_t, std::string>> kept;
    for (int i = 0; i < 2'000; ++i) {
        const std::string text(random() % 200, static_cast<char>('a' + i % 26));
        kept.emplace_back(arena.put(text, ""), text);
    }
    const std::size_t before = arena.bytes();
    for (int i = 0; i < 100'000; ++i) {
        auto& [place, text] = kept[random() % kept.size()];
        ASSERT_EQ(arena.at(place, text.size()), text);
        arena.give_back(place, text.size());
        text.assign(text.size(), static_cast<char>('A' + i % 26));
        place = arena.put(text, "");
    }
    EXPECT_EQ(arena.bytes(), before);
}

} // namespace
} // namespace empathd

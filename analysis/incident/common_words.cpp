#include "analysis/incident/common_words.hpp"

#include "analysis/incident/common_words_data.hpp"

#include <algorithm>
#include <unordered_map>

namespace empathd::analysis {
namespace {

/// The finaliser of SplitMix64. Source: S. Vigna, https://prng.di.unimi.it/splitmix64.c (public
/// domain); constants only.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9U;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

using Table = std::unordered_map<std::uint64_t, float>;

template <class Add>
void each(std::string_view list, Add add)
{
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(' '), list.size());
        add(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

Table word_table()
{
    Table table;
    const auto put = [&table](std::string_view list, float share) {
        each(list, [&table, share](std::string_view word) { table[word_hash(word)] = share; });
    };
    put(words_tenth, 0.1F);
    put(words_thirtieth, 0.03F);
    put(words_hundredth, 0.01F);
    put(words_rest, 0.003F);
    return table;
}

Table pair_table()
{
    Table table;
    each(common_pairs, [&table](std::string_view pair) {
        const std::size_t plus = pair.find('+');
        table[pair_hash(word_hash(pair.substr(0, plus)), word_hash(pair.substr(plus + 1)))] =
            0.006F;
    });
    return table;
}

Usual found_in(const Table& table, std::uint64_t hash, float otherwise)
{
    const auto found = table.find(hash);
    return found == table.end() ? Usual{otherwise, false} : Usual{found->second, true};
}

} // namespace

std::uint64_t word_hash(std::string_view folded) noexcept
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : folded) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return mixed(hash);
}

std::uint64_t pair_hash(std::uint64_t first, std::uint64_t second) noexcept
{
    return mixed(first * 3 + second);
}

Usual usual_word(std::uint64_t hash)
{
    static const Table table = word_table();
    return found_in(table, hash, unlisted_word_share);
}

Usual usual_pair(std::uint64_t hash)
{
    static const Table table = pair_table();
    return found_in(table, hash, unlisted_pair_share);
}

} // namespace empathd::analysis

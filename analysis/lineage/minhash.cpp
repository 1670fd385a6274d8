#include "analysis/lineage/minhash.hpp"

#include <algorithm>
#include <limits>

namespace empathd::analysis {
namespace {

/// The finaliser of SplitMix64: every input bit moves every output bit.
/// Source: S. Vigna, https://prng.di.unimi.it/splitmix64.c (public domain); constants only.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9U;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

std::uint64_t hash_of(std::string_view word) noexcept
{
    std::uint64_t hash = 0xcbf29ce484222325U; // FNV-1a, then mixed.
    for (const char c : word) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return mixed(hash);
}

/// One multiplier a minimum: independent enough orders from one hash.
constexpr std::array<std::uint64_t, minhash_size> multipliers = [] {
    std::array<std::uint64_t, minhash_size> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = mixed(i * 0x9e3779b97f4a7c15U + 1) | 1U;
    }
    return out;
}();

void add(MinHash& minima, std::uint64_t hash) noexcept
{
    for (std::size_t i = 0; i < minhash_size; ++i) {
        const auto order = static_cast<std::uint32_t>((hash * multipliers[i]) >> 32);
        minima[i] = std::min(minima[i], order);
    }
}

constexpr bool is_word(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte >= 0x80;
}

constexpr bool is_space(char c) noexcept
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// The next word from `at` on; empty at the end. Skips addresses and @names whole.
std::string_view next_word(std::string_view text, std::size_t& at) noexcept
{
    while (at < text.size()) {
        if (text[at] == '@' || text.substr(at, 4) == "http") {
            while (at < text.size() && !is_space(text[at])) {
                ++at;
            }
        } else if (is_word(text[at])) {
            const std::size_t begin = at;
            while (at < text.size() && is_word(text[at])) {
                ++at;
            }
            return text.substr(begin, at - begin);
        } else {
            ++at;
        }
    }
    return {};
}

} // namespace

std::optional<MinHash> minhash(std::string_view stripped)
{
    MinHash minima;
    minima.fill(std::numeric_limits<std::uint32_t>::max());
    std::size_t words = 0;
    std::uint64_t before = 0;
    std::size_t at = 0;
    for (auto word = next_word(stripped, at); !word.empty(); word = next_word(stripped, at)) {
        const std::uint64_t hash = hash_of(word);
        add(minima, hash);
        if (words != 0) {
            add(minima, mixed(before * 3 + hash));
        }
        before = hash;
        ++words;
    }
    return words < minhash_words_min ? std::nullopt : std::optional{minima};
}

int agreement(const MinHash& a, const MinHash& b) noexcept
{
    int equal = 0;
    for (std::size_t i = 0; i < minhash_size; ++i) {
        equal += a[i] == b[i] ? 1 : 0;
    }
    return equal;
}

std::array<std::uint64_t, minhash_bands> bands(const MinHash& signature) noexcept
{
    std::array<std::uint64_t, minhash_bands> out{};
    for (std::size_t band = 0; band < minhash_bands; ++band) {
        const std::uint64_t pair =
            (std::uint64_t{signature[2 * band]} << 32) | signature[2 * band + 1];
        out[band] = mixed(pair + band);
    }
    return out;
}

} // namespace empathd::analysis

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Seeded posts and brands: the same seed gives the same text with every standard library, because
/// only the engine is taken from it and no distribution. Words are made of each language's
/// syllables, so the bytes are like those of posts; there is no sense in them, and nothing can be
/// learned about accuracy.
namespace empathd::testing {

struct GeneratedPost {
    std::string id;
    std::string text; ///< NFC.
    std::string lang; ///< en, fr, vi: 50, 25, 25 of a hundred.
    std::string author;
    std::string created_at; ///< RFC 3339.
};

/// A Mersenne Twister that is asked for whole numbers only.
class Dice {
public:
    explicit Dice(std::uint32_t seed) : engine_(seed) {}

    /// One of 0 .. sides - 1.
    std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(engine_() % sides); }
    bool one_in(std::size_t sides) { return roll(sides) == 0; }

    template <class List>
    const auto& pick(const List& list)
    {
        return list[roll(std::size(list))];
    }

    /// Small numbers much more often than large ones: about a Zipf distribution of exponent 1.
    std::size_t ranked(std::size_t count)
    {
        const double share = static_cast<double>(engine_()) / 4294967296.0;
        const auto rank = std::pow(static_cast<double>(count) + 1, share) - 1;
        return std::min(static_cast<std::size_t>(rank), count - 1);
    }

private:
    std::mt19937 engine_;
};

inline constexpr std::array<std::string_view, 36> english_syllables{
    "the", "ing", "er",  "a",  "ly", "ed",  "i",   "es",  "re", "tion", "in", "e",
    "con", "y",   "ter", "ex", "al", "de",  "com", "o",   "di", "en",   "an", "ty",
    "ry",  "u",   "ti",  "ri", "be", "per", "to",  "pro", "ac", "ad",   "ar", "ers"};
inline constexpr std::array<std::string_view, 36> french_syllables{
    "le", "é",  "la",  "re",  "de", "ment", "tion", "è",   "ces", "que",  "ou", "pé",
    "ré", "dé", "çon", "un",  "en", "par",  "ser",  "vi",  "ce",  "mau",  "ê",  "tre",
    "té", "à",  "ne",  "pas", "si", "œu",   "vre",  "naï", "gé",  "rant", "où", "ils"};
inline constexpr std::array<std::string_view, 40> vietnamese_syllables{
    "không", "được",  "hàng", "rất",  "tệ",   "phục", "vụ",    "của",  "tôi",  "người",
    "điện",  "thoại", "giao", "trễ",  "nhân", "viên", "thái",  "độ",   "quá",  "lâu",
    "mua",   "tiền",  "hoàn", "lại",  "sản",  "phẩm", "hỏng",  "ngày", "đặt",  "cửa",
    "tiệm",  "phở",   "ăn",   "uống", "xe",   "chất", "lượng", "kém",  "thất", "vọng"};
inline constexpr std::array<std::string_view, 8> emoji{"😀", "😡",           "👎", "❤️",
                                                       "🙏", "👩‍💻", "🔥", "…"};

/// A word of one language; Vietnamese ones are syllables.
inline std::string generated_word(Dice& dice, std::string_view lang)
{
    if (lang == "vi") {
        return std::string(dice.pick(vietnamese_syllables));
    }
    std::string word;
    for (std::size_t left = 1 + dice.roll(3); left > 0; --left) {
        word += lang == "fr" ? dice.pick(french_syllables) : dice.pick(english_syllables);
    }
    return word;
}

/// Different brands of one to three words, 4 to 30 bytes, some with diacritics.
inline std::vector<std::string> generated_brands(std::size_t count, std::uint32_t seed)
{
    static constexpr std::array<std::string_view, 24> parts{
        "zor", "vex", "lum", "kra", "tel", "nov", "qui", "bra", "fix", "mar", "sol", "pha",
        "đo",  "ré",  "phở", "öl",  "ker", "dax", "win", "jet", "gor", "hap", "xen", "yul"};
    Dice dice(seed);
    std::vector<std::string> brands;
    for (std::size_t i = 0; i < count; ++i) {
        std::string brand;
        for (std::size_t words = 1 + dice.roll(5) / 3 + dice.roll(8) / 7; words > 0; --words) {
            std::string word;
            for (std::size_t syllables = 2 + dice.roll(2); syllables > 0; --syllables) {
                word += dice.pick(parts);
            }
            if (static_cast<unsigned char>(word.front()) < 0x80) {
                word.front() = static_cast<char>(word.front() - 'a' + 'A');
            }
            brand += (brand.empty() ? "" : " ") + word;
        }
        brands.push_back(std::move(brand));
    }
    std::sort(brands.begin(), brands.end());
    brands.erase(std::unique(brands.begin(), brands.end()), brands.end());
    for (std::size_t i = brands.size(); i > 1; --i) { // Rank must not follow the alphabet.
        std::swap(brands[i - 1], brands[dice.roll(i)]);
    }
    for (std::size_t i = 0; brands.size() < count; ++i) { // In place of those drawn twice.
        brands.push_back(brands[i] + " " + std::to_string(i));
    }
    return brands;
}

/// A text of about 170 bytes; every eleventh names a brand, the first ones most.
inline std::string generated_text(Dice& dice, std::string_view lang,
                                  std::span<const std::string> brands)
{
    const std::size_t length = 30 + dice.roll(141) + dice.roll(141);
    const std::size_t brand_at = !brands.empty() && dice.one_in(11) ? dice.roll(length) : length;
    std::string text;
    bool brand_told = brand_at == length;
    while (text.size() < length) {
        if (!text.empty()) {
            text += dice.one_in(12) ? ". " : dice.one_in(9) ? ", " : " ";
        }
        if (!brand_told && text.size() >= brand_at) {
            brand_told = true;
            text += (dice.one_in(5) ? "@" : "") + brands[dice.ranked(brands.size())];
            text += dice.one_in(6) ? "'s" : "";
            continue;
        }
        switch (dice.roll(100)) {
        case 0: text += "#" + generated_word(dice, lang) + generated_word(dice, lang); break;
        case 2:
            text += "https://" + generated_word(dice, "en") + ".example/" +
                    std::to_string(dice.roll(1'000'000));
            break;
        case 3: text += dice.pick(emoji); break;
        case 4: text += std::to_string(dice.roll(3000)); break;
        default: {
            std::string word = generated_word(dice, lang);
            if (dice.one_in(8) && word.front() >= 'a' && word.front() <= 'z') {
                word.front() = static_cast<char>(word.front() - 'a' + 'A');
            }
            text += word;
        }
        }
    }
    return text;
}

inline std::vector<GeneratedPost> generated_posts(std::size_t count, std::uint32_t seed,
                                                  std::span<const std::string> brands)
{
    Dice dice(seed);
    std::vector<GeneratedPost> posts;
    posts.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        static constexpr std::array<std::string_view, 4> languages{"en", "en", "fr", "vi"};
        const std::string_view lang = dice.pick(languages);
        const std::size_t second = i % 86'400;
        std::array<char, 32> time{};
        std::snprintf(time.data(), time.size(), "2024-05-%02uT%02u:%02u:%02uZ",
                      static_cast<unsigned>(1 + i / 86'400 % 28),
                      static_cast<unsigned>(second / 3600), static_cast<unsigned>(second / 60 % 60),
                      static_cast<unsigned>(second % 60));
        posts.push_back({"post-" + std::to_string(i), generated_text(dice, lang, brands),
                         std::string(lang), "user" + std::to_string(dice.ranked(100'000)),
                         time.data()});
    }
    return posts;
}

inline std::string json_quoted(std::string_view text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
            quoted += escape.data();
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

/// One JSON object a line, as the connectors' push ingest and the benchmarks read them.
inline std::string to_ndjson(std::span<const GeneratedPost> posts)
{
    std::string lines;
    for (const GeneratedPost& post : posts) {
        lines += R"({"id":)" + json_quoted(post.id) + R"(,"text":)" + json_quoted(post.text) +
                 R"(,"lang":)" + json_quoted(post.lang) + R"(,"author":)" +
                 json_quoted(post.author) + R"(,"created_at":)" + json_quoted(post.created_at) +
                 "}\n";
    }
    return lines;
}

} // namespace empathd::testing

#include "analysis/training/copies.hpp"

#include "analysis/experience/utf8.hpp"
#include "analysis/text/normalize.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace empathd::training {
namespace {

struct Spelling {
    std::string_view word;
    std::array<std::string_view, 4> typed; ///< Empty ones are not there.
};

constexpr Spelling spellings[] = {
    {"không", {"ko", "k", "kg", "hok"}}, {"được", {"dc", "đc", "dk", ""}},
    {"rồi", {"r", "rùi", "", ""}},       {"với", {"vs", "vớ", "", ""}},
    {"gì", {"j", "gj", "", ""}},         {"vậy", {"v", "z", "dzậy", ""}},
    {"biết", {"bit", "bik", "bt", ""}},  {"mình", {"mk", "m", "mìh", ""}},
    {"người", {"ng", "ngta", "", ""}},   {"nhưng", {"nhg", "nhưg", "", ""}},
    {"những", {"nhữg", "n~", "", ""}},   {"trời", {"trùi", "tr", "", ""}},
    {"quá", {"qá", "wá", "", ""}},       {"luôn", {"lun", "luônn", "", ""}},
    {"chưa", {"chx", "ch", "", ""}},     {"nhân", {"nv", "nhân", "", ""}},
    {"khách", {"khách", "kh", "", ""}},  {"giờ", {"h", "giờ", "", ""}},
    {"tiền", {"tiền", "xiền", "", ""}},  {"cũng", {"cx", "cũg", "", ""}},
    {"phải", {"fải", "ph", "", ""}},     {"thôi", {"thoai", "thui", "", ""}},
    {"điện", {"đt", "điện", "", ""}},    {"trước", {"trc", "trước", "", ""}},
    {"hàng", {"hg", "hàng", "", ""}},    {"anh", {"a", "anh", "", ""}},
    {"chị", {"c", "chị", "", ""}},       {"em", {"e", "em", "", ""}},
    {"mọi", {"mn", "mọi", "", ""}},      {"nhắn", {"nt", "nhắn", "", ""}},
    {"trả", {"tl", "trả", "", ""}},      {"bình", {"bt", "bình", "", ""}},
};

std::vector<std::string_view> split(std::string_view text)
{
    std::vector<std::string_view> words;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = text.find_first_not_of(" \n\t", at);
        if (begin == std::string_view::npos) {
            break;
        }
        const std::size_t end = std::min(text.find_first_of(" \n\t", begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        at = end;
    }
    return words;
}

void append(std::string& out, char32_t letter)
{
    const auto value = static_cast<std::uint32_t>(letter);
    if (value < 0x80) {
        out.push_back(static_cast<char>(value));
    } else if (value < 0x800) {
        out.push_back(static_cast<char>(0xc0U | value >> 6));
        out.push_back(static_cast<char>(0x80U | (value & 0x3fU)));
    } else {
        out.push_back(static_cast<char>(0xe0U | value >> 12));
        out.push_back(static_cast<char>(0x80U | (value >> 6 & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (value & 0x3fU)));
    }
}

/// Upper case of the letters of Latin-1, Latin Extended-A, Vietnamese and Basic Latin.
char32_t capital(char32_t letter) noexcept
{
    if (letter >= U'a' && letter <= U'z') {
        return letter - 32;
    }
    if (letter >= 0xe0 && letter <= 0xfe && letter != 0xf7) {
        return letter - 32;
    }
    const bool pairs = (letter >= 0x100 && letter < 0x138) || (letter >= 0x14a && letter < 0x178) ||
                       letter == 0x1a1 || (letter >= 0x1ea0 && letter < 0x1f00);
    if (letter == 0x1b0) { // u with horn: the pair begins at an odd number
        return 0x1af;
    }
    if (letter == 0x131) { // dotless i
        return U'I';
    }
    return pairs && (letter & 1U) != 0 ? letter - 1 : letter;
}

constexpr std::string_view beside_on_keyboard = "qwertyuiopasdfghjklzxcvbnm";

bool is_emoji_part(char32_t letter) noexcept
{
    return letter >= 0x1f000 || (letter >= 0x2600 && letter < 0x27c0) ||
           (letter >= 0x2b00 && letter < 0x2c00) || letter == 0xfe0f || letter == 0x200d ||
           letter == 0x20e3;
}

} // namespace

std::string without_diacritics(std::string_view nfc)
{
    // Character by character, so that capitals, which folding would lower, can be put back.
    std::string out;
    std::string one;
    for (std::size_t at = 0; at < nfc.size();) {
        const auto [letter, bytes] = analysis::decode(nfc, at);
        const std::string_view source = nfc.substr(at, bytes);
        at += bytes;
        if (letter < 0x80) {
            out.append(source);
            continue;
        }
        analysis::fold(source, analysis::Fold::stripped, one);
        const bool upper = analysis::folded(source, analysis::Fold::letter_case) != source;
        if (upper && one.size() == 1 && one[0] >= 'a' && one[0] <= 'z') {
            one[0] = static_cast<char>(one[0] - 32);
        }
        out.append(one.empty() ? std::string_view{} : std::string_view(one));
    }
    return analysis::to_nfc(out);
}

std::string in_capitals(std::string_view nfc)
{
    std::string out;
    for (const std::string_view word : split(nfc)) {
        out += out.empty() ? "" : " ";
        if (word.starts_with('@') || word.starts_with("http")) {
            out += word;
            continue;
        }
        for (std::size_t at = 0; at < word.size();) {
            const auto [letter, bytes] = analysis::decode(word, at);
            const char32_t upper = capital(letter);
            if (upper == letter) {
                out.append(word.substr(at, bytes));
            } else {
                append(out, upper);
            }
            at += bytes;
        }
    }
    return out;
}

std::string in_teencode(std::string_view nfc, Sequence& sequence)
{
    std::string out;
    for (const std::string_view word : split(nfc)) {
        out += out.empty() ? "" : " ";
        const std::string lower = analysis::folded(word, analysis::Fold::letter_case);
        const auto* const found = std::ranges::find(spellings, lower, &Spelling::word);
        if (found == std::end(spellings) || sequence.below(4) == 0) {
            out += word;
            continue;
        }
        const auto typed =
            static_cast<std::size_t>(std::ranges::find(found->typed, "") - found->typed.begin());
        out += found->typed[sequence.below(typed)];
    }
    return out;
}

std::string without_emoji(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto [letter, bytes] = analysis::decode(text, at);
        if (!is_emoji_part(letter)) {
            out.append(text.substr(at, bytes));
        }
        at += bytes;
    }
    return out;
}

std::string misspelt(std::string_view nfc, Sequence& sequence)
{
    std::string out;
    for (std::size_t at = 0; at < nfc.size();) {
        const auto [letter, bytes] = analysis::decode(nfc, at);
        const std::string_view own = nfc.substr(at, bytes);
        at += bytes;
        const bool plain = (letter >= U'a' && letter <= U'z') || letter >= 0xc0;
        if (!plain || is_emoji_part(letter) || sequence.below(20) != 0) {
            out.append(own);
            continue;
        }
        const std::size_t place = beside_on_keyboard.find(static_cast<char>(letter));
        switch (sequence.below(4)) {
        case 0: break; // Left out.
        case 1: out.append(own).append(own); break;
        case 2: { // Changes places with the next letter.
            const std::size_t next = at < nfc.size() ? analysis::decode(nfc, at).bytes : 0;
            out.append(nfc.substr(at, next)).append(own);
            at += next;
            break;
        }
        default:
            if (letter < 0x80 && place + 1 < beside_on_keyboard.size()) {
                out.push_back(beside_on_keyboard[place + 1]);
            }
        }
    }
    return out;
}

std::string cropped(std::string_view text, std::size_t words, Sequence& sequence)
{
    const std::vector<std::string_view> all = split(text);
    const std::size_t count = std::min(words, all.size());
    const std::size_t first = sequence.below(all.size() - count + 1);
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += out.empty() ? "" : " ";
        out += all[first + i];
    }
    return out;
}

std::vector<Copy> copies_for_meaning(std::string_view nfc, std::string_view language,
                                     Sequence& sequence)
{
    std::vector<Copy> copies = {{std::string(nfc), 1}};
    if (language == "vi") {
        copies.push_back({without_diacritics(nfc), 0.7F});
        std::string typed = in_teencode(nfc, sequence);
        copies.push_back({without_diacritics(typed), 0.3F});
        copies.push_back({std::move(typed), 0.3F});
    } else if (language == "fr" || language == "es" || language == "pt") {
        copies.push_back({without_diacritics(nfc), 0.3F});
    }
    if (sequence.below(4) == 0) {
        copies.push_back({in_capitals(nfc), 0.3F});
    }
    return copies;
}

std::vector<Copy> copies_for_language(std::string_view nfc, std::string_view language,
                                      Sequence& sequence)
{
    std::vector<Copy> copies = {{std::string(nfc), 1}};
    const std::string plain = without_diacritics(nfc);
    const bool accented = plain != nfc && language != "ar";
    if (accented) {
        copies.push_back({plain, 1});
    }
    if (language == "vi") {
        copies.push_back({in_teencode(nfc, sequence), 0.5F});
        copies.push_back({without_diacritics(copies.back().text), 0.5F});
    }
    constexpr std::size_t pieces = 3;
    for (std::size_t i = 0; i < pieces; ++i) {
        copies.push_back({cropped(nfc, 2 + sequence.below(4), sequence), 0.5F});
        if (accented) {
            copies.push_back({cropped(plain, 2 + sequence.below(4), sequence), 0.5F});
        }
    }
    return copies;
}

} // namespace empathd::training

#include "analysis/decision/gravity.hpp"

#include "analysis/decision/gravity_words.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace empathd::analysis {
namespace {

/// Bytes of the letter or digit at `at`; 0 when it is none. Beyond ASCII, the two-byte scripts and
/// the rest of Latin count as letters; quotes, dashes, emoji and scripts without spaces do not, so
/// that a word beside them is found.
std::size_t letter_size(std::string_view text, std::size_t at) noexcept
{
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
        const char c = text[at];
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? 1 : 0;
    }
    const std::size_t size = byte >= 0xc3 && byte <= 0xdf ? 2 : byte == 0xe1 ? 3 : 0;
    return at + size <= text.size() ? size : 0;
}

struct Word {
    std::string_view text;
    std::uint32_t offset = 0;
};

std::vector<Word> words_of(std::string_view text)
{
    std::vector<Word> out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        for (std::size_t size = 1; end < text.size() && size > 0; end += size) {
            size = letter_size(text, end);
        }
        if (end > at) {
            out.push_back({text.substr(at, end - at), static_cast<std::uint32_t>(at)});
        }
        at = end + 1;
    }
    return out;
}

struct Phrase {
    Grave kind = Grave::safety;
    std::vector<std::string_view> words;
};

/// Phrases by their first word, the longest first.
using Phrases = std::unordered_map<std::string_view, std::vector<Phrase>>;

Phrases read_lists()
{
    Phrases out;
    for (const GraveList& list : grave_lists()) {
        std::string_view rest = list.phrases;
        while (!rest.empty()) {
            const std::string_view phrase = rest.substr(0, rest.find(';'));
            rest.remove_prefix(std::min(rest.size(), phrase.size() + 1));
            Phrase read{.kind = list.kind, .words = {}};
            for (const Word& word : words_of(phrase)) {
                read.words.push_back(word.text);
            }
            out[read.words.front()].push_back(std::move(read));
        }
    }
    for (auto& [first, phrases] : out) {
        std::stable_sort(phrases.begin(), phrases.end(), [](const Phrase& a, const Phrase& b) {
            return a.words.size() > b.words.size();
        });
    }
    return out;
}

bool stands_at(const Phrase& phrase, const std::vector<Word>& words, std::size_t at)
{
    return at + phrase.words.size() <= words.size() &&
           std::equal(phrase.words.begin(), phrase.words.end(),
                      words.begin() + static_cast<std::ptrdiff_t>(at),
                      [](std::string_view a, const Word& b) { return a == b.text; });
}

void note(Gravity& gravity, const Phrase& phrase, const std::vector<Word>& words, std::size_t at)
{
    const Word& first = words[at];
    const Word& last = words[at + phrase.words.size() - 1];
    gravity.safety = gravity.safety || phrase.kind == Grave::safety;
    gravity.legal = gravity.legal || phrase.kind == Grave::legal;
    gravity.press = gravity.press || phrase.kind == Grave::press;
    if (gravity.words.size() < grave_words_max) {
        const auto end = last.offset + static_cast<std::uint32_t>(last.text.size());
        gravity.words.push_back(
            {.kind = phrase.kind, .span = {.offset = first.offset, .length = end - first.offset}});
    }
}

} // namespace

std::string_view to_string(Grave kind) noexcept
{
    switch (kind) {
    case Grave::safety: return "safety";
    case Grave::legal: return "legal";
    case Grave::press: return "press";
    }
    return "unknown";
}

Gravity gravity_of(std::string_view stripped, const Answer& need)
{
    static const Phrases phrases = read_lists();
    Gravity gravity;
    const std::vector<Word> words = words_of(stripped);
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto found = phrases.find(words[at].text);
        if (found == phrases.end()) {
            continue;
        }
        // One phrase at a place: the longest, so that "press charges" is no press.
        for (const Phrase& phrase : found->second) {
            if (stands_at(phrase, words, at)) {
                note(gravity, phrase, words, at);
                at += phrase.words.size() - 1;
                break;
            }
        }
    }
    gravity.safety_by_need = need.label == "safety";
    gravity.safety = gravity.safety || gravity.safety_by_need;
    return gravity;
}

} // namespace empathd::analysis

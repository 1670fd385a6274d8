#include "analysis/experience/lexicon.hpp"

#include "analysis/experience/lexicon_words.hpp"
#include "analysis/experience/utf8.hpp"
#include "analysis/text/normalize.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace empathd::analysis {
namespace {

/// Open addressing, half empty: one probe nearly always.
class Table {
public:
    Table()
    {
        for (const lexicon::WordList& list : lexicon::english) {
            add(list);
        }
        for (const lexicon::WordList& list : lexicon::french) {
            add(list);
        }
        for (const lexicon::WordList& list : lexicon::vietnamese) {
            add(list);
        }
    }

    [[nodiscard]] std::optional<LexiconEntry> find(std::uint64_t hash) const noexcept
    {
        for (std::size_t slot = slot_of(hash);; slot = (slot + 1) & mask) {
            if (slots_[slot].hash == hash) {
                return slots_[slot].entry;
            }
            if (slots_[slot].hash == 0) {
                return std::nullopt;
            }
        }
    }

private:
    struct Slot {
        std::uint64_t hash = 0;
        LexiconEntry entry{};
    };
    static constexpr std::size_t mask = 8191;

    static std::size_t slot_of(std::uint64_t hash) noexcept { return hash_end(hash) & mask; }

    static std::uint64_t hash_of(std::string_view words) noexcept
    {
        std::uint64_t first = 0;
        std::uint64_t hash = word_hash_start;
        for (std::size_t at = 0; at < words.size();) {
            const auto [letter, bytes] = decode(words, at);
            at += bytes;
            if (letter == U'_') {
                first = hash;
                hash = word_hash_start;
            } else {
                hash = hash_step(hash, letter >= U'0' && letter <= U'9' ? U'0' : letter);
            }
        }
        return first == 0 ? hash : hash_pair(first, hash);
    }

    /// Without accents too, where that leaves little doubt: two words, or French.
    void add(const lexicon::WordList& list)
    {
        std::size_t begin = 0;
        while (begin < list.words.size()) {
            const std::size_t end = std::min(list.words.find(' ', begin), list.words.size());
            const std::string_view entry = list.words.substr(begin, end - begin);
            add(entry, list);
            const bool pair = entry.find('_') != std::string_view::npos;
            if (list.language != LexiconLanguage::en && (pair || entry.size() > 5)) {
                add(folded(entry, Fold::stripped), list);
            }
            begin = end + 1;
        }
    }

    void add(std::string_view entry, const lexicon::WordList& list)
    {
        const std::uint64_t hash = hash_of(entry);
        std::size_t slot = slot_of(hash);
        while (slots_[slot].hash != 0) {
            if (slots_[slot].hash == hash) {
                return; // The first list that names a word has it.
            }
            slot = (slot + 1) & mask;
        }
        slots_[slot] = {hash, {list.word_class, list.language}};
    }

    std::vector<Slot> slots_ = std::vector<Slot>(mask + 1);
};

} // namespace

std::optional<LexiconEntry> find_in_lexicon(std::uint64_t hash) noexcept
{
    static const Table table;
    return table.find(hash);
}

} // namespace empathd::analysis

#include "analysis/text/fold_table.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <stdexcept>
#include <utility>

namespace empathd::analysis {
namespace {

/// ICU's own data, compiled into its library.
struct Icu {
    const icu::Normalizer2* nfc = nullptr;
    const icu::Normalizer2* nfd = nullptr;

    Icu()
    {
        UErrorCode status = U_ZERO_ERROR;
        nfc = icu::Normalizer2::getNFCInstance(status);
        nfd = icu::Normalizer2::getNFDInstance(status);
        if (U_FAILURE(status)) {
            throw std::runtime_error(std::string("ICU has no normalization data: ") +
                                     u_errorName(status));
        }
    }
};

const Icu& icu_data()
{
    static const Icu data;
    return data;
}

icu::UnicodeString normalized(const icu::Normalizer2& form, const icu::UnicodeString& text)
{
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString result = form.normalize(text, status);
    if (U_FAILURE(status)) {
        throw std::bad_alloc(); // The one way it fails on a text in memory.
    }
    return result;
}

bool hangs_on_another(UChar32 c)
{
    return c >= 0x300 && u_getIntPropertyValue(c, UCHAR_LEAD_CANONICAL_COMBINING_CLASS) != 0;
}

/// The canonical order of a run of marks: apart, then stably by class (Unicode 15 section 3.11).
icu::UnicodeString in_canonical_order(const icu::UnicodeString& marks)
{
    std::vector<std::pair<std::uint8_t, UChar32>> ranked;
    for (std::int32_t i = 0; i < marks.length(); i = marks.moveIndex32(i, 1)) {
        icu::UnicodeString apart;
        if (!icu_data().nfd->getDecomposition(marks.char32At(i), apart)) {
            apart = marks.char32At(i);
        }
        for (std::int32_t j = 0; j < apart.length(); j = apart.moveIndex32(j, 1)) {
            ranked.emplace_back(u_getCombiningClass(apart.char32At(j)), apart.char32At(j));
        }
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    icu::UnicodeString ordered;
    for (const auto& [rank, mark] : ranked) {
        ordered.append(mark);
    }
    return ordered;
}

/// ICU orders marks by insertion, which takes a tenth of a second for 64 KiB of them in a hostile
/// order. Runs longer than any language needs (Unicode Annex 15, stream-safe format: 30) are put
/// into order beforehand; the text stays canonically the same.
icu::UnicodeString with_long_runs_ordered(icu::UnicodeString text)
{
    constexpr std::int32_t usual_run_max = 30;
    std::int32_t run_start = 0;
    for (std::int32_t i = 0; i < text.length();) {
        const bool hangs = hangs_on_another(text.char32At(i));
        i = text.moveIndex32(i, 1);
        if (hangs && i < text.length()) {
            continue;
        }
        const std::int32_t run_end = hangs ? i : text.moveIndex32(i, -1);
        if (run_end - run_start > usual_run_max) {
            const icu::UnicodeString ordered =
                in_canonical_order(text.tempSubStringBetween(run_start, run_end));
            text.replaceBetween(run_start, run_end, ordered);
            i += ordered.length() - (run_end - run_start);
        }
        run_start = i;
    }
    return text;
}

icu::UnicodeString utf16(std::string_view bytes)
{
    return with_long_runs_ordered(icu::UnicodeString::fromUTF8(
        icu::StringPiece(bytes.data(), static_cast<std::int32_t>(bytes.size()))));
}

/// Letters with a stroke have no decomposition, yet people leave the stroke out.
char32_t without_stroke(char32_t letter) noexcept
{
    switch (letter) {
    case U'đ': return U'd';
    case U'ø': return U'o';
    case U'ł': return U'l';
    default: return letter;
    }
}

icu::UnicodeString without_diacritics(const icu::UnicodeString& folded)
{
    const icu::UnicodeString apart = normalized(*icu_data().nfd, folded);
    icu::UnicodeString kept;
    for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
        const UChar32 c = apart.char32At(i);
        if (u_charType(c) != U_NON_SPACING_MARK) {
            kept.append(static_cast<UChar32>(without_stroke(static_cast<char32_t>(c))));
        }
    }
    return normalized(*icu_data().nfc, kept);
}

icu::UnicodeString folded_by_icu(icu::UnicodeString text, Fold how)
{
    text = normalized(*icu_data().nfc, text);
    text = normalized(*icu_data().nfc, text.foldCase(U_FOLD_CASE_DEFAULT));
    text.findAndReplace(icu::UnicodeString(static_cast<UChar32>(0x2019)),
                        icu::UnicodeString(u'\''));
    return how == Fold::stripped ? without_diacritics(text) : text;
}

bool starts_at_boundary(const icu::UnicodeString& text)
{
    return icu_data().nfc->hasBoundaryBefore(text.char32At(0)) != 0;
}

/// What the tables hold of one character.
struct Folds {
    bool covered = false;
    icu::UnicodeString letter_case;
    icu::UnicodeString stripped;
};

/// Says without asking for a full folding what most characters are: signs, ideographs, syllables.
bool plainly_same(UChar32 c, std::int8_t type)
{
    if (type == U_UPPERCASE_LETTER || type == U_LOWERCASE_LETTER || type == U_TITLECASE_LETTER ||
        type == U_NON_SPACING_MARK || c == 0x2019 || u_foldCase(c, U_FOLD_CASE_DEFAULT) != c) {
        return false;
    }
    const bool hangul_syllable = c >= 0xAC00 && c <= 0xD7A3;
    return hangul_syllable || u_getIntPropertyValue(c, UCHAR_NFD_QUICK_CHECK) != 0;
}

Folds folds_of(UChar32 c)
{
    const auto type = u_charType(c);
    if (type == U_SURROGATE || u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK) != UNORM_YES ||
        !icu_data().nfc->hasBoundaryBefore(c)) {
        return {};
    }
    const icu::UnicodeString itself(c);
    if (plainly_same(c, type)) {
        return {true, itself, itself};
    }
    Folds folds{true, folded_by_icu(itself, Fold::letter_case),
                folded_by_icu(itself, Fold::stripped)};
    folds.covered = starts_at_boundary(folds.letter_case) &&
                    (folds.stripped.isEmpty() || starts_at_boundary(folds.stripped));
    return folds;
}

class TableBuilder {
public:
    explicit TableBuilder(FoldTable& table) : table_(table) {}

    FoldEntry entry(UChar32 c, const icu::UnicodeString& folded)
    {
        std::string bytes;
        std::string itself;
        folded.toUTF8String(bytes);
        icu::UnicodeString(c).toUTF8String(itself);
        if (bytes == itself && c >= 0x3000) {
            return {{}, FoldEntry::same};
        }
        FoldEntry entry;
        if (bytes.size() <= entry.bytes.size()) {
            std::copy(bytes.begin(), bytes.end(), entry.bytes.begin());
            entry.length = static_cast<std::uint8_t>(bytes.size());
            return entry;
        }
        LongFold fold;
        assert(bytes.size() <= fold.bytes.size() && bytes.size() <= 2 * itself.size());
        std::copy(bytes.begin(), bytes.end(), fold.bytes.begin());
        fold.length = static_cast<std::uint8_t>(bytes.size());
        entry.bytes[0] = static_cast<unsigned char>(table_.longer.size() % 256);
        entry.bytes[1] = static_cast<unsigned char>(table_.longer.size() / 256);
        entry.length = FoldEntry::longer;
        table_.longer.push_back(fold);
        return entry;
    }

    void add(std::uint32_t block, const FoldTable::Block& entries)
    {
        const auto [known, is_new] =
            seen_.try_emplace(entries, static_cast<std::uint16_t>(table_.blocks.size()));
        if (is_new) {
            table_.blocks.push_back(entries);
        }
        table_.index[block] = known->second;
    }

private:
    FoldTable& table_;
    std::map<FoldTable::Block, std::uint16_t> seen_;
};

/// Whether a block has only characters that nothing happens to, told without looking at each: ten
/// times as many characters as all others, ideographs, private ones and holes. Left to look at are
/// the compatibility ideographs and the tags and variation selectors.
bool is_far_and_plain(std::uint32_t block) noexcept
{
    const std::uint32_t c = block * 64;
    return c >= 0x20000 && !(c >= 0x2F800 && c < 0x2FA20) && !(c >= 0xE0000 && c < 0xE1000);
}

FoldTables build_tables()
{
    FoldTable::Block plain;
    plain.fill({{}, FoldEntry::same});
    FoldTables tables;
    TableBuilder letter_case(tables.letter_case);
    TableBuilder stripped(tables.stripped);
    for (std::uint32_t block = 0; block < FoldTable::block_count; ++block) {
        if (is_far_and_plain(block)) {
            letter_case.add(block, plain);
            stripped.add(block, plain);
            continue;
        }
        FoldTable::Block case_entries;
        FoldTable::Block stripped_entries;
        for (std::uint32_t low = 0; low < 64; ++low) {
            const auto c = static_cast<UChar32>(block * 64 + low);
            const Folds folds = folds_of(c);
            if (folds.covered) {
                case_entries[low] = letter_case.entry(c, folds.letter_case);
                stripped_entries[low] = stripped.entry(c, folds.stripped);
            }
        }
        letter_case.add(block, case_entries);
        stripped.add(block, stripped_entries);
    }
    return tables;
}

} // namespace

const FoldTables& fold_tables()
{
    static const FoldTables tables = build_tables();
    return tables;
}

void append_nfc_by_icu(std::string_view bytes, std::string& out)
{
    normalized(*icu_data().nfc, utf16(bytes)).toUTF8String(out);
}

void append_folded_by_icu(std::string_view bytes, Fold how, std::string& out)
{
    folded_by_icu(utf16(bytes), how).toUTF8String(out);
}

} // namespace empathd::analysis

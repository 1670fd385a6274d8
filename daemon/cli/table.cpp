#include "daemon/cli/table.hpp"

#include "daemon/http/output.hpp"

#include <unicode/uchar.h>

#include <algorithm>

namespace empathd::cli {
namespace {

constexpr std::size_t gap = 2; ///< Between columns.
constexpr std::size_t open_width_min = 10;

std::size_t width_of(char32_t c)
{
    const auto code = static_cast<UChar32>(c);
    switch (u_charType(code)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR: return 0;
    default: break;
    }
    if (c >= 0x1160 && c <= 0x11FF) { // Hangul vowels and finals, drawn into the letter before.
        return 0;
    }
    const int width = u_getIntPropertyValue(code, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

} // namespace

std::size_t display_width(std::string_view text)
{
    std::size_t width = 0;
    while (!text.empty()) {
        width += width_of(take_character(text));
    }
    return width;
}

std::string one_line(std::string_view untrusted, std::size_t characters_max)
{
    std::string words;
    for (std::size_t i = 0; i < characters_max && !untrusted.empty(); ++i) {
        const char32_t c = take_character(untrusted);
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0xA0 || c == 0x2028) {
            words += words.empty() || words.ends_with(' ') ? "" : " ";
        } else {
            append_utf8(c, words);
        }
    }
    if (words.ends_with(' ')) {
        words.pop_back();
    }
    return term_text(words);
}

std::string cut_to(std::string_view text, std::size_t width)
{
    if (display_width(text) <= width) {
        return std::string(text);
    }
    std::string out;
    std::size_t used = 1; // The ellipsis.
    while (!text.empty()) {
        const char32_t c = take_character(text);
        used += width_of(c);
        if (used > width) {
            break;
        }
        append_utf8(c, out);
    }
    return width == 0 ? out : out + "\u2026";
}

std::vector<std::size_t> fit_columns(std::span<const Column> columns,
                                     std::span<const std::vector<Cell>> rows,
                                     std::size_t line_width)
{
    std::vector<std::size_t> widths(columns.size());
    std::size_t used = columns.empty() ? 0 : (columns.size() - 1) * gap;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].width_max == 0) {
            continue;
        }
        widths[i] = display_width(columns[i].title);
        for (const auto& row : rows) {
            widths[i] = std::max(widths[i], display_width(row[i].text));
        }
        widths[i] = std::min(widths[i], columns[i].width_max);
        used += widths[i];
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].width_max == 0) {
            widths[i] = std::max(open_width_min, line_width > used ? line_width - used : 0);
        }
    }
    return widths;
}

std::string table_line(std::span<const Column> columns, std::span<const std::size_t> widths,
                       std::span<const Cell> cells)
{
    std::string line;
    std::size_t owed = 0; // Spaces that are written only when something follows.
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string text = cut_to(cells[i].text, widths[i]);
        const std::size_t space = widths[i] - std::min(widths[i], display_width(text));
        owed += columns[i].align == Align::right ? space : 0;
        if (!text.empty()) {
            line.append(owed, ' ');
            owed = 0;
            line += cells[i].colour.empty() ? text : cells[i].colour + text + "\x1b[0m";
        }
        owed += (columns[i].align == Align::left ? space : 0) + gap;
    }
    return line + '\n';
}

std::string table_head(std::span<const Column> columns, std::span<const std::size_t> widths)
{
    std::vector<Cell> titles;
    titles.reserve(columns.size());
    for (const Column& column : columns) {
        titles.push_back({.text = column.title, .colour = {}});
    }
    return table_line(columns, widths, titles);
}

} // namespace empathd::cli

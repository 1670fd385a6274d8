#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::cli {

/// Columns a text takes on a terminal: 0 for combining marks and joiners, 2 for wide characters
/// (UAX 11: wide and fullwidth), 1 otherwise. The text has passed `term_text`.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Strangers' words on one line: runs of white space become one space, the rest as `term_text` has
/// it. At most `characters_max` characters of the input are looked at.
[[nodiscard]] std::string one_line(std::string_view untrusted, std::size_t characters_max = 2'000);

/// Cut to at most `width` columns, with "…" where something was cut. Marks stay with their letter.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t width);

enum class Align { left, right };

struct Column {
    std::string title;
    std::size_t width_max = 0; ///< Wider cells are cut; 0: as wide as the rest of the line.
    Align align = Align::left;
};

/// Text that has passed `one_line`, and how it is shown.
struct Cell {
    std::string text;
    std::string colour; ///< An SGR sequence of our own ("\x1b[31m"), or nothing.
};

/// Widths for these rows in a line of `line_width` columns: each column as narrow as its cells
/// allow, the one without a maximum as wide as what is left (at least 10).
[[nodiscard]] std::vector<std::size_t> fit_columns(std::span<const Column> columns,
                                                   std::span<const std::vector<Cell>> rows,
                                                   std::size_t line_width);

/// One line with its line feed, without trailing spaces.
[[nodiscard]] std::string table_line(std::span<const Column> columns,
                                     std::span<const std::size_t> widths,
                                     std::span<const Cell> cells);

/// The titles as a line.
[[nodiscard]] std::string table_head(std::span<const Column> columns,
                                     std::span<const std::size_t> widths);

} // namespace empathd::cli

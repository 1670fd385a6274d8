#pragma once

#include "daemon/store/sqlite_connection.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace empathd::sqlite {

/// Marks the file as ours ("Empa"): `file` and other tools show it, and a database of somebody
/// else is refused instead of being filled with our tables.
inline constexpr std::int64_t application_id = 0x456D7061;

/// A step from schema `number - 1` to `number`.
struct Migration {
    int number;
    std::string_view name;
    std::string_view sql;
};

/// All of them, numbered from 1 without a gap; embedded when the program is built.
[[nodiscard]] std::span<const Migration> migrations() noexcept;

/// Sets up a write connection: WAL, full synchronisation, secure deletion, foreign keys.
void set_up_writer(Connection& connection);
void set_up_reader(Connection& connection);

/// Fails unless the file is empty or ours, of a version we know, and undamaged.
void check_file(Connection& connection, std::span<const Migration> known);

/// For a reader: fails unless the file is ours and of the version we know. Cheap: the writer has
/// looked at the whole file.
void check_reader(Connection& connection, std::span<const Migration> known);

/// Runs the steps that the file lacks, each in a transaction of its own, with the version in it: a
/// crash leaves the version before or after a step, never between. Fails when the file is newer.
void migrate(Connection& connection, std::span<const Migration> known);

/// Makes the full-text index anew when its words were made by another version of search_text():
/// words can be taken out of the index only in the form in which they were put in.
void refresh_search(Connection& connection);

} // namespace empathd::sqlite

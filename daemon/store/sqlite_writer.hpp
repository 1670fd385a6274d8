#pragma once

#include "daemon/store/sqlite_connection.hpp"
#include "daemon/store/sqlite_posts.hpp"
#include "daemon/store/store.hpp"

#include <string>
#include <vector>

namespace empathd::sqlite {

/// Bytes kept of a sample that could not be used, and rows kept of all: the oldest go first.
inline constexpr std::size_t sample_bytes_max = 4 * 1024;
inline constexpr std::int64_t quarantine_rows_max = 10'000;

/// Nothing when every index of the page points at something.
[[nodiscard]] Result<> checked(const PageCommit& page);

/// Writes everything of one page, in the caller's transaction.
void write_page(Connection& connection, PostWriter& posts, const std::vector<std::string>& sinks,
                const PageCommit& page);

/// Adds one entry to the ledger, and its error to the source.
void write_ledger(Connection& connection, const std::string& source, const LedgerEntry& entry);

} // namespace empathd::sqlite

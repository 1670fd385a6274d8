#pragma once

#include "daemon/store/sqlite_connection.hpp"
#include "daemon/store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace empathd::sqlite {

/// The outbox's side of Store; the caller begins and ends the operation.
[[nodiscard]] std::vector<OutboxRow>
outbox_rows_due(Connection& connection, const std::string& sink, TimePoint now, std::size_t limit);
[[nodiscard]] std::vector<OutboxRow> outbox_rows_published(Connection& connection,
                                                           const std::string& sink,
                                                           std::int64_t after, std::size_t limit);
/// Quarantined rows back to `waiting`; in the caller's transaction. Returns how many.
std::uint64_t replay_outbox_rows(Connection& connection, const std::string& sink,
                                 std::optional<std::int64_t> row);
/// In the caller's transaction. A row that retention has removed meanwhile is left out.
void write_outbox_update(Connection& connection, const OutboxUpdate& update);

} // namespace empathd::sqlite

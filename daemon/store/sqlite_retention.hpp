#pragma once

#include "daemon/store/sqlite_connection.hpp"
#include "daemon/store/sqlite_posts.hpp"
#include "daemon/store/store.hpp"

#include <cstdint>

namespace empathd::sqlite {

/// Posts removed in one transaction: bounds the log and the time another connection may wait.
inline constexpr std::int64_t retention_batch = 1'000;

/// Store::retain(): removes what is older, then makes sure that none of its bytes is left in the
/// file, the index or the log. Returns the rows removed.
std::uint64_t remove_old(Connection& connection, PostWriter& posts, TimePoint posts_before,
                         TimePoint ledger_before);

} // namespace empathd::sqlite

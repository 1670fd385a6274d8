#pragma once

#include "daemon/store/sqlite_connection.hpp"
#include "daemon/store/sqlite_names.hpp"
#include "daemon/store/store.hpp"

#include <vector>

namespace empathd::sqlite {

/// StoreReader::mentions(); the caller begins and ends the operation. Order: first seen time, then
/// id, both descending, with and without full text.
[[nodiscard]] std::vector<StoredMention> find_mentions(Connection& connection, Names& names,
                                                       const MentionFilter& filter);

} // namespace empathd::sqlite

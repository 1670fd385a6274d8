#pragma once

#include "daemon/store/sqlite_connection.hpp"
#include "daemon/store/sqlite_schema.hpp"
#include "daemon/store/store.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>

namespace empathd::sqlite {

/// A reader's query is cut after this time.
inline constexpr std::chrono::milliseconds reader_deadline{500};

/// open_sqlite_store() with other migrations than the embedded ones.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const SqliteOptions& options,
                                                        std::span<const Migration> steps);

/// open_sqlite_reader() with another deadline.
[[nodiscard]] Result<std::unique_ptr<StoreReader>> open_reader(const std::string& path,
                                                               std::chrono::milliseconds deadline);

} // namespace empathd::sqlite

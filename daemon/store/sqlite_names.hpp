#pragma once

#include "daemon/store/sqlite_connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace empathd::sqlite {

/// The table `names`: a small number for each word of the small closed sets. Remembers what it has
/// seen; rows are never removed or changed, so it cannot be wrong, only behind.
class Names {
public:
    explicit Names(Connection& connection) : connection_(connection) {}

    /// The word's number, given out when it has none yet. For the writer.
    [[nodiscard]] std::int64_t id(std::string_view name);
    /// Nothing when the word was never stored.
    [[nodiscard]] std::optional<std::int64_t> find(std::string_view name);
    /// Empty for a number that was never given out.
    [[nodiscard]] const std::string& name(std::int64_t id);

    /// After a transaction that was undone: numbers of it are no more.
    void forget();

private:
    void remember(std::string name, std::int64_t id);

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };

    Connection& connection_;
    std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> ids_;
    std::unordered_map<std::int64_t, std::string> names_;
};

} // namespace empathd::sqlite

#pragma once

#include "analysis/model/time.hpp"
#include "daemon/http/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::http {

/// Longest value of one parameter, in bytes.
inline constexpr std::size_t parameter_bytes_max = 1024;

/// A typed view of a request's query. Each parameter is asked for by its name in the table of
/// wire.hpp; the first thing wrong is kept in `problem()`, and what is asked for afterwards still
/// gives something harmless, so that a handler reads all and then looks once.
class Query {
public:
    /// `text` is what stands after '?'. Names that are not in `known`, names given twice, values
    /// that are empty, too long or not UTF-8 are problems. `now` is what ages are counted from.
    Query(std::string_view text, std::span<const wire::Parameter> known, TimePoint now);

    /// The value, or empty. A closed set ("a|b|c" in the table) is checked.
    [[nodiscard]] std::string text(std::string_view name);
    [[nodiscard]] std::optional<TimePoint> time(std::string_view name);
    /// "limit", 1 to wire::limit_max.
    [[nodiscard]] std::size_t limit();
    [[nodiscard]] std::optional<double> number(std::string_view name, double least, double most);
    [[nodiscard]] std::optional<std::int64_t> whole(std::string_view name);

    /// Says that this parameter's value will not do: status 400 with what would.
    void refuse(std::string_view name, std::string why);
    [[nodiscard]] const std::optional<wire::Problem>& problem() const noexcept { return problem_; }

private:
    void take(std::string_view field);
    void refuse_unknown(const std::string& name);
    [[nodiscard]] const wire::Parameter* known(std::string_view name) const noexcept;
    [[nodiscard]] const std::string* find(std::string_view name) const noexcept;

    std::span<const wire::Parameter> known_;
    TimePoint now_;
    std::vector<std::pair<std::string, std::string>> values_;
    std::optional<wire::Problem> problem_;
};

/// Undoes percent-encoding, and '+' for a space when `plus_is_space`. Nothing when a '%' is not
/// followed by two hexadecimal digits, or the result is not UTF-8 or holds a NUL.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

/// An RFC 3339 time, or `now` less an age ("90s", "30m", "24h", "7d", "2w", at most 3650 days).
[[nodiscard]] std::optional<TimePoint> parse_time_or_age(std::string_view text, TimePoint now);

} // namespace empathd::http

#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/incident.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// What silences and routes may ask of an incident, in alphabetical order: audience, brand,
/// emotion, gravity (safety, legal, press), language, need, network, place, reason, severity,
/// stage.
[[nodiscard]] std::span<const std::string_view> label_names() noexcept;

/// Labels of one incident: name to values. A name may have several values (networks) or none.
class Labels {
public:
    /// Adds a value; an empty one, or one it has, changes nothing.
    void add(std::string_view name, std::string_view value);
    /// The values of a name, in the order in which they came; empty for a name it lacks.
    [[nodiscard]] std::span<const std::string> of(std::string_view name) const noexcept;

    friend bool operator==(const Labels&, const Labels&) = default;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// Brand, severity, networks and languages of an incident. What its posts say (reason, need, ...)
/// is added by whoever knows it.
[[nodiscard]] Labels labels_of(const Incident& incident);

enum class MatchKind : std::uint8_t {
    equal,     ///< Some value is one of those given.
    not_equal, ///< No value is; an incident without the label too.
    like,      ///< Some value fits one of the patterns given.
    not_like,  ///< No value does.
};

/// One condition on a label. Case does not matter in ASCII letters, and does elsewhere: labels are
/// written by operators as they are shown. Patterns: '*' is any run of bytes, '?' one character,
/// the rest itself; "Ha*" begins with, "*Noi" ends with, "*metro*" contains.
struct Matcher {
    std::string label;
    MatchKind kind = MatchKind::equal;
    std::vector<std::string> values;

    friend bool operator==(const Matcher&, const Matcher&) = default;
};

/// Bounds of what `check` lets through.
inline constexpr std::size_t matchers_max = 20;       ///< Of one silence or route.
inline constexpr std::size_t matcher_values_max = 50; ///< Of one matcher.
inline constexpr std::size_t matcher_value_bytes_max = 200;

[[nodiscard]] bool matches(const Matcher& matcher, const Labels& labels);
/// All of them do; true without any.
[[nodiscard]] bool matches(std::span<const Matcher> matchers, const Labels& labels);

/// `pattern` fits all of `text`. At most pattern times text steps, whatever they hold.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view text) noexcept;

/// Nothing when it can be used; else `malformed` with a message that names the label or value.
[[nodiscard]] Result<> check(const Matcher& matcher);

/// Reads "brand = Acme", "severity != info", "reason = staff | overall", "place ~ Ha*",
/// "place !~ *". Values are apart by '|'; spaces around them do not count. Fails as `check`.
[[nodiscard]] Result<Matcher> parse_matcher(std::string_view text);
/// The form that `parse_matcher` reads.
[[nodiscard]] std::string to_string(const Matcher& matcher);

} // namespace empathd::analysis

#pragma once

#include "analysis/model/error.hpp"

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace empathd::connectors {

using Json = rapidjson::Value;

/// Deepest nesting of objects and arrays that is read.
inline constexpr std::size_t json_depth_max = 64;

/// Reads one JSON document (RFC 8259), without recursion and with its encoding checked; a byte
/// order mark in front is skipped. The document owns copies: `text` may go. Fails with `malformed`
/// (position and reason, never the content) for anything else, for nesting deeper than
/// `json_depth_max`, for bytes after the document and for NUL bytes.
///
/// One thing is forgiven, because one author can put it into everybody's page: half of a surrogate
/// pair ("\ud83d" alone, an emoji cut by a careless server) reads as U+FFFD.
[[nodiscard]] Result<rapidjson::Document> parse_json(std::string_view text);

// The readers below never fail and never assert: what is absent, null or of another type is
// nothing. `object` may be any value. What they return points into the document.

/// The member, or nullptr when there is none or `object` is no object. A null member is given.
[[nodiscard]] const Json* member(const Json& object, std::string_view key) noexcept;

/// The same, several steps down: find(root, {"data", "children"}).
[[nodiscard]] const Json* find(const Json& root,
                               std::initializer_list<std::string_view> path) noexcept;

/// The member when it is an object; nullptr otherwise.
[[nodiscard]] const Json* object_at(const Json& object, std::string_view key) noexcept;

/// The elements of the member when it is an array; none otherwise.
[[nodiscard]] std::span<const Json> items_at(const Json& object, std::string_view key) noexcept;

/// The elements of `value` itself when it is an array; none otherwise.
[[nodiscard]] std::span<const Json> items_of(const Json& value) noexcept;

/// A string's bytes (valid UTF-8, may hold NUL); empty when it is no string.
[[nodiscard]] std::string_view text_at(const Json& object, std::string_view key) noexcept;

/// A count: a whole number 0 or more, also written 3.0 or "3" as some networks do. Absent, null,
/// negative and fractional are nothing, which is not zero.
[[nodiscard]] std::optional<std::uint64_t> count_at(const Json& object,
                                                    std::string_view key) noexcept;

/// A whole number of either sign, in the same spellings.
[[nodiscard]] std::optional<std::int64_t> integer_at(const Json& object,
                                                     std::string_view key) noexcept;

/// Any number, as a double; also as text ("988.0").
[[nodiscard]] std::optional<double> number_at(const Json& object, std::string_view key) noexcept;

/// true or false; nothing for any other value.
[[nodiscard]] std::optional<bool> flag_at(const Json& object, std::string_view key) noexcept;

/// An id as text: a string as it stands, an integer digit by digit (exact over all 64 bits, so also
/// beyond 2^53). Empty when absent, and for fractions and integers that do not fit 64 bits, which
/// could only be given inexactly.
[[nodiscard]] std::string id_at(const Json& object, std::string_view key);

} // namespace empathd::connectors

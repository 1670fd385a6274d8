#pragma once

#include <string>
#include <string_view>

namespace empathd::connectors {

/// Longest address that is kept; a longer one is no address.
inline constexpr std::size_t url_bytes_max = 4 * 1024;

/// An absolute http or https address with a host.
[[nodiscard]] bool is_http_url(std::string_view url) noexcept;

/// The absolute address that `reference` means when it stands in a document at `base`, after
/// RFC 3986 section 5.2 (its examples of section 5.4 are the test). White space at either end is
/// ignored, inside it becomes %20, line ends and control characters vanish, as browsers have it.
/// Empty when the reference is relative and `base` is not absolute, or when the result would be
/// longer than `url_bytes_max`. Any scheme may come out: see `is_http_url`.
[[nodiscard]] std::string resolve_url(std::string_view reference, std::string_view base);

} // namespace empathd::connectors

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::connectors {

inline constexpr std::size_t feed_items_max = 1'000;     ///< Kept of one page, and hashed.
inline constexpr std::size_t feed_shared_ids_max = 200;  ///< Ids known to be used twice.
inline constexpr std::size_t validator_bytes_max = 1024; ///< A longer ETag is not kept.

/// One item that was handed over: which, and what it said.
struct SeenItem {
    std::string id;      ///< 64 bits of the digest of its key, as 16 hexadecimal digits.
    std::string content; ///< 32 bits of the digest of title and text, as 8 digits.
};

/// What a feed's cursor holds. As text: {"v":1,"feed":..,"etag":..,"modified":..,"body":..,
/// "seen":..,"before":..,"shared":..}, the lists as their digits one after the other, so that the
/// largest cursor has 52 KB.
struct FeedCursor {
    std::string etag; ///< The last answer's validators, letter by letter.
    std::string modified;
    std::string body;                ///< Digest of the last body read; empty before the first.
    std::vector<SeenItem> seen;      ///< The items of that body,
    std::vector<SeenItem> before;    ///< and of the one before it.
    std::vector<std::string> shared; ///< Digests of ids that several items once had together.
};

/// 64 bits of a digest, as 16 hexadecimal digits.
[[nodiscard]] std::string short_digest(std::string_view text);

/// The digests of `seen` and `before` are of keys in the feed at `address`: a cursor written for
/// another address, in another version or by somebody else reads as an empty one. Its posts are
/// then handed over again, which their keys make harmless.
[[nodiscard]] FeedCursor read_cursor(std::string_view text, std::string_view address);
[[nodiscard]] std::string write_cursor(const FeedCursor& cursor, std::string_view address);

} // namespace empathd::connectors

#pragma once

#include "analysis/model/post.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::connectors {

inline constexpr std::size_t html_bytes_max = 1024 * 1024; ///< Read of one fragment.
inline constexpr std::size_t html_depth_max = 256;         ///< Elements inside each other.
inline constexpr std::size_t html_links_max = 64;          ///< Kept of one fragment.
inline constexpr std::size_t html_media_max = 64;

/// What an HTML fragment says.
struct HtmlText {
    std::string text; ///< Plain NFC UTF-8 as Post::text wants it, at most post_text_bytes_max.
    std::vector<std::string> links; ///< http and https, absolute, in order, each once.
    std::vector<Media> media;       ///< Pictures with their alt text, video, audio; each once.
    bool truncated = false;         ///< One of the limits cut something off.
};

/// Reads an HTML fragment, however broken. Never fails.
///
/// - White space collapses to one blank (U+00A0 too) except inside <pre>. Block elements and <br>
///   become one newline; <p>a</p><p>b</p> is "a\nb", two <br> leave one empty line, never more.
///   Cells of a table row are divided by a blank. No white space at either end.
/// - Not shown, so not kept: script, style, comments, `hidden`, display:none and their like.
/// - Entities are decoded, also when their semicolon is missing and when Windows numbers are used
///   (&#146;). "a < b" and "<3" stay as they are.
/// - <a href> goes into `links` ("//host/" as https). Links to people and hashtags (class "mention"
///   or "hashtag") do not: nobody shared them. Inside a link the parts that Mastodon hides (class
///   "invisible") are kept, so that the text shows the whole address; elsewhere they are dropped.
/// - <img> goes into `media` with its alt text. A picture that stands for a character (a class with
///   "emoji", "smiley" or "smilie") gives its alt text to the text instead.
/// - Quotes and code stay in the text.
///
/// Text with neither '<' nor '&' takes a short way with the same result.
[[nodiscard]] HtmlText html_to_text(std::string_view html);

} // namespace empathd::connectors

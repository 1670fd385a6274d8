#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/post.hpp"

#include <cstdint>
#include <cstdio>
#include <string>

namespace empathd {

/// Longest line read, in bytes; a longer one is an error of that line, the rest goes on.
inline constexpr std::size_t jsonl_line_bytes_max = 1024 * 1024;

/// One line of a JSONL file of texts.
struct JsonLine {
    std::uint64_t number = 0; ///< From 1.
    std::string bytes;        ///< Without the line break.
    bool too_long = false;    ///< `bytes` is then only its beginning.
};

/// Reads lines from a file, or from standard input for "-".
class LineReader {
public:
    /// Fails with `not_found` when the file cannot be opened.
    static Result<LineReader> open(const std::string& path);
    LineReader(LineReader&& other) noexcept;
    LineReader& operator=(LineReader&&) = delete;
    ~LineReader();

    /// False at the end. Empty lines are skipped. `failed()` tells an end from a read error.
    bool next(JsonLine& line);
    [[nodiscard]] bool failed() const;

private:
    explicit LineReader(std::FILE* file) : file_(file) {}

    std::FILE* file_;
    std::uint64_t number_ = 0;
};

/// A text to be looked at: {"text":"...", "title":"...", "lang":"vi", "id":"7"}; only `text` is
/// needed, other fields are ignored. `id` may be a text or a whole number.
struct TextLine {
    Post post;      ///< text and title in NFC, language, key.id.
    std::string id; ///< As a JSON value, to be written back; empty when there was none.
};

/// Fails with `malformed`: no JSON object, no `text`, wrong types, ill-formed UTF-8.
[[nodiscard]] Result<TextLine> read_text_line(const std::string& bytes);

} // namespace empathd

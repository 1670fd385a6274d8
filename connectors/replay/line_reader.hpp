#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace empathd::connectors {

/// Longest line kept, in bytes; of a longer one only the start is.
inline constexpr std::size_t replay_line_bytes_max = 1024 * 1024;

/// Lines of a file one after the other from a given place, in chunks of 64 KiB.
class LineReader {
public:
    struct Line {
        std::string text;      ///< Without its end; may be empty.
        std::uint64_t end = 0; ///< Offset of the first byte after the line.
        bool too_long = false; ///< Only the start of it is in `text`.
    };

    /// `offset` must be where a line starts, or the end of the file. Fails with `not_found` when
    /// there is no such file, `malformed` when the file is no regular file, is shorter than
    /// `offset` or has no line end before it (then it is not the file it was), `unavailable` when
    /// it cannot be read.
    [[nodiscard]] static Result<LineReader> open(const std::string& path, std::uint64_t offset);

    /// Nothing at the end of the file. A last line without a line end counts as a line.
    [[nodiscard]] std::optional<Line> next();

private:
    LineReader(std::ifstream file, std::uint64_t offset) : file_(std::move(file)), offset_(offset)
    {
    }
    bool refill();

    std::ifstream file_;
    std::uint64_t offset_; ///< Of the byte at `position_`.
    std::string buffer_;
    std::size_t position_ = 0;
};

/// What `time_of` gives for a line, asked of the lines from the end of the file backwards until one
/// has a time. At most the last 4 MiB are looked at.
[[nodiscard]] std::optional<TimePoint>
last_time(const std::string& path,
          const std::function<std::optional<TimePoint>(std::string_view)>& time_of);

} // namespace empathd::connectors

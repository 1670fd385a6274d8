#include "connectors/replay/line_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace empathd::connectors {
namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr std::uint64_t tail_bytes_max = 4 * 1024 * 1024;

/// The bytes from `offset` to the end.
std::string tail_of(const std::string& path, std::uint64_t offset, std::uint64_t size)
{
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    std::string tail(size - offset, '\0');
    file.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    tail.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    return tail;
}

} // namespace

Result<LineReader> LineReader::open(const std::string& path, std::uint64_t offset)
{
    std::error_code failure;
    const auto status = std::filesystem::status(path, failure);
    if (!std::filesystem::exists(status)) {
        return Error{ErrorKind::not_found, "replay file " + path + " does not exist"};
    }
    if (!std::filesystem::is_regular_file(status)) {
        return Error{ErrorKind::malformed, "replay file " + path + " is not a regular file"};
    }
    const auto size = std::filesystem::file_size(path, failure);
    std::ifstream file(path, std::ios::binary);
    if (failure || !file) {
        return Error{ErrorKind::unavailable, "replay file " + path + " cannot be opened"};
    }
    if (offset > size) {
        return Error{ErrorKind::malformed,
                     "replay file " + path + " holds " + std::to_string(size) + " bytes but " +
                         std::to_string(offset) + " were played: it was cut off or replaced"};
    }
    if (offset > 0) {
        file.seekg(static_cast<std::streamoff>(offset - 1));
        if (file.get() != '\n' && offset != size) {
            return Error{ErrorKind::malformed, "replay file " + path + " has no line end at byte " +
                                                   std::to_string(offset) + ": it was replaced"};
        }
        file.clear();
        file.seekg(static_cast<std::streamoff>(offset));
    }
    return LineReader(std::move(file), offset);
}

bool LineReader::refill()
{
    buffer_.resize(chunk_bytes);
    file_.read(buffer_.data(), static_cast<std::streamsize>(chunk_bytes));
    buffer_.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file_.gcount())));
    position_ = 0;
    return !buffer_.empty();
}

std::optional<LineReader::Line> LineReader::next()
{
    Line line;
    bool any = false;
    while (position_ < buffer_.size() || refill()) {
        any = true;
        const std::size_t found = buffer_.find('\n', position_);
        const std::size_t stop = found == std::string::npos ? buffer_.size() : found;
        const std::size_t room = replay_line_bytes_max - line.text.size();
        line.text.append(buffer_, position_, std::min(stop - position_, room));
        line.too_long = line.too_long || stop - position_ > room;
        const std::size_t after = found == std::string::npos ? stop : stop + 1;
        offset_ += after - position_;
        position_ = after;
        if (found != std::string::npos) {
            break;
        }
    }
    if (!any) {
        return std::nullopt;
    }
    line.end = offset_;
    if (line.text.ends_with('\r')) {
        line.text.pop_back();
    }
    return line;
}

std::optional<TimePoint>
last_time(const std::string& path,
          const std::function<std::optional<TimePoint>(std::string_view)>& time_of)
{
    std::error_code failure;
    const std::uint64_t size = std::filesystem::file_size(path, failure);
    if (failure || size == 0) {
        return std::nullopt;
    }
    for (std::uint64_t length = chunk_bytes;; length *= 8) {
        length = std::min({length, size, tail_bytes_max});
        const std::string tail = tail_of(path, size - length, size);
        std::string_view rest = tail;
        while (!rest.empty()) {
            const std::size_t cut = rest.rfind('\n');
            if (cut == std::string_view::npos && length < size) {
                break; // The start of this line lies before the window.
            }
            const std::size_t start = cut == std::string_view::npos ? 0 : cut + 1;
            if (const auto time = time_of(rest.substr(start))) {
                return time;
            }
            rest = rest.substr(0, cut == std::string_view::npos ? 0 : cut);
        }
        if (length == size || length == tail_bytes_max) {
            return std::nullopt;
        }
    }
}

} // namespace empathd::connectors

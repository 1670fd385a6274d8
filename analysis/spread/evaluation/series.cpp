#include "analysis/spread/evaluation/series.hpp"

#include "analysis/spread/rules.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace empathd::spread_evaluation {
namespace {

constexpr std::chrono::hours after_the_last{24};
constexpr std::chrono::seconds front_page_pace{1800};

std::vector<std::string_view> split(std::string_view text, char between)
{
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(between), text.size());
        out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return out;
}

/// The number a field begins with.
std::optional<double> number(std::string_view field)
{
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    return error == std::errc() && end != field.data() ? std::optional(value) : std::nullopt;
}

TimePoint from_seconds(double unix_s)
{
    return from_unix_ms(static_cast<std::int64_t>(1000 * unix_s));
}

std::optional<Series> read_story(std::string_view line)
{
    const std::vector<std::string_view> columns = split(line, '\t');
    Series out;
    for (const std::string_view poll : split(columns.empty() ? line : columns.back(), ';')) {
        const std::vector<std::string_view> fields = split(poll, ',');
        const auto at = fields.size() == 4 ? number(fields[0]) : std::nullopt;
        const auto points = at ? number(fields[2]) : std::nullopt;
        if (!points) {
            return std::nullopt;
        }
        out.polls.push_back({.at = from_seconds(*at), .count = std::max(0.0, *points)});
    }
    if (out.polls.empty()) {
        return std::nullopt;
    }
    out.end = out.polls.back().count;
    out.end_known_at = out.polls.back().at + after_the_last;
    return out;
}

std::optional<Series> read_cascade(std::string_view line, const CascadeColumns& columns)
{
    const std::vector<std::string_view> fields = split(line, '\t');
    if (fields.size() <= std::max(columns.published, columns.delays)) {
        return std::nullopt;
    }
    const auto published = number(fields[columns.published]);
    if (!published || !(*published > 0)) {
        return std::nullopt;
    }
    std::vector<double> events_s;
    for (const std::string_view field : split(fields[columns.delays], columns.between)) {
        const auto delay = number(field);
        if (!delay) {
            return std::nullopt;
        }
        events_s.push_back(*delay * columns.unit_s);
    }
    std::sort(events_s.begin(), events_s.end());
    const auto count_at = [&](double age_s) {
        const auto after = std::upper_bound(events_s.begin(), events_s.end(), age_s);
        return static_cast<double>(after - events_s.begin());
    };
    const double life_s = std::chrono::duration<double>(analysis::life).count();
    Series out;
    out.published_at = from_seconds(*published);
    for (double age_s = 0; age_s < life_s; age_s = std::max(300.0, 2 * age_s)) {
        out.polls.push_back({.at = from_seconds(*published + age_s), .count = count_at(age_s)});
    }
    out.end = count_at(life_s);
    out.end_known_at = out.published_at + analysis::life;
    return out;
}

template <class Read>
SeriesSet read_lines(std::string_view text, Read read)
{
    SeriesSet out;
    for (const std::string_view line : split(text, '\n')) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        if (std::optional<Series> series = read(line)) {
            out.series.push_back(std::move(*series));
        } else {
            ++out.unread;
        }
    }
    std::stable_sort(out.series.begin(), out.series.end(), [](const Series& a, const Series& b) {
        return a.polls.front().at < b.polls.front().at;
    });
    return out;
}

} // namespace

SeriesSet read_front_page(std::string_view text)
{
    SeriesSet out = read_lines(text, read_story);
    out.platform = "hackernews";
    out.pace = front_page_pace;
    return out;
}

SeriesSet read_cascades(std::string_view text, const CascadeColumns& columns, std::string platform)
{
    SeriesSet out =
        read_lines(text, [&columns](std::string_view line) { return read_cascade(line, columns); });
    out.platform = std::move(platform);
    return out;
}

Result<std::string> read_file(const std::string& path)
{
    gzFile file = gzopen(path.c_str(), "rb"); // Reads what is not packed as it is.
    if (file == nullptr) {
        return Error{ErrorKind::not_found, "cannot open " + path};
    }
    std::string out;
    std::array<char, 65'536> buffer{};
    int size = 0;
    while ((size = gzread(file, buffer.data(), buffer.size())) > 0) {
        out.append(buffer.data(), static_cast<std::size_t>(size));
    }
    const bool good = size == 0;
    gzclose(file);
    if (!good) {
        return Error{ErrorKind::malformed, "cannot unpack " + path};
    }
    return out;
}

} // namespace empathd::spread_evaluation

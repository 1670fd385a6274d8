#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::spread_evaluation {

struct Count {
    TimePoint at{};
    double count = 0;
};

/// One post of a set: how its count rose, and how it ended.
struct Series {
    TimePoint published_at{}; ///< Zero: not known.
    std::vector<Count> polls; ///< Ascending in time, at least one.
    double end = 0;
    TimePoint end_known_at{};
};

struct SeriesSet {
    std::string platform;
    std::chrono::seconds pace{300};
    std::vector<Series> series; ///< By first poll.
    std::size_t unread = 0;     ///< Lines that could not be read, or whose time is not known.
};

/// Lines of id, author, time, title and "unix_time,rank,points,comments;..." with tabs between. The
/// end is the last score, known a day after. Nothing but id and counts is looked at.
[[nodiscard]] SeriesSet read_front_page(std::string_view text);

/// Cascades: column `delays` holds the seconds (or minutes, with ":kind" behind) of every event
/// after the unix time in column `published`. Polled at ages 0, 5, 10, 20, ... minutes; the end is
/// the count after seven days, known then.
struct CascadeColumns {
    std::size_t published = 0;
    std::size_t delays = 0;
    char between = ',';
    double unit_s = 1;
};
[[nodiscard]] SeriesSet read_cascades(std::string_view text, const CascadeColumns& columns,
                                      std::string platform);

/// A file, unpacked where it is gzip.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

} // namespace empathd::spread_evaluation

#pragma once

#include "analysis/model/time.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace empathd {

/// One minute of the coverage ledger of one source.
struct WatchedMinute {
    TimePoint minute{};
    std::uint64_t pages = 0;  ///< Polls answered with a readable page.
    std::uint64_t errors = 0; ///< Polls that failed.
    std::uint64_t posts = 0;  ///< That these pages brought.
    std::uint64_t lost = 0;   ///< Holes the source's pages are known to have.
};

/// One source over a period, as far as its ledger and habit tell.
struct SourceWatch {
    std::vector<WatchedMinute> minutes; ///< Ascending; those of the period, better one good minute
                                        ///< before and after too: what lies between is then judged.
    std::chrono::seconds interval{120}; ///< Between its polls.
    /// Most posts that one look back makes up for (pages it may ask for times their size); 0: no
    /// more than its pages said, every gap is judged by the habit alone.
    std::uint64_t depth_posts = 0;
    /// Posts usual between two times (Habit::expected_posts). Must not be empty.
    std::function<double(TimePoint from, TimePoint to)> expected_posts;
};

/// What share of the posts of a period was seen, with what it rests on. Sums over sources by `+`.
struct Coverage {
    std::uint64_t seen = 0;        ///< Posts.
    double missed_least = 0;       ///< Posts, lower bound.
    double missed_most = 0;        ///< Posts, upper bound.
    std::uint64_t holes = 0;       ///< Known holes in the period.
    std::chrono::minutes blind{0}; ///< Time no page reaches: not yet made up, or lost.
    bool watched = false;          ///< At least one good page.

    /// Share seen, 0 to 1: `low` with the most missed. 1 when there was nothing to see.
    [[nodiscard]] double low() const noexcept;
    [[nodiscard]] double high() const noexcept;

    Coverage& operator+=(const Coverage& other) noexcept;
};

/// The coverage of [from, to).
///
/// Posts are made up for later: a page holds what was published since the page before it, whether
/// polls failed in between or not. So time between two good pages costs nothing, except
/// - a hole its page reports: between nothing and the posts usual since the page before;
/// - more posts usual in it than `depth_posts`: between nothing and what is beyond;
/// and time after the last good page, beyond two poll intervals, costs the posts usual in it.
/// Time before the first good page is judged as time between two. "Usual" is the habit's sum for
/// these very hours; its upper bound adds 1.28 standard deviations (a one-sided 90 %), its lower
/// bound subtracts them, of a count whose variance is three times its mean (posts come in threads).
/// An expected post costs nothing where none is expected: an outage at night is a small one.
[[nodiscard]] Coverage coverage_of(const SourceWatch& watch, TimePoint from, TimePoint to);

/// "we saw 93 to 97 % of this", "we saw all of this", "we were blind: no source answered", "how
/// much of this we saw cannot be said" (blind, and nothing is known of what is usual), rounded so
/// that the words never claim more than the figures. With what was missed, where something was:
/// "(2 holes, 40 minutes blind)".
[[nodiscard]] std::string to_words(const Coverage& coverage);

inline constexpr const char* coverage_method = "ledger-habit-1";

} // namespace empathd

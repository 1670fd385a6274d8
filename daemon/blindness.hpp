#pragma once

#include "analysis/model/time.hpp"
#include "daemon/pipeline/notices.hpp"
#include "daemon/poll/coverage.hpp"
#include "daemon/poll/habit.hpp"
#include "daemon/store/store.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {

/// How often sources are looked at, and how often what their habits have learned is kept.
inline constexpr std::chrono::seconds blindness_look_every{30};
inline constexpr std::chrono::minutes habit_keep_every{10};

/// A habit's name in the store is this and the source's.
inline constexpr std::string_view habit_prefix = "habit:";

/// A running source, as its poller knows it.
struct WatchedSource {
    std::string name;
    std::chrono::seconds interval{120};
    const Habit* habit = nullptr; ///< The poller's, for the length of a call. Never null.
    bool answered = false;        ///< With a readable page, since the start.
};

/// Which sources have gone blind, and how much of what is told was seen at all. The pollers learn
/// the habits; this looks at them, remembers the ledger of the last day, and says what is to be
/// told and to be kept. No clock, no store. Event loop only.
class Blindness {
public:
    /// Takes the ledger of the last day back. Call first.
    void restore(const std::vector<LedgerEntry>& ledger);

    /// A poll at `at` that brought a readable page. No re-reads, and no pages of replayed times.
    void page(const std::string& source, TimePoint at, std::uint64_t posts, bool lost);
    /// A call that failed.
    void failure(const std::string& source, TimePoint at);

    /// What is to be told: a source that is not sighted any more, or worse than before (silent is a
    /// warning, failing and stopped are errors), and one that is sighted again or not configured
    /// any more. `told`: ids of blind notices that go on. A source that has not answered since the
    /// start is not taken for sighted again. What is left out of `sources` is forgotten.
    [[nodiscard]] std::vector<Notice> look(const std::vector<WatchedSource>& sources,
                                           const std::vector<std::string>& told, TimePoint now);

    /// What the habits have learned, of those that were not kept for `habit_keep_every`, or of
    /// `all`.
    [[nodiscard]] std::vector<StateRecord> states(const std::vector<WatchedSource>& sources,
                                                  TimePoint now, bool all);

    /// How much of [from, to) was seen, in words (to_words in poll/coverage.hpp), all sources
    /// together: at least the hour before `to`, at most the day. Of a silent source, pages after
    /// its last news show nothing. Empty where the ledger holds nothing of that time.
    [[nodiscard]] std::string coverage(const std::vector<WatchedSource>& sources, TimePoint from,
                                       TimePoint to) const;

private:
    using Minutes = std::deque<WatchedMinute>; ///< Ascending, of one day at most.

    WatchedMinute& minute_of(const std::string& source, TimePoint at);

    std::map<std::string, Minutes> ledger_;    ///< By source.
    std::map<std::string, SightState> said_;   ///< Of sources that are not sighted.
    std::map<std::string, TimePoint> kept_at_; ///< When a habit was handed out last.
};

/// "source forum has brought nothing new since 2026-03-03T12:00:00Z; ..." For a sight that is not
/// `sighted`.
[[nodiscard]] std::string sentence_of(const std::string& source, const Sight& sight);

} // namespace empathd

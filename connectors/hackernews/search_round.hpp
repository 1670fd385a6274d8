#pragma once

#include "analysis/model/error.hpp"
#include "connectors/hackernews/hackernews.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace empathd::connectors {

/// Results at which the search ends, whatever a query asks for.
inline constexpr std::uint64_t hackernews_results_max = 1'000;
/// Known hits remembered of one phrase.
inline constexpr std::size_t hackernews_seen_max = 5'000;

/// How far the search for one phrase has come. All times are seconds since 1970.
struct SearchState {
    std::int64_t from = 0;            ///< Where the next round begins.
    std::optional<std::int64_t> next; ///< In a round: everything before is done.
    std::int64_t end = 0;             ///< In a round: the time it began, where it ends.
    std::int64_t width = 0;           ///< Of the window, in seconds; 0: up to the end.
    std::int64_t until = 0;           ///< End of a window that is being paged; 0: it is not.
    std::uint64_t page = 0;           ///< Next page of that window.
    std::int64_t newest = 0;          ///< Newest hit ever seen; 0: none.
    std::map<std::string, std::int64_t> seen; ///< Hits that may come again, with their times.
};

/// Begins a round.
void enter_round(SearchState& state, std::int64_t now_s) noexcept;

/// What to ask: hits created from `from` to `until`, both included.
struct SearchWindow {
    std::int64_t from = 0;
    std::int64_t until = 0;
    std::uint64_t page = 0;
};

/// Walks one phrase's state through a round, window after window, oldest first. Pure: it is told
/// the answers and says what to ask next.
///
/// A window whose answer is full is asked again narrower, so nothing hides behind the last result;
/// a window of one second that is still full is paged. A round ends at the time at which it began,
/// however long it takes; the next one begins `overlap_s` before the newest hit. So a hit that is
/// at most `overlap_s` late is never passed by.
class SearchRound {
public:
    /// `state` is in a round and must outlive this object.
    SearchRound(SearchState& state, std::int64_t overlap_s, std::uint64_t page_size) noexcept;

    [[nodiscard]] bool done() const noexcept { return !state_.next.has_value(); }
    [[nodiscard]] SearchWindow window() const noexcept;

    /// Puts the unknown hits of the answer to `window()` into the page and moves on. Fails with
    /// `malformed` when hits lie outside the window: then the server does not filter by time.
    [[nodiscard]] Result<> take(HackernewsHits answer, Page& page);

private:
    void deliver(HackernewsHits& answer, Page& page);
    void narrow(const HackernewsHits& answer, std::uint64_t size);
    void next_window(std::uint64_t hits, std::uint64_t size);
    void forget_old();

    SearchState& state_;
    std::int64_t overlap_s_;
    std::uint64_t page_size_;
};

using SearchStates = std::map<std::string, SearchState>; ///< By phrase.

/// The cursor: printable JSON. Reading fails with `malformed`; an empty cursor is no states.
[[nodiscard]] std::string to_cursor(const SearchStates& states);
[[nodiscard]] Result<SearchStates> states_from_cursor(const std::string& cursor);

} // namespace empathd::connectors

#pragma once

#include "daemon/http/wire_foresight.hpp"
#include "daemon/pipeline/backtest.hpp"
#include "daemon/pipeline/stages.hpp"
#include "daemon/store/store_gate.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace empathd {

/// Mentions that one back test replays.
inline constexpr std::uint64_t backtest_mentions_max = 500'000;
/// Lines of the journal that one back test reads.
inline constexpr std::uint64_t backtest_words_max = 500'000;

/// What a journal line says of its incident: true for worth an alert (marked well spotted, fixed,
/// answered), false for not (a false alarm, not about the brand), nothing for any other line.
[[nodiscard]] std::optional<bool> verdict_in(const JournalEntry& entry);

/// Replays the stored history and says what would have been told with other bars: once with every
/// bar and no budget, then with the one found and the budget asked for.
///
/// Lives on the event loop. History is read twice, page by page; a page goes through one desk at a
/// time on the analysis threads, so that live pages wait no longer than for that. Nothing but the
/// open stories is kept in memory.
class Backtests {
public:
    /// What is tested. Read when a test begins.
    struct Subject {
        DeskOptions options; ///< As the live desk has them.
        std::shared_ptr<const analysis::MatchSet> watches;
        TimePoint until{}; ///< History ends here.
    };

    /// What is referred to outlives it.
    struct Parts {
        ReadGate& reader;
        boost::asio::thread_pool& analysis;
        std::function<Subject()> subject;
        std::uint64_t mentions_max = backtest_mentions_max;
    };

    explicit Backtests(Parts parts);

    /// One at a time: fails with `rate_limited` while another runs. Fails with `refused`, naming a
    /// later beginning, when there are too many mentions; with `cancelled` after `stop`; with what
    /// the reader failed with. This outlives the awaiting frame, apart from the end of the process.
    boost::asio::awaitable<Result<wire::Backtest>> run(wire::BacktestQuestion question);

    /// Ends the one that runs after its current page, and lets no other begin.
    void stop() noexcept { stopping_ = true; }

private:
    struct Job;

    boost::asio::awaitable<Result<wire::Backtest>> test(wire::BacktestQuestion question);
    boost::asio::awaitable<Result<>> read_verdicts(Job& job, std::string kind);
    boost::asio::awaitable<Result<>> replay(const Job& job, Replay& replay);
    boost::asio::awaitable<void> advance(Replay& replay, const HistoryStep& step);

    Parts parts_;
    std::shared_ptr<bool> running_; ///< Shared with the frame that runs, which may go after this.
    bool stopping_ = false;
};

} // namespace empathd

#pragma once

#include "connectors/connector.hpp"
#include "daemon/poll/habit.hpp"
#include "daemon/poll/planner.hpp"
#include "daemon/poll/request_budget.hpp"
#include "daemon/poll/rereads.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace empathd {

/// What one source looks like from outside, for /healthz and the metrics. Event loop only.
struct SourceStatus {
    std::string name;
    std::string connector;
    std::uint64_t polls = 0;  ///< Since the start, as the next four.
    std::uint64_t pages = 0;  ///< Polls answered with a readable page.
    std::uint64_t errors = 0; ///< Polls and re-reads that failed.
    std::uint64_t lost = 0;   ///< Known holes.
    double poll_seconds = 0;  ///< Sum over polls.
    std::uint64_t failures_in_a_row = 0;
    std::string last_error;                             ///< Empty after a poll that went well.
    ErrorKind last_error_kind = ErrorKind::unavailable; ///< Meaningful with last_error.
    TimePoint last_ok_at{};                             ///< Zero: never.
    TimePoint next_poll_at{};
    std::size_t followed = 0; ///< Posts whose engagement is read again.
    Sight sight;              ///< As of the last answer.
};

/// A page on its way into the pipeline, with what the poll itself was like.
struct PolledPage {
    std::string source;
    Audience audience = Audience::customer;
    connectors::Page page;
    std::chrono::milliseconds latency{0};
    bool reread = false; ///< Engagement read again, not a poll: no posts in it.
};

/// A post the pipeline wants to be read again.
struct Followable {
    PostKey key;
    std::string native_id;
    TimePoint seen_at{};
};

/// Where pages go. Given by the application, which knows the pipeline and the store.
struct PollHooks {
    /// Keeps a page with its cursor: on return it is durable. Returns the posts to follow.
    /// A failure is fatal (the store is gone) and ends the poller.
    std::function<boost::asio::awaitable<Result<std::vector<Followable>>>(PolledPage)> page;
    /// Notes a failed poll.
    std::function<boost::asio::awaitable<Result<>>(std::string source, Error error,
                                                   std::chrono::milliseconds latency)>
        failure;
    /// True: something downstream is full; polling waits and the source keeps its posts.
    std::function<bool()> hold;
};

struct PollerOptions {
    std::string name;
    std::string connector_name;
    Audience audience = Audience::customer;
    PollLimits limits;
    std::uint32_t seed = 1;
    std::chrono::milliseconds page_pause{0};    ///< Between pages of a source that has more.
    std::uint32_t reread_budget_per_hour = 120; ///< Calls of Connector::observe; 0: none.
};

/// Polls one source for ever: asks the connector, hands the page on, waits as the planner says, and
/// reads the engagement of followed posts again when it is due and the budget allows. It only obeys
/// planner, schedule and budget.
///
/// Lives on the event loop. Everything it is given outlives `run`.
class Poller {
public:
    Poller(PollerOptions options, connectors::Connector& connector, PollHooks hooks,
           const Clock& clock, FollowedRoom& room);

    /// Runs until cancelled or until a hook fails; that failure is returned. `cursor` is the saved
    /// one. Call once.
    boost::asio::awaitable<Result<>> run(std::string cursor);

    /// Ends `run` at the next chance; cancel its coroutine too, to end what it waits for.
    void stop() noexcept { stopping_ = true; }

    /// Follows a post again after a restart.
    void follow(const Followable& post);

    /// Reads a followed post's engagement as soon as the budget allows, before all others: its
    /// forecast has crossed half of the threshold. False: see Rereads::hasten.
    bool hasten(const PostKey& key);

    /// Takes back the habit learned before a restart; before `run`.
    void restore(Habit habit) { habit_ = std::move(habit); }
    [[nodiscard]] const Habit& habit() const noexcept { return habit_; }

    [[nodiscard]] const SourceStatus& status() const noexcept { return status_; }

private:
    boost::asio::awaitable<Result<>> poll();
    boost::asio::awaitable<Result<>> reread();
    boost::asio::awaitable<void> wait_until(TimePoint when);
    boost::asio::awaitable<Result<>> hand_on(PolledPage page);
    void stamp(connectors::Page& page) const;
    [[nodiscard]] TimePoint next_reread_at(TimePoint now) const;

    PollerOptions options_;
    connectors::Connector& connector_;
    PollHooks hooks_;
    const Clock& clock_;
    PollPlanner planner_;
    RequestBudget reread_budget_;
    Rereads rereads_;
    Habit habit_;
    SourceStatus status_;
    std::string cursor_;
    TimePoint next_poll_{};
    bool stopping_ = false;
    std::function<void()> wake_; ///< While it sleeps: ends the sleep.
};

} // namespace empathd

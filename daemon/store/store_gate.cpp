#include "daemon/store/store_gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <optional>
#include <string>
#include <tuple>

namespace empathd {
namespace asio = boost::asio;

/// Pages on their way together. Both timers are used as signals: `full` ends the gathering before
/// its time, `done` wakes the callers.
struct StoreGate::Group {
    explicit Group(const asio::any_io_executor& executor)
        : full(executor, group_wait), done(executor, asio::steady_timer::time_point::max())
    {
    }

    std::vector<PageCommit> pages;
    asio::steady_timer full;
    asio::steady_timer done;
    std::optional<Result<>> answer;
};

asio::awaitable<Result<>> StoreGate::commit(PageCommit page)
{
    if (pages_waiting_ >= gate_calls_max) {
        co_return Error{ErrorKind::unavailable,
                        "the store is busy: " + std::to_string(pages_waiting_) + " pages wait"};
    }
    const auto executor = co_await asio::this_coro::executor;
    const std::shared_ptr<Group> group = joined(std::move(page), executor);
    constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
    while (!group->answer) {
        const auto woken = co_await group->done.async_wait(as_result);
        const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
        if (!group->answer && std::get<0>(woken) && cancelled != asio::cancellation_type::none) {
            co_return Error{ErrorKind::cancelled, "the commit's caller was cancelled"};
        }
    }
    co_return *group->answer;
}

std::shared_ptr<StoreGate::Group> StoreGate::joined(PageCommit page, asio::any_io_executor executor)
{
    ++pages_waiting_;
    if (!gathering_) {
        gathering_ = std::make_shared<Group>(executor);
        auto flushing = flush(gathering_);
        asio::co_spawn(executor, std::move(flushing), asio::detached);
    }
    const std::shared_ptr<Group> group = gathering_;
    group->pages.push_back(std::move(page));
    if (group->pages.size() >= group_pages_max) {
        gathering_.reset();
        group->full.cancel();
        // Not yet waited for: then there is nothing to cancel, and it must not wait at all.
        group->full.expires_at(asio::steady_timer::time_point::min());
    }
    return group;
}

/// Not one of the callers: their cancellation must not leave the others waiting.
asio::awaitable<void> StoreGate::flush(std::shared_ptr<Group> group)
{
    constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
    co_await group->full.async_wait(as_result);
    if (gathering_ == group) {
        gathering_.reset();
    }
    const auto write = [&pages = group->pages](Store& store) { return store.commit(pages); };
    Result<> answer;
    try {
        answer = co_await run(write);
    } catch (const std::exception& failure) { // No memory: the callers must not wait for ever.
        answer = Error{ErrorKind::storage, std::string("commit: ") + failure.what()};
    }
    pages_waiting_ -= group->pages.size();
    group->answer.emplace(std::move(answer));
    group->done.cancel();
}

} // namespace empathd

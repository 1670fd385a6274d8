// What the daemon does about sources that go blind.
#include "daemon/daemon.hpp"

#include <map>
#include <utility>

namespace empathd {
namespace asio = boost::asio;

void Daemon::remember(const TrackedState& state)
{
    blindness_.restore(state.ledger);
    std::map<std::string, std::string> habits;
    for (const StateRecord& record : state.states) {
        if (record.name.starts_with(habit_prefix)) {
            habits[record.name.substr(habit_prefix.size())] = record.bytes;
        }
    }
    sources_.remember(std::move(habits));
}

/// Tells of sources that have gone blind and of those that see again.
asio::awaitable<Result<>> Daemon::watch_sources()
{
    while (!stopping_) {
        const auto told = pipeline_.desk().notices().going_on(blind_prefix);
        const auto notices = blindness_.look(sources_.watched(), told, clock_.now());
        for (const Notice& notice : notices) {
            log_.info(notice.over ? "a source sees again or is gone" : "blind: " + notice.title);
            const Result<> done = co_await pipeline_.notice(notice);
            if (!done) {
                co_return done;
            }
        }
        const Result<> kept = co_await keep_habits(false);
        if (!kept) {
            co_return kept;
        }
        co_await sleep(blindness_look_every);
    }
    co_return Result<>{};
}

asio::awaitable<Result<>> Daemon::keep_habits(bool all)
{
    PageCommit commit;
    commit.at = clock_.now();
    commit.states = blindness_.states(sources_.watched(), commit.at, all);
    if (commit.states.empty()) {
        co_return Result<>{};
    }
    co_return co_await store_gate_.commit(std::move(commit));
}

} // namespace empathd

#include "daemon/daemon.hpp"

#include "daemon/systemd_notify.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <utility>

namespace empathd {
namespace asio = boost::asio;
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int exit_software = 70;
constexpr milliseconds stop_deadline{4'000}; ///< From SIGTERM to the loop's end, whatever happens.
constexpr milliseconds stop_look{20};        ///< Between looks at what has ended.
constexpr seconds look_every{2};             ///< Health, progress, disk space.
constexpr hours retain_every{6};
constexpr seconds tick_every{1}; ///< Looks whether time alone has something to tell.
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// How the empathctl that was built with us is called from where we were started.
std::string client_beside_us()
{
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto client = self.parent_path() / "empathctl";
    const auto near_by = std::filesystem::relative(client, error);
    return error || near_by.empty() || *near_by.begin() == ".." ? "empathctl" : near_by.string();
}

} // namespace

int Daemon::run()
{
    asio::co_spawn(loop_, live(), [this](std::exception_ptr failure) {
        if (failure) {
            try {
                std::rethrow_exception(failure);
            } catch (const std::exception& error) {
                log_.error(std::string("stopped by: ") + error.what());
            }
            exit_code_ = exit_code_ == 0 ? exit_software : exit_code_;
            loop_.stop();
        }
    });
    loop_.run();
    analysis_.join();
    return exit_code_;
}

void Daemon::spawn(asio::awaitable<Result<>> task)
{
    tasks_.push_back(std::make_unique<asio::cancellation_signal>());
    ++tasks_running_;
    auto ended = [this](std::exception_ptr failure, Result<> result) {
        --tasks_running_;
        if (failure && !stopping_) {
            std::rethrow_exception(failure); // A bug: ends the daemon, which is started again.
        }
        if (!failure && !result && result.error().kind == ErrorKind::storage) {
            fatal(result.error());
        }
    };
    asio::co_spawn(loop_, std::move(task),
                   asio::bind_cancellation_slot(tasks_.back()->slot(), std::move(ended)));
}

asio::awaitable<void> Daemon::live()
{
    co_await restore();
    for (const auto& exit : exits_) {
        spawn(exit->outbox->run());
    }
    if (commands_) {
        spawn(commands_->run());
    }
    if (heartbeat_) {
        spawn(heartbeat_->run());
    }
    spawn(look());
    spawn(feed_watchdog());
    spawn(keep_clean());
    spawn(keep_time());
    spawn(watch_sources());
    ready_ = true;
    systemd::ready();
    log_.info("ready: " + std::to_string(config_.watches.size()) + " brands, " +
              std::to_string(config_.sources.size()) + " sources, API at " + server_->address());
    if (options_.show) {
        terminal_.where_to_look(server_->address(), client_beside_us());
    }
    co_await watch_signals();
    co_await stop();
}

asio::awaitable<void> Daemon::restore()
{
    const TimePoint since = clock_.now() - hours{24};
    const TimePoint resolved_since = clock_.now() - config_.alerts.story_window;
    auto ask = [since, resolved_since](Store& store) {
        return store.tracked(since, resolved_since);
    };
    const Result<TrackedState> state = co_await store_gate_.run(std::move(ask));
    if (!state) {
        fatal(state.error());
        co_return;
    }
    if (const Result<> stands = pipeline_.restore(*state); !stands) {
        fatal(stands.error());
        co_return;
    }
    std::map<std::string, std::vector<Followable>> followed;
    for (const StoredMention& mention : state->mentions) {
        followed[mention.post.source].push_back(
            {mention.post.key, mention.post.native_id, mention.post.seen_at});
    }
    remember(*state);
    sources_.apply(std::move(made_));
    sources_.follow(followed);
}

asio::awaitable<void> Daemon::watch_signals()
{
    while (!stopping_) {
        auto received = co_await signals_.async_wait(as_result);
        const auto& [error, signal] = received;
        if (error || signal != SIGHUP) {
            co_return;
        }
        systemd::reloading();
        reload();
        systemd::ready();
    }
}

asio::awaitable<void> Daemon::stop()
{
    stopping_ = true;
    systemd::stopping();
    log_.info("stopping");
    asio::steady_timer deadline(loop_, stop_deadline);
    deadline.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            // Something hangs. What is on disk is whole; waiting longer would not make it better.
            log_.warning("not everything ended in time; leaving it");
            std::_Exit(exit_code_);
        }
    });
    sources_.stop();
    backtests_.stop();
    for (const auto& task : tasks_) {
        task->emit(asio::cancellation_type::terminal);
    }
    co_await server_->stop();
    while (sources_.running() + tasks_running_ > 0) {
        co_await sleep(stop_look);
    }
    (void)co_await keep_habits(true); // What is lost when it fails is ten minutes of learning.
    deadline.cancel();
    loop_.stop();
}

asio::awaitable<void> Daemon::sleep(milliseconds time)
{
    asio::steady_timer timer(loop_, time);
    (void)co_await timer.async_wait(as_result);
}

/// Looks after itself every few seconds: disk space, health in the log, progress on the terminal.
asio::awaitable<Result<>> Daemon::look()
{
    while (!stopping_) {
        const HealthFacts now = facts();
        disk_full_ = now.disk_free_bytes < disk_free_bytes_min;
        for (const wire::HealthProblem& problem : health_of(now).problems) {
            log_.once_a_minute(problem.name, problem.name + ": " + problem.detail);
        }
        if (options_.show) {
            for (const SourceStatus& source : now.sources) {
                const bool told = std::find(told_troubles_.begin(), told_troubles_.end(),
                                            source.name) != told_troubles_.end();
                if (source.last_error.empty() == told) {
                    terminal_.source_trouble(source.name, source.last_error);
                    if (told) {
                        std::erase(told_troubles_, source.name);
                    } else {
                        told_troubles_.push_back(source.name);
                    }
                }
            }
            terminal_.progress(pipeline_.totals(), pipeline_.desk().open_stories(),
                               pipeline_.heard_until());
        }
        co_await sleep(look_every);
    }
    co_return Result<>{};
}

/// Fed only when everything moved since the last time: the loop, by running this at all; the store,
/// by a round trip; each relay, by its own count
/// or by a call of its sink that is under way within its deadline.
asio::awaitable<Result<>> Daemon::feed_watchdog()
{
    const auto interval = systemd::watchdog_interval();
    std::vector<std::uint64_t> before(exits_.size(), 0);
    while (interval && !stopping_) {
        auto probe = [](Store& store) { return store.cursor("watchdog"); };
        const Result<std::string> answer = co_await store_gate_.run(std::move(probe));
        bool all_moved = static_cast<bool>(answer);
        for (std::size_t i = 0; i < exits_.size(); ++i) {
            const std::uint64_t now = exits_[i]->outbox->progress();
            const bool waits = exits_[i]->outbox->waits_for_sink(clock_.now());
            all_moved = all_moved && (now != before[i] || waits);
            before[i] = now;
        }
        if (all_moved) {
            systemd::feed_watchdog();
        }
        co_await sleep(*interval);
    }
    co_return Result<>{};
}

/// Lets waits end, stories fade and acknowledgements run out when nothing else happens.
asio::awaitable<Result<>> Daemon::keep_time()
{
    while (!stopping_) {
        const Result<> done = co_await pipeline_.tick();
        if (!done) {
            co_return done;
        }
        co_await sleep(tick_every);
    }
    co_return Result<>{};
}

asio::awaitable<Result<>> Daemon::keep_clean()
{
    while (!stopping_) {
        const TimePoint posts_before = clock_.now() - config_.store.keep_posts;
        const TimePoint ledger_before = clock_.now() - config_.store.keep_ledger;
        auto clean = [posts_before, ledger_before](Store& store) {
            return store.retain(posts_before, ledger_before);
        };
        const Result<std::uint64_t> removed = co_await store_gate_.run(std::move(clean));
        if (!removed) {
            co_return removed.error();
        }
        co_await sleep(retain_every);
    }
    co_return Result<>{};
}

} // namespace empathd

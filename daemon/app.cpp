#include "daemon/app.hpp"

#include "analysis/experience/model.hpp"
#include "analysis/experience/shipped_model.hpp"
#include "analysis/match/matcher.hpp"
#include "config/load.hpp"
#include "connectors/transport/curl_client.hpp"
#include "daemon/health.hpp"
#include "daemon/http/server.hpp"
#include "daemon/http/wire.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/notify/redis_sink.hpp"
#include "daemon/notify/webhook_sink.hpp"
#include "daemon/pipeline/pipeline.hpp"
#include "daemon/policy.hpp"
#include "daemon/sources.hpp"
#include "daemon/store/store_gate.hpp"
#include "daemon/systemd_notify.hpp"
#include "daemon/terminal.hpp"
#include "daemon/version.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <thread>
#include <utility>
#include <vector>

namespace empathd {
namespace asio = boost::asio;
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int exit_io_error = 74;
constexpr milliseconds stop_deadline{4'000}; ///< From SIGTERM to the loop's end, whatever happens.
constexpr seconds look_every{2};             ///< Health, progress, disk space.
constexpr hours retain_every{6};
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::vector<std::string> sink_names(const config::Config& config)
{
    std::vector<std::string> names;
    if (!config.redis.address.empty()) {
        names.emplace_back("redis");
    }
    for (const config::WebhookConfig& webhook : config.webhooks) {
        names.push_back("webhook:" + webhook.name);
    }
    return names;
}

std::string problems_of(const config::Config& config)
{
    std::string out;
    for (const config::Problem& problem : *config.problems) {
        out += (out.empty() ? "" : "\n") + to_string(problem);
    }
    return out;
}

unsigned analysis_threads()
{
    return std::max(1U, std::thread::hardware_concurrency() - 1);
}

/// One way out: its sink and the relay that feeds it.
struct Exit {
    std::unique_ptr<Sink> sink;
    std::unique_ptr<Outbox> outbox;
    asio::cancellation_signal cancel;
};

/// What has been opened before the event loop runs.
struct Opened {
    config::Config config;
    std::unique_ptr<Store> store;
    std::unique_ptr<StoreReader> reader;
    Stages stages;
};

class Daemon final : public App {
public:
    Daemon(AppOptions options, Opened opened, const Clock& clock, Log& log);

    /// Opens the API's socket and makes the sources; what is wrong is reported as in make_app.
    Result<> prepare();
    int run() override;

private:
    PollHooks poll_hooks();
    void add_exits();
    http::Services services();
    asio::awaitable<void> live();
    asio::awaitable<void> restore();
    asio::awaitable<void> stop();
    asio::awaitable<void> watch_signals();
    asio::awaitable<void> look();
    asio::awaitable<void> feed_watchdog();
    asio::awaitable<void> keep_clean();
    asio::awaitable<void> sleep(milliseconds time);
    void reload();
    void raised(const std::vector<Alert>& alerts);
    void fatal(const Error& error);
    HealthFacts facts() const;
    http::ProcessMetrics process_metrics() const;

    const AppOptions options_;
    const Clock& clock_;
    Log& log_;
    config::Config config_;
    asio::io_context loop_{1};
    std::unique_ptr<Store> store_;
    std::unique_ptr<StoreReader> reader_;
    StoreGate store_gate_;
    ReadGate read_gate_;
    asio::thread_pool analysis_;
    std::unique_ptr<connectors::HttpClient> http_;
    Pipeline pipeline_;
    Sources sources_;
    std::vector<std::unique_ptr<Exit>> exits_;
    std::unique_ptr<http::Server> server_;
    Terminal terminal_;
    asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
    std::vector<MadeSource> made_; ///< Until `run` starts them.
    std::vector<std::string> told_troubles_;
    std::array<std::uint64_t, 4> alerts_by_severity_{};
    TimePoint started_at_;
    std::size_t exits_running_ = 0;
    bool ready_ = false;
    bool stopping_ = false;
    bool disk_full_ = false;
    int exit_code_ = 0;
};

Daemon::Daemon(AppOptions options, Opened opened, const Clock& clock, Log& log)
    : options_(std::move(options)), clock_(clock), log_(log), config_(std::move(opened.config)),
      store_(std::move(opened.store)), reader_(std::move(opened.reader)), store_gate_(*store_),
      read_gate_(*reader_), analysis_(analysis_threads()),
      http_(connectors::make_curl_client(loop_.get_executor(), fetch_policy(config_), clock)),
      pipeline_(loop_.get_executor(),
                {.analysis = analysis_,
                 .store = store_gate_,
                 .clock = clock,
                 .body_of = [](const Alert& alert) { return wire::alert_body(alert); },
                 .raised = [this](const std::vector<Alert>& alerts) { raised(alerts); }},
                std::move(opened.stages), desk_options(config_.alerts)),
      sources_(loop_.get_executor(),
               {.poll = poll_hooks(),
                .cursor =
                    [this](std::string source) {
                        auto ask = [source = std::move(source)](Store& store) {
                            return store.cursor(source);
                        };
                        return store_gate_.run(std::move(ask));
                    },
                .fatal = [this](const Error& error) { fatal(error); }},
               clock, log),
      terminal_(std::cout, isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr),
      started_at_(clock.now())
{
}

Result<> Daemon::prepare()
{
    made_ = make_sources(config_, {.http = *http_, .clock = clock_});
    if (!config_.problems->empty()) {
        return Error{ErrorKind::invalid_config, problems_of(config_)};
    }
    add_exits();
    http::ServerOptions server;
    server.listen = config_.http.listen;
    server.hosts = config_.http.hosts;
    auto opened = http::make_server(loop_.get_executor(), std::move(server), services());
    if (!opened) {
        return opened.error();
    }
    server_ = std::move(*opened);
    return {};
}

PollHooks Daemon::poll_hooks()
{
    PollHooks hooks;
    hooks.page = [this](PolledPage page) -> asio::awaitable<Result<std::vector<Followable>>> {
        PageInput input;
        input.source = std::move(page.source);
        input.page = std::move(page.page);
        input.latency = page.latency;
        input.reread = page.reread;
        const auto taken = co_await pipeline_.take(std::move(input));
        if (!taken) {
            co_return taken.error();
        }
        std::vector<Followable> followed;
        for (const StoredStoryPost& post : *taken) {
            followed.push_back({post.key, post.native_id, post.seen_at});
        }
        co_return followed;
    };
    hooks.failure = [this](std::string source, Error error,
                           milliseconds latency) -> asio::awaitable<Result<>> {
        log_.once_a_minute(source, "source " + source + ": " +
                                       std::string(to_string(error.kind)) + ": " + error.message);
        LedgerEntry entry;
        entry.source = source;
        entry.minute = std::chrono::floor<std::chrono::minutes>(clock_.now());
        entry.polls = entry.errors = 1;
        entry.latency_ms = static_cast<std::uint64_t>(latency.count());
        entry.last_error = error.message;
        auto note = [entry = std::move(entry)](Store& store) { return store.note(entry); };
        co_return co_await store_gate_.run(std::move(note));
    };
    hooks.hold = [this] { return disk_full_ || pipeline_.full(); };
    return hooks;
}

void Daemon::add_exits()
{
    const auto add = [this](std::unique_ptr<Sink> sink, std::chrono::seconds confirm_every) {
        auto exit = std::make_unique<Exit>();
        exit->sink = std::move(sink);
        OutboxOptions options;
        options.confirm_every = confirm_every;
        exit->outbox = std::make_unique<Outbox>(options, *exit->sink, store_gate_, clock_);
        exits_.push_back(std::move(exit));
    };
    if (!config_.redis.address.empty()) {
        add(make_redis_sink(config_.redis, "redis"), config_.redis.redeliver_after);
    }
    for (const config::WebhookConfig& webhook : config_.webhooks) {
        add(make_webhook_sink(webhook, *http_), seconds{60});
    }
}

http::Services Daemon::services()
{
    return {.reader = read_gate_,
            .clock = clock_,
            .hosts = http::answered_hosts(config_.http.listen, config_.http.hosts),
            .health = [this] { return health_of(facts()); },
            .process_metrics = [this] { return process_metrics(); },
            .report = [this](const std::string& line) { log_.error(line); }};
}

int Daemon::run()
{
    asio::co_spawn(loop_, live(), [this](std::exception_ptr failure) {
        if (failure) {
            try {
                std::rethrow_exception(failure);
            } catch (const std::exception& error) {
                log_.error(std::string("stopped by: ") + error.what());
            }
            exit_code_ = exit_code_ == 0 ? 70 : exit_code_;
            loop_.stop();
        }
    });
    loop_.run();
    analysis_.join();
    return exit_code_;
}

asio::awaitable<void> Daemon::live()
{
    co_await restore();
    sources_.apply(std::move(made_));
    for (const auto& exit : exits_) {
        ++exits_running_;
        auto ended = [this](std::exception_ptr, Result<> result) {
            --exits_running_;
            if (!result && result.error().kind == ErrorKind::storage) {
                fatal(result.error());
            }
        };
        asio::co_spawn(loop_, exit->outbox->run(),
                       asio::bind_cancellation_slot(exit->cancel.slot(), std::move(ended)));
    }
    asio::co_spawn(loop_, look(), asio::detached);
    asio::co_spawn(loop_, feed_watchdog(), asio::detached);
    asio::co_spawn(loop_, keep_clean(), asio::detached);
    ready_ = true;
    systemd::ready();
    log_.info("ready: " + std::to_string(config_.watches.size()) + " brands, " +
              std::to_string(config_.sources.size()) + " sources, API at " + server_->address());
    if (options_.show) {
        terminal_.where_to_look(server_->address());
    }
    co_await watch_signals();
    co_await stop();
}

asio::awaitable<void> Daemon::restore()
{
    const TimePoint since = clock_.now() - hours{24};
    auto ask = [since](Store& store) { return store.tracked(since); };
    const Result<TrackedState> state = co_await store_gate_.run(std::move(ask));
    if (!state) {
        fatal(state.error());
        co_return;
    }
    pipeline_.restore(*state);
    std::map<std::string, std::vector<Followable>> followed;
    for (const StoredMention& mention : state->mentions) {
        followed[mention.post.source].push_back(
            {mention.post.key, mention.post.native_id, mention.post.seen_at});
    }
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

void Daemon::reload()
{
    config::Config fresh = config::load(options_.config_path);
    std::vector<MadeSource> made = make_sources(fresh, {.http = *http_, .clock = clock_});
    auto watches = analysis::MatchSet::build(fresh.watches);
    if (!watches) {
        fresh.problems->push_back(
            {.file = options_.config_path, .message = watches.error().message});
    }
    if (!fresh.problems->empty()) {
        for (const config::Problem& problem : *fresh.problems) {
            log_.error(to_string(problem));
        }
        log_.error("the new configuration is bad; the old one stays");
        return;
    }
    pipeline_.use(Stages{.watches = *watches, .model = pipeline_.stages().model});
    pipeline_.use(desk_options(fresh.alerts).decision);
    sources_.apply(std::move(made));
    config_.alerts = fresh.alerts;
    config_.watches = std::move(fresh.watches);
    config_.sources = std::move(fresh.sources);
    for (auto& file : fresh.files) { // The sections of the sources point into these.
        config_.files.push_back(std::move(file));
    }
    config_.problems = std::move(fresh.problems);
    log_.info("configuration read again: " + std::to_string(config_.watches.size()) + " brands, " +
              std::to_string(config_.sources.size()) + " sources");
}

asio::awaitable<void> Daemon::stop()
{
    stopping_ = true;
    systemd::stopping();
    log_.info("stopping");
    asio::steady_timer deadline(loop_, stop_deadline);
    deadline.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            log_.warning("not everything ended in time; leaving it");
            loop_.stop();
        }
    });
    sources_.stop();
    for (const auto& exit : exits_) {
        exit->cancel.emit(asio::cancellation_type::terminal);
    }
    co_await server_->stop();
    while (sources_.running() + exits_running_ > 0) {
        co_await sleep(milliseconds{20});
    }
    deadline.cancel();
    loop_.stop();
}

asio::awaitable<void> Daemon::sleep(milliseconds time)
{
    asio::steady_timer timer(loop_, time);
    (void)co_await timer.async_wait(as_result);
}

/// Looks after itself every few seconds: disk space, health in the log, progress on the terminal.
asio::awaitable<void> Daemon::look()
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
}

/// Fed only when everything moved since the last time: the loop, by running this at all; the store,
/// by a round trip; each relay, by its own count.
asio::awaitable<void> Daemon::feed_watchdog()
{
    const auto interval = systemd::watchdog_interval();
    std::vector<std::uint64_t> before(exits_.size(), 0);
    while (interval && !stopping_) {
        auto probe = [](Store& store) { return store.cursor("watchdog"); };
        const Result<std::string> answer = co_await store_gate_.run(std::move(probe));
        bool all_moved = static_cast<bool>(answer);
        for (std::size_t i = 0; i < exits_.size(); ++i) {
            const std::uint64_t now = exits_[i]->outbox->progress();
            all_moved = all_moved && now != before[i];
            before[i] = now;
        }
        if (all_moved) {
            systemd::feed_watchdog();
        }
        co_await sleep(*interval);
    }
}

asio::awaitable<void> Daemon::keep_clean()
{
    while (!stopping_) {
        const TimePoint posts_before = clock_.now() - config_.store.keep_posts;
        const TimePoint ledger_before = clock_.now() - config_.store.keep_ledger;
        auto clean = [posts_before, ledger_before](Store& store) {
            return store.retain(posts_before, ledger_before);
        };
        const Result<std::uint64_t> removed = co_await store_gate_.run(std::move(clean));
        if (!removed) {
            fatal(removed.error());
            co_return;
        }
        co_await sleep(retain_every);
    }
}

void Daemon::raised(const std::vector<Alert>& alerts)
{
    for (const Alert& alert : alerts) {
        ++alerts_by_severity_[static_cast<std::size_t>(alert.incident.severity)];
        log_.info("alert " + std::string(to_string(alert.incident.severity)) + ' ' + alert.key +
                  ": " + alert.summary);
        if (options_.show) {
            terminal_.alert(alert);
        }
    }
    for (const auto& exit : exits_) {
        exit->outbox->notify();
    }
    server_->notify_alerts();
}

void Daemon::fatal(const Error& error)
{
    log_.error("the store failed, stopping: " + error.message);
    exit_code_ = exit_io_error;
    if (!stopping_) {
        stopping_ = true;
        signals_.cancel();
    }
}

HealthFacts Daemon::facts() const
{
    HealthFacts facts;
    facts.ready = ready_ && !stopping_;
    facts.sources = sources_.statuses();
    for (const auto& exit : exits_) {
        facts.exits.push_back(exit->outbox->status());
    }
    std::error_code ignored;
    const auto folder = std::filesystem::absolute(config_.store.path, ignored).parent_path();
    const auto space = std::filesystem::space(folder, ignored);
    facts.disk_free_bytes = ignored ? 0 : space.available;
    facts.store_path = config_.store.path;
    return facts;
}

http::ProcessMetrics Daemon::process_metrics() const
{
    return metrics_of({.started_at = started_at_,
                       .store_path = config_.store.path,
                       .sources = sources_.statuses(),
                       .pages_waiting = pipeline_.waiting(),
                       .store_calls_waiting = store_gate_.waiting(),
                       .alerts_by_severity = alerts_by_severity_,
                       .verdicts = pipeline_.desk().verdicts(),
                       .health = facts()});
}

} // namespace

Result<std::unique_ptr<App>> make_app(const AppOptions& options, const Clock& clock, Log& log)
{
    Opened opened;
    opened.config = config::load(options.config_path);
    if (!opened.config.problems->empty()) {
        return Error{ErrorKind::invalid_config, problems_of(opened.config)};
    }
    const auto watches = analysis::MatchSet::build(opened.config.watches);
    if (!watches) {
        return Error{ErrorKind::invalid_config,
                     options.config_path + ": " + watches.error().message};
    }
    const auto model = analysis::Model::from_bytes(analysis::shipped_model());
    if (!model) {
        return Error{ErrorKind::invalid_config, "the shipped model: " + model.error().message};
    }
    opened.stages = {.watches = *watches, .model = *model};
    auto store = open_sqlite_store(
        {.path = opened.config.store.path, .sinks = sink_names(opened.config)});
    if (!store) {
        return store.error();
    }
    auto reader = open_sqlite_reader(opened.config.store.path);
    if (!reader) {
        return reader.error();
    }
    opened.store = std::move(*store);
    opened.reader = std::move(*reader);
    auto daemon = std::make_unique<Daemon>(options, std::move(opened), clock, log);
    const Result<> prepared = daemon->prepare();
    if (!prepared) {
        return prepared.error();
    }
    return std::unique_ptr<App>(std::move(daemon));
}

} // namespace empathd

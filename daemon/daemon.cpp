#include "daemon/daemon.hpp"

#include "daemon/commands.hpp"

#include "analysis/match/matcher.hpp"
#include "config/load.hpp"
#include "connectors/transport/curl_client.hpp"
#include "connectors/transport/curl_mail.hpp"
#include "daemon/exits.hpp"
#include "daemon/foresight_services.hpp"
#include "daemon/http/host.hpp"
#include "daemon/http/wire.hpp"
#include "daemon/policy.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>
#include <utility>

namespace empathd {
namespace asio = boost::asio;
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int exit_io_error = 74;

unsigned analysis_threads()
{
    return std::max(1U, std::thread::hardware_concurrency() - 1);
}

/// What this daemon calls itself: as configured, or the host's name.
std::string instance_name(const std::string& configured)
{
    std::array<char, 256> host{};
    if (!configured.empty() || gethostname(host.data(), host.size() - 1) != 0) {
        return configured.empty() ? "empathd" : configured;
    }
    return host.data();
}

} // namespace

std::string problems_of(const config::Config& config)
{
    std::string out;
    for (const config::Problem& problem : *config.problems) {
        out += (out.empty() ? "" : "\n") + to_string(problem);
    }
    return out;
}

Daemon::Daemon(AppOptions options, Opened opened, const Clock& clock, Log& log)
    : options_(std::move(options)), clock_(clock), log_(log), config_(std::move(opened.config)),
      store_(std::move(opened.store)), reader_(std::move(opened.reader)), store_gate_(*store_),
      read_gate_(*reader_), analysis_(analysis_threads()),
      http_(connectors::make_curl_client(loop_.get_executor(), fetch_policy(config_), clock)),
      pipeline_(loop_.get_executor(),
                {.analysis = analysis_,
                 .store = store_gate_,
                 .clock = clock,
                 .body_of =
                     [this](const Alert& alert) {
                         return wire::alert_body(
                             alert, put_off_of(alert.incident, pipeline_.desk().factors()));
                     },
                 .raised = [this](const std::vector<Alert>& alerts) { raised(alerts); },
                 .hasten = [this](const std::vector<PostKey>& posts) { hasten(posts); },
                 .coverage =
                     [this](const Alert& alert) {
                         return blindness_.coverage(sources_.watched(), alert.incident.first_at,
                                                    alert.raised_at);
                     }},
                std::move(opened.stages), desk_options(config_)),
      backtests_({.reader = read_gate_,
                  .analysis = analysis_,
                  .subject = [this] { return backtest_subject(); }}),
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
    templates_ = load_templates(config_.templates.folder, *config_.problems);
    auto rules = alert_rules(config_, sink_names(config_));
    if (!rules) {
        config_.problems->push_back(
            {.file = options_.config_path, .message = rules.error().message});
    }
    if (!config_.problems->empty()) {
        return Error{ErrorKind::invalid_config, problems_of(config_)};
    }
    pipeline_.use(std::move(*rules));
    add_exits();
    add_heartbeat();
    add_commands();
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
        if (!page.reread && !input.page.as_of) {
            blindness_.page(input.source, clock_.now(), input.page.posts.size(),
                            !input.page.lost.empty());
        }
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
        log_.once_a_minute(source, "source " + source + ": " + std::string(to_string(error.kind)) +
                                       ": " + error.message);
        blindness_.failure(source, clock_.now());
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
    if (!config_.emails.empty()) { // One thread for each: no server holds up another's mail.
        mail_ = connectors::make_curl_mail_client(fetch_policy(config_), config_.emails.size());
    }
    auto made = make_sinks(config_, {.http = *http_,
                                     .mail = mail_.get(),
                                     .templates = templates_,
                                     .report = [this](const std::string& line) {
                                         log_.once_a_minute(line.substr(0, line.find(':')), line);
                                     }});
    for (MadeSink& sink : made) {
        auto exit = std::make_unique<Exit>();
        exit->sink = std::move(sink.sink);
        OutboxOptions options;
        options.confirm_every = sink.confirm_every;
        exit->outbox = std::make_unique<Outbox>(options, *exit->sink, store_gate_, clock_);
        exits_.push_back(std::move(exit));
    }
}

void Daemon::add_heartbeat()
{
    if (!config_.redis.configured() || config_.redis.heartbeat.empty()) {
        return;
    }
    RedisHeartbeatOptions options;
    options.instance = instance_name(config_.redis.instance);
    heartbeat_ = std::make_unique<RedisHeartbeat>(config_.redis, std::move(options), clock_,
                                                  [this] { return heartbeat_of(facts()); });
}

void Daemon::add_commands()
{
    if (!config_.redis.configured() || config_.redis.commands.empty()) {
        return;
    }
    RedisCommandsOptions options;
    options.instance = instance_name(config_.redis.instance);
    commands_ =
        std::make_unique<RedisCommands>(config_.redis, std::move(options), [this](Command command) {
            return obey(pipeline_, clock_, std::move(command));
        });
}

/// Which source shows a post is not known here; one of them does, or none any more.
void Daemon::hasten(const std::vector<PostKey>& posts)
{
    for (const SourceStatus& source : sources_.statuses()) {
        for (const PostKey& post : posts) {
            (void)sources_.hasten(source.name, post);
        }
    }
}

http::Services Daemon::services()
{
    return {.reader = read_gate_,
            .clock = clock_,
            .hosts = http::answered_hosts(config_.http.listen, config_.http.hosts),
            .health = [this] { return health_of(facts()); },
            .process_metrics = [this] { return process_metrics(); },
            .report = [this](const std::string& line) { log_.error(line); },
            .sights =
                [this] {
                    wire::Sights sights;
                    for (const SourceStatus& source : sources_.statuses()) {
                        sights[source.name] = to_string(source.sight.state);
                    }
                    return sights;
                },
            .calibration =
                [this] {
                    const analysis::Forecaster& forecaster = pipeline_.desk().spread().forecaster();
                    return calibration_of(forecaster.report(), [&forecaster](const auto& platform) {
                        return forecaster.threshold(platform);
                    });
                },
            .story =
                [this](const Incident& incident) {
                    StoryDesk& desk = pipeline_.desk();
                    wire::IncidentStory story;
                    story.put_off = put_off_of(incident, desk.factors());
                    if (desk.find(incident.id) != nullptr) {
                        story.timeline = desk.timeline(incident.id);
                    }
                    return story;
                },
            .unanswered =
                [this](const std::string& brand) {
                    StoryDesk& desk = pipeline_.desk();
                    return unanswered_of(
                        desk.threads().unanswered(brand),
                        [&desk](const std::string& id) { return desk.find(id); }, clock_.now());
                },
            .backtest =
                [this](wire::BacktestQuestion question) {
                    return backtests_.run(std::move(question));
                }};
}

/// Up to where the stories stand: a replay of old posts stands in the past.
Backtests::Subject Daemon::backtest_subject() const
{
    const TimePoint heard_until = pipeline_.heard_until();
    return {.options = pipeline_.desk().options(),
            .watches = pipeline_.stages().watches,
            .until = heard_until == TimePoint{} ? clock_.now() : heard_until};
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
    auto rules = alert_rules(fresh, sink_names(config_));
    if (!rules) {
        fresh.problems->push_back({.file = options_.config_path, .message = rules.error().message});
    }
    if (!fresh.problems->empty()) {
        for (const config::Problem& problem : *fresh.problems) {
            log_.error(to_string(problem));
        }
        log_.error("the new configuration is bad; the old one stays");
        return;
    }
    pipeline_.use(Stages{.watches = *watches, .model = pipeline_.stages().model});
    pipeline_.use(desk_options(fresh).decision);
    pipeline_.use(std::move(*rules));
    sources_.apply(std::move(made));
    config_.alerts = fresh.alerts;
    config_.hours = fresh.hours;
    config_.routes = fresh.routes;
    config_.watches = std::move(fresh.watches);
    config_.sources = std::move(fresh.sources);
    for (auto& file : fresh.files) { // The sections of the sources point into these.
        config_.files.push_back(std::move(file));
    }
    config_.problems = std::move(fresh.problems);
    log_.info("configuration read again: " + std::to_string(config_.watches.size()) + " brands, " +
              std::to_string(config_.sources.size()) + " sources");
}

void Daemon::raised(const std::vector<Alert>& alerts)
{
    for (const Alert& alert : alerts) {
        ++alerts_by_severity_[static_cast<std::size_t>(alert.incident.severity)];
        if (options_.show) {
            terminal_.alert(alert);
        } else {
            log_.info("alert " + std::string(to_string(alert.incident.severity)) + ' ' + alert.key +
                      ": " + alert.summary);
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
                       .health = facts(),
                       .pages_waiting = pipeline_.waiting(),
                       .store_calls_waiting = store_gate_.waiting(),
                       .alerts_by_severity = alerts_by_severity_,
                       .verdicts = pipeline_.desk().verdicts()});
}

} // namespace empathd

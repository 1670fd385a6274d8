#pragma once

#include "config/config.hpp"
#include "connectors/transport/http_client.hpp"
#include "connectors/transport/mail_client.hpp"
#include "daemon/app.hpp"
#include "daemon/backtests.hpp"
#include "daemon/blindness.hpp"
#include "daemon/health.hpp"
#include "daemon/http/server.hpp"
#include "daemon/notify/message.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/notify/redis_commands.hpp"
#include "daemon/notify/redis_heartbeat.hpp"
#include "daemon/notify/sink.hpp"
#include "daemon/pipeline/pipeline.hpp"
#include "daemon/sources.hpp"
#include "daemon/store/store_gate.hpp"
#include "daemon/terminal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace empathd {

/// One way out: its sink and the relay that feeds it.
struct Exit {
    std::unique_ptr<Sink> sink;
    std::unique_ptr<Outbox> outbox;
};

/// What has been opened before the event loop runs.
struct Opened {
    config::Config config;
    std::unique_ptr<Store> store;
    std::unique_ptr<StoreReader> reader;
    Stages stages;
};

/// The production App. Members stand in the order in which they are built; they go in reverse.
/// daemon.cpp builds it and answers for it, daemon_run.cpp has what goes on while it runs.
class Daemon final : public App {
public:
    Daemon(AppOptions options, Opened opened, const Clock& clock, Log& log);

    /// Opens the API's socket and makes the sources; what is wrong is reported as in make_app.
    Result<> prepare();
    int run() override;

private:
    PollHooks poll_hooks();
    void add_exits();
    void add_heartbeat();
    void add_commands();
    void hasten(const std::vector<PostKey>& posts);
    http::Services services();
    Backtests::Subject backtest_subject() const;
    /// Runs beside the rest until it ends or the daemon stops.
    void spawn(boost::asio::awaitable<Result<>> task);
    boost::asio::awaitable<void> live();
    boost::asio::awaitable<void> restore();
    boost::asio::awaitable<void> stop();
    boost::asio::awaitable<void> watch_signals();
    boost::asio::awaitable<Result<>> look();
    boost::asio::awaitable<Result<>> feed_watchdog();
    boost::asio::awaitable<Result<>> keep_clean();
    boost::asio::awaitable<Result<>> keep_time();
    boost::asio::awaitable<Result<>> watch_sources();
    boost::asio::awaitable<Result<>> keep_habits(bool all);
    void remember(const TrackedState& state);
    boost::asio::awaitable<void> sleep(std::chrono::milliseconds time);
    void reload();
    void raised(const std::vector<Alert>& alerts);
    void fatal(const Error& error);
    HealthFacts facts() const;
    http::ProcessMetrics process_metrics() const;

    const AppOptions options_;
    const Clock& clock_;
    Log& log_;
    config::Config config_;
    boost::asio::io_context loop_{1};
    std::unique_ptr<Store> store_;
    std::unique_ptr<StoreReader> reader_;
    StoreGate store_gate_;
    ReadGate read_gate_;
    boost::asio::thread_pool analysis_;
    std::unique_ptr<connectors::HttpClient> http_;
    std::unique_ptr<connectors::MailClient> mail_; ///< Null without [[email]].
    std::shared_ptr<const Templates> templates_;
    Blindness blindness_;
    Pipeline pipeline_;
    Backtests backtests_;
    Sources sources_;
    std::vector<std::unique_ptr<Exit>> exits_;
    std::unique_ptr<RedisHeartbeat> heartbeat_; ///< Null when none is configured.
    std::unique_ptr<RedisCommands> commands_;   ///< Likewise.
    std::unique_ptr<http::Server> server_;
    Terminal terminal_;
    boost::asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
    std::vector<MadeSource> made_; ///< Until `run` starts them.
    std::vector<std::string> told_troubles_;
    std::array<std::uint64_t, 4> alerts_by_severity_{};
    TimePoint started_at_;
    std::vector<std::unique_ptr<boost::asio::cancellation_signal>> tasks_;
    std::size_t tasks_running_ = 0;
    bool ready_ = false;
    bool stopping_ = false;
    bool disk_full_ = false;
    int exit_code_ = 0;
};

/// Every problem of a configuration, one a line.
[[nodiscard]] std::string problems_of(const config::Config& config);

} // namespace empathd

#pragma once

#include "config/config.hpp"
#include "connectors/registry.hpp"
#include "daemon/blindness.hpp"
#include "daemon/log.hpp"
#include "daemon/poll/poller.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace empathd {

/// A configured source with its connector, ready to be polled.
struct MadeSource {
    std::string name;
    std::string connector_name;
    Audience audience = Audience::customer;
    std::chrono::seconds poll{120};
    std::uint32_t reread_budget_per_hour = 120;
    std::string fingerprint; ///< Equal when the configuration says the same.
    std::unique_ptr<connectors::Connector> connector;
};

/// Makes the connectors of all sources and reads their own options: what is wrong goes into
/// `config.problems`, and that source is left out.
[[nodiscard]] std::vector<MadeSource> make_sources(config::Config& config,
                                                   connectors::Environment environment);

/// The pollers of all configured sources. Event loop only.
class Sources {
public:
    struct Hooks {
        PollHooks poll;
        /// The saved cursor of a source.
        std::function<boost::asio::awaitable<Result<std::string>>(std::string source)> cursor;
        /// The store has failed: the daemon must stop.
        std::function<void(const Error&)> fatal;
    };

    Sources(boost::asio::any_io_executor loop, Hooks hooks, const Clock& clock, Log& log);
    ~Sources();

    /// Runs these sources from now on. Sources that run already with the same configuration go on
    /// undisturbed; those that are gone or changed are stopped first.
    void apply(std::vector<MadeSource> sources);

    /// Gives sources that are started from now on back what was learned of their habits: what
    /// Habit::save() wrote, by source. Those that are changed by apply() keep it by themselves.
    void remember(std::map<std::string, std::string> habits) { habits_ = std::move(habits); }

    /// Follows posts again after a restart, by source.
    void follow(const std::map<std::string, std::vector<Followable>>& posts);

    /// Reads a post's engagement at once (Poller::hasten). False too where its source runs no more.
    bool hasten(const std::string& source, const PostKey& key);

    /// Ends all pollers; they are gone when `running()` is 0.
    void stop();

    [[nodiscard]] std::size_t running() const noexcept;
    [[nodiscard]] std::vector<SourceStatus> statuses() const; ///< Sights as of now.
    /// The habits in it are valid until apply() or stop().
    [[nodiscard]] std::vector<WatchedSource> watched() const;

private:
    struct Running;

    void start(MadeSource source);
    void end(Running& running);

    boost::asio::any_io_executor loop_;
    Hooks hooks_;
    const Clock& clock_;
    Log& log_;
    /// What all sources follow together; shared with them, for a poller may outlast this object.
    std::shared_ptr<FollowedRoom> room_ = std::make_shared<FollowedRoom>();
    /// Shared with the coroutine, which may outlast its place here after a reload.
    std::map<std::string, std::shared_ptr<Running>> sources_;
    std::map<std::string, std::string> habits_; ///< Of sources that do not run.
    std::size_t alive_ = 0;
};

} // namespace empathd

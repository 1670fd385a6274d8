#include "daemon/sources.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace empathd {
namespace asio = boost::asio;

struct Sources::Running {
    MadeSource made;
    std::shared_ptr<FollowedRoom> room;
    std::unique_ptr<Poller> poller;
    asio::cancellation_signal cancel;
    std::vector<Followable> followed; ///< To hand to the poller when it begins.
};

namespace {

/// A seed of its own for each source, the same at every start: jitter must differ, not surprise.
std::uint32_t seed_of(const std::string& name)
{
    std::uint32_t seed = 2'166'136'261U;
    for (const char c : name) {
        seed = (seed ^ static_cast<unsigned char>(c)) * 16'777'619U;
    }
    return seed;
}

} // namespace

std::vector<MadeSource> make_sources(config::Config& config, connectors::Environment environment)
{
    std::vector<MadeSource> out;
    for (config::SourceConfig& source : config.sources) {
        const connectors::SourceIdentity identity{.name = source.name, .audience = source.audience};
        MadeSource made;
        made.connector =
            connectors::make_connector(source.connector, source.section, identity, environment);
        if (!source.connector.empty() && made.connector != nullptr) {
            source.section.finish();
        }
        made.name = source.name;
        made.connector_name = source.connector;
        made.audience = source.audience;
        made.poll = source.poll;
        made.reread_budget_per_hour = source.reread_budget_per_hour;
        made.fingerprint = source.section.fingerprint();
        if (made.connector != nullptr) {
            out.push_back(std::move(made));
        }
    }
    return out;
}

Sources::Sources(asio::any_io_executor loop, Hooks hooks, const Clock& clock, Log& log)
    : loop_(std::move(loop)), hooks_(std::move(hooks)), clock_(clock), log_(log)
{
}

Sources::~Sources() = default;

void Sources::apply(std::vector<MadeSource> sources)
{
    for (auto it = sources_.begin(); it != sources_.end();) {
        const auto same = [&it](const MadeSource& made) {
            return made.name == it->first && made.fingerprint == it->second->made.fingerprint;
        };
        const auto kept = std::find_if(sources.begin(), sources.end(), same);
        if (kept != sources.end()) {
            sources.erase(kept);
            ++it;
        } else {
            habits_[it->first] = it->second->poller->habit().save();
            end(*it->second);
            it = sources_.erase(it);
        }
    }
    for (MadeSource& made : sources) {
        start(std::move(made));
    }
}

void Sources::start(MadeSource source)
{
    const std::string name = source.name;
    auto running = std::make_shared<Running>();
    running->made = std::move(source);
    running->room = room_;
    PollerOptions options;
    options.name = name;
    options.connector_name = running->made.connector_name;
    options.audience = running->made.audience;
    options.limits.interval = running->made.poll;
    options.reread_budget_per_hour = running->made.reread_budget_per_hour;
    options.seed = seed_of(name);
    running->poller =
        std::make_unique<Poller>(options, *running->made.connector, hooks_.poll, clock_, *room_);
    if (const auto bytes = habits_.extract(name)) {
        if (auto habit = Habit::load(bytes.mapped(), running->made.poll)) {
            running->poller->restore(std::move(*habit));
        } else {
            log_.error("source " + name + ": its habit is learned anew: " + habit.error().message);
        }
    }
    sources_[name] = running;
    ++alive_;
    auto body = [this, name, running]() -> asio::awaitable<Result<>> {
        const Result<std::string> cursor = co_await hooks_.cursor(name);
        if (!cursor) {
            co_return cursor.error();
        }
        for (const Followable& post : running->followed) {
            running->poller->follow(post);
        }
        co_return co_await running->poller->run(*cursor);
    };
    auto ended = [this, name, running](std::exception_ptr failure, Result<> result) {
        --alive_;
        if (!failure && !result && result.error().kind == ErrorKind::storage) {
            hooks_.fatal(result.error());
        } else if (failure) {
            try {
                std::rethrow_exception(failure);
            } catch (const boost::system::system_error& error) {
                if (error.code() != asio::error::operation_aborted) {
                    log_.error("source " + name + " ended: " + error.what());
                }
            } catch (const std::exception& error) {
                log_.error("source " + name + " ended: " + error.what());
            }
        }
    };
    asio::co_spawn(loop_, std::move(body),
                   asio::bind_cancellation_slot(running->cancel.slot(), std::move(ended)));
}

void Sources::follow(const std::map<std::string, std::vector<Followable>>& posts)
{
    for (const auto& [source, list] : posts) {
        const auto found = sources_.find(source);
        if (found != sources_.end()) {
            found->second->followed = list;
        }
    }
}

bool Sources::hasten(const std::string& source, const PostKey& key)
{
    const auto found = sources_.find(source);
    return found != sources_.end() && found->second->poller->hasten(key);
}

void Sources::end(Running& running)
{
    running.poller->stop();
    running.cancel.emit(asio::cancellation_type::terminal);
}

void Sources::stop()
{
    for (const auto& [name, running] : sources_) {
        end(*running);
    }
}

std::size_t Sources::running() const noexcept
{
    return alive_;
}

std::vector<SourceStatus> Sources::statuses() const
{
    std::vector<SourceStatus> out;
    for (const auto& [name, running] : sources_) {
        out.push_back(running->poller->status());
        out.back().sight = running->poller->habit().look(clock_.now());
    }
    return out;
}

std::vector<WatchedSource> Sources::watched() const
{
    std::vector<WatchedSource> out;
    for (const auto& [name, running] : sources_) {
        const Poller& poller = *running->poller;
        out.push_back({.name = name,
                       .interval = running->made.poll,
                       .habit = &poller.habit(),
                       .answered = poller.status().last_ok_at != TimePoint{}});
    }
    return out;
}

} // namespace empathd

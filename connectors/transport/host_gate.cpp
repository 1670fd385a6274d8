#include "connectors/transport/host_gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cassert>

namespace empathd::connectors {
namespace {

namespace asio = boost::asio;

using Instant = TokenBucket::Instant;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::chrono::steady_clock::duration seconds_of(double seconds) noexcept
{
    constexpr double year_s = 31'536'000;
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double>(std::min(seconds, year_s)));
}

} // namespace

TokenBucket::TokenBucket(double requests_per_s, double burst) noexcept
    : interval_(seconds_of(1 / requests_per_s)),
      ahead_max_(seconds_of((burst - 1) / requests_per_s))
{
    assert(requests_per_s > 0);
    assert(burst >= 1);
}

Instant TokenBucket::take(Instant now) noexcept
{
    next_ = std::max(next_, now);
    const Instant good = std::max(now, next_ - ahead_max_);
    next_ += interval_;
    return good;
}

HostGate::Pass::~Pass()
{
    if (gate_ != nullptr) {
        gate_->leave(*host_);
    }
}

HostGate::Waiter::Waiter(HostGate& gate_, Host& host_)
    : gate(gate_), host(host_), timer(gate_.executor_), place(gate_.waiters_.end())
{
    place = gate.waiters_.insert(gate.waiters_.end(), this);
    ++host.waiting;
}

HostGate::Waiter::~Waiter()
{
    gate.waiters_.erase(place);
    --host.waiting;
}

HostGate::HostGate(asio::any_io_executor executor, const FetchPolicy& policy, const Clock& clock)
    : executor_(std::move(executor)), policy_(policy), clock_(clock)
{
}

/// Redirects come from strangers, so the number of hosts has a bound. A host that rests and whose
/// bucket is full is forgotten without loss; when all are busy, so are windows of closed ones.
void HostGate::forget_idle_hosts()
{
    const Instant now = std::chrono::steady_clock::now();
    const TimePoint wall = clock_.now();
    std::erase_if(hosts_, [&](const auto& entry) {
        const Host& host = entry.second;
        return host.active == 0 && host.waiting == 0 && host.bucket.is_full(now) &&
               host.closed_until <= wall;
    });
    for (auto entry = hosts_.begin();
         entry != hosts_.end() && hosts_.size() >= policy_.hosts_max;) {
        const bool used = entry->second.active != 0 || entry->second.waiting != 0;
        entry = used ? std::next(entry) : hosts_.erase(entry);
    }
}

HostGate::Host& HostGate::host_of(const Target& target)
{
    const std::string name = target.authority();
    const auto known = hosts_.find(name);
    if (known != hosts_.end()) {
        return known->second;
    }
    if (hosts_.size() >= policy_.hosts_max) {
        forget_idle_hosts();
    }
    return hosts_.try_emplace(name, policy_).first->second;
}

bool HostGate::has_slot(const Host& host) const noexcept
{
    return active_ < policy_.transfers_max && host.active < policy_.transfers_per_host_max;
}

Result<> HostGate::closed(const Host& host, const Target& target) const
{
    if (stopped_) { // First: the clock may be gone as well.
        return Error{ErrorKind::cancelled, target.host + ": the client is gone"};
    }
    const TimePoint now = clock_.now();
    if (now >= host.closed_until) {
        return {};
    }
    // Capped once more, for a clock that was set back.
    const auto left = std::min<std::chrono::seconds>(
        std::chrono::ceil<std::chrono::seconds>(host.closed_until - now), policy_.retry_after_max);
    const auto left_s = static_cast<std::uint32_t>(left.count());
    return Error{ErrorKind::rate_limited,
                 target.host + ": asked to be left alone for " + std::to_string(left_s) + " s more",
                 left_s};
}

void HostGate::leave(Host& host) noexcept
{
    --host.active;
    --active_;
    admit_waiting();
}

void HostGate::admit_waiting() noexcept
{
    for (Waiter* waiter : waiters_) {
        if (active_ >= policy_.transfers_max) {
            return;
        }
        if (waiter->wants_slot && has_slot(waiter->host)) {
            waiter->wants_slot = false;
            ++waiter->host.active;
            ++active_;
            waiter->timer.cancel();
        }
    }
}

/// True when a slot was taken for the caller. False: cancelled, stopped or the host closed.
asio::awaitable<bool> HostGate::await_slot(Host& host)
{
    Waiter waiter(*this, host);
    if (has_slot(host)) { // Whoever waits for this host waits because it has none.
        ++host.active;
        ++active_;
        co_return true;
    }
    waiter.timer.expires_at(Instant::max());
    co_await waiter.timer.async_wait(as_result);
    co_return !waiter.wants_slot;
}

/// True when the token's time has come. False as above.
asio::awaitable<bool> HostGate::await_token(Host& host)
{
    const Instant now = std::chrono::steady_clock::now();
    const Instant good = host.bucket.take(now);
    if (good <= now) {
        co_return true;
    }
    Waiter waiter(*this, host);
    waiter.wants_slot = false;
    waiter.timer.expires_at(good);
    const auto waited = co_await waiter.timer.async_wait(as_result);
    co_return !std::get<0>(waited);
}

asio::awaitable<Result<HostGate::Pass>> HostGate::enter(Target target)
{
    Host& host = host_of(target);
    if (const Result<> open = closed(host, target); !open) {
        co_return open.error();
    }
    if (waiters_.size() >= policy_.waiting_max) {
        co_return Error{ErrorKind::unavailable, target.host + ": more than " +
                                                    std::to_string(policy_.waiting_max) +
                                                    " requests wait for their turn"};
    }
    const bool admitted = co_await await_slot(host);
    if (!admitted) {
        const Result<> open = closed(host, target);
        co_return open ? Error{ErrorKind::cancelled, target.host + ": cancelled"} : open.error();
    }
    Pass pass(*this, host);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) { // Just as the slot came.
        co_return Error{ErrorKind::cancelled, target.host + ": cancelled"};
    }
    bool in_time = true;
    if (!names_host(policy_.unmetered, target)) {
        in_time = co_await await_token(host);
    }
    if (const Result<> open = closed(host, target); !open) {
        co_return open.error();
    }
    if (!in_time) {
        co_return Error{ErrorKind::cancelled, target.host + ": cancelled"};
    }
    co_return Result<Pass>(std::move(pass));
}

void HostGate::close_until(const Target& target, TimePoint until)
{
    Host& host = host_of(target);
    host.closed_until = std::max(host.closed_until, until);
    for (Waiter* waiter : waiters_) {
        if (&waiter->host == &host) {
            waiter->timer.cancel();
        }
    }
}

void HostGate::stop()
{
    stopped_ = true;
    for (Waiter* waiter : waiters_) {
        waiter->timer.cancel();
    }
}

} // namespace empathd::connectors

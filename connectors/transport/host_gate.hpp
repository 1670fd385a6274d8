#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"
#include "connectors/transport/fetch_policy.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <utility>

namespace empathd::connectors {

/// When the next request may go, for an even rate with bursts. Pure: it is told the time.
/// The generic cell rate algorithm (ITU-T I.371): one time stamp holds the whole bucket.
class TokenBucket {
public:
    using Instant = std::chrono::steady_clock::time_point;

    /// `requests_per_s` > 0, `burst` >= 1.
    TokenBucket(double requests_per_s, double burst) noexcept;

    /// Takes a token and gives the time from which it is good: `now` or later. Tokens are handed
    /// out in the order of the calls.
    [[nodiscard]] Instant take(Instant now) noexcept;

    /// Whether it has all its tokens again: forgetting it would change nothing.
    [[nodiscard]] bool is_full(Instant now) const noexcept { return next_ <= now; }

private:
    std::chrono::steady_clock::duration interval_;  ///< Between two tokens.
    std::chrono::steady_clock::duration ahead_max_; ///< What a burst may run ahead of the rate.
    Instant next_{};                                ///< When the bucket would be full again.
};

/// Holds every request until its host may be asked: not while the host has told us to stay away,
/// not above its rate, not with more transfers at once than allowed. First come, first served,
/// except that a busy host does not hold up the others.
///
/// One thread. A coroutine that awaits `enter` must keep the gate alive meanwhile.
class HostGate {
    struct Host;

public:
    /// The right to run one transfer; leaving gives it back.
    class Pass {
    public:
        Pass() = default;
        Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), host_(other.host_)
        {
        }
        Pass& operator=(Pass&& other) noexcept
        {
            std::swap(gate_, other.gate_);
            std::swap(host_, other.host_);
            return *this;
        }
        ~Pass();

    private:
        friend class HostGate;
        Pass(HostGate& gate, Host& host) noexcept : gate_(&gate), host_(&host) {}

        HostGate* gate_ = nullptr;
        Host* host_ = nullptr;
    };

    /// `policy` and `clock` must outlive it.
    HostGate(boost::asio::any_io_executor executor, const FetchPolicy& policy, const Clock& clock);

    /// Waits for the turn of one request to `target`. Fails with `rate_limited` at once, and
    /// without a turn, while the host is closed; with `unavailable` when too many wait; with
    /// `cancelled`.
    boost::asio::awaitable<Result<Pass>> enter(Target target);

    /// The host asked to be left alone; those who wait for it fail now. A later end wins.
    void close_until(const Target& target, TimePoint until);

    /// Everybody who waits ends with `cancelled`, and so does everybody who comes.
    void stop();

private:
    struct Host {
        explicit Host(const FetchPolicy& policy) noexcept
            : bucket(policy.requests_per_s, policy.burst)
        {
        }
        TokenBucket bucket;
        TimePoint closed_until{};
        std::size_t active = 0;  ///< Passes out.
        std::size_t waiting = 0; ///< Waiters on it.
    };
    struct Waiter {
        Waiter(HostGate& gate_, Host& host_);
        ~Waiter();
        Waiter(const Waiter&) = delete;
        Waiter& operator=(const Waiter&) = delete;

        HostGate& gate;
        Host& host;
        boost::asio::steady_timer timer;
        bool wants_slot = true; ///< False: has one, waits for its token.
        std::list<Waiter*>::iterator place;
    };

    Host& host_of(const Target& target);
    void forget_idle_hosts();
    [[nodiscard]] bool has_slot(const Host& host) const noexcept;
    [[nodiscard]] Result<> closed(const Host& host, const Target& target) const;
    void leave(Host& host) noexcept;
    void admit_waiting() noexcept;
    boost::asio::awaitable<bool> await_slot(Host& host);
    boost::asio::awaitable<bool> await_token(Host& host);

    boost::asio::any_io_executor executor_;
    const FetchPolicy& policy_;
    const Clock& clock_;
    std::map<std::string, Host> hosts_; ///< By authority; nodes stay where they are.
    std::list<Waiter*> waiters_;        ///< In the order they came.
    std::size_t active_ = 0;
    bool stopped_ = false;
};

} // namespace empathd::connectors

#include "daemon/poll/poller.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace empathd {
namespace asio = boost::asio;
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds hold_pause{1};        ///< Between looks while something downstream is full.
constexpr seconds reread_retry{5 * 60}; ///< After a failed look at engagement.
constexpr seconds longest_sleep{3600};  ///< The wall clock may jump: look again at least hourly.

} // namespace

Poller::Poller(PollerOptions options, connectors::Connector& connector, PollHooks hooks,
               const Clock& clock, FollowedRoom& room)
    : options_(std::move(options)), connector_(connector), hooks_(std::move(hooks)), clock_(clock),
      planner_(options_.limits, options_.seed), reread_budget_(options_.reread_budget_per_hour),
      rereads_(room), habit_(options_.limits.interval)
{
    status_.name = options_.name;
    status_.connector = options_.connector_name;
}

void Poller::follow(const Followable& post)
{
    if (connector_.observe_ids_max() > 0) {
        rereads_.add(post.key, post.native_id, post.seen_at, clock_.now());
        status_.followed = rereads_.size();
    }
}

bool Poller::hasten(const PostKey& key)
{
    const bool hastened = rereads_.hasten(key, clock_.now());
    if (hastened && wake_) {
        wake_();
    }
    return hastened;
}

TimePoint Poller::next_reread_at(TimePoint now) const
{
    const auto due = rereads_.next_due();
    return due ? std::max(*due, reread_budget_.next(now)) : TimePoint::max();
}

asio::awaitable<void> Poller::wait_until(TimePoint when)
{
    const auto executor = co_await asio::this_coro::executor;
    const milliseconds span =
        std::clamp<milliseconds>(when - clock_.now(), milliseconds{0}, longest_sleep);
    asio::steady_timer timer(executor, span);
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    struct Sleep { // The timer is gone when the coroutine is, also when it never wakes.
        std::function<void()>& wake;
        ~Sleep() { wake = nullptr; }
    } sleep{wake_};
    wake_ = [&timer] { timer.cancel(); };
    (void)co_await timer.async_wait(token);
}

asio::awaitable<Result<>> Poller::run(std::string cursor)
{
    cursor_ = std::move(cursor);
    next_poll_ = clock_.now();
    for (;;) {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (stopping_ || state.cancelled() != asio::cancellation_type::none) {
            co_return Error{ErrorKind::cancelled, "stopped"};
        }
        const TimePoint now = clock_.now();
        const TimePoint due = next_reread_at(now);
        status_.next_poll_at = next_poll_;
        if (std::min(next_poll_, due) > now) {
            co_await wait_until(std::min(next_poll_, due));
            continue;
        }
        if (hooks_.hold()) {
            co_await wait_until(now + hold_pause);
            continue;
        }
        Result<> done;
        if (next_poll_ <= now) { // No ?: around co_await: g++ 12 destroys its operands twice.
            done = co_await poll();
        } else {
            done = co_await reread();
        }
        if (!done) {
            co_return done;
        }
    }
}

/// Fills in what the connector left to us: when and for whom.
void Poller::stamp(connectors::Page& page) const
{
    const TimePoint at = page.as_of.value_or(clock_.now());
    for (Post& post : page.posts) {
        post.source = options_.name;
        post.audience = options_.audience;
        post.seen_at = post.seen_at == TimePoint{} ? at : post.seen_at;
    }
    for (Observation& observation : page.observations) {
        observation.at = observation.at == TimePoint{} ? at : observation.at;
    }
}

asio::awaitable<Result<>> Poller::hand_on(PolledPage page)
{
    for (const PostKey& key : page.page.deletions) {
        rereads_.forget(key);
    }
    const std::string cursor = page.page.cursor;
    const Result<std::vector<Followable>> kept = co_await hooks_.page(std::move(page));
    if (!kept) {
        co_return kept.error();
    }
    cursor_ = cursor;
    for (const Followable& post : *kept) {
        follow(post);
    }
    status_.followed = rereads_.size();
    co_return Result<>{};
}

asio::awaitable<Result<>> Poller::poll()
{
    const TimePoint asked_at = clock_.now();
    Result<connectors::Page> page = co_await connector_.fetch(cursor_);
    const TimePoint now = clock_.now();
    const milliseconds latency = now - asked_at;
    ++status_.polls;
    status_.poll_seconds += std::chrono::duration<double>(latency).count();
    if (!page) {
        if (page.error().kind == ErrorKind::cancelled) {
            co_return page.error();
        }
        ++status_.errors;
        habit_.failure(now, page.error().kind);
        status_.sight = habit_.look(now);
        next_poll_ = planner_.after_failure(now, page.error());
        status_.last_error = page.error().message;
        status_.last_error_kind = page.error().kind;
        status_.failures_in_a_row = static_cast<std::uint64_t>(planner_.failures_in_a_row());
        co_return co_await hooks_.failure(options_.name, page.error(), latency);
    }
    const bool more = page->more;
    const bool hole = !page->lost.empty();
    const bool replayed = page->as_of.has_value(); // Its times are not ours: no habit to learn.
    const std::uint64_t new_posts = page->posts.size();
    stamp(*page);
    PolledPage polled;
    polled.source = options_.name;
    polled.audience = options_.audience;
    polled.page = std::move(*page);
    polled.latency = latency;
    const Result<> kept = co_await hand_on(std::move(polled));
    if (kept) {
        ++status_.pages;
        status_.lost += hole ? 1 : 0;
        next_poll_ = planner_.after_page(now, more) + (more ? options_.page_pause : seconds{0});
        status_.last_error.clear();
        status_.failures_in_a_row = 0;
        status_.last_ok_at = now;
        if (!replayed) {
            habit_.page(now, new_posts);
            status_.sight = habit_.look(now);
        }
    }
    co_return kept;
}

asio::awaitable<Result<>> Poller::reread()
{
    const TimePoint now = clock_.now();
    const std::vector<AskedPost> asked = rereads_.take(now, connector_.observe_ids_max());
    if (asked.empty()) {
        co_return Result<>{}; // What was due has expired.
    }
    reread_budget_.spend(now);
    std::vector<std::string> native_ids;
    for (const AskedPost& post : asked) {
        native_ids.push_back(post.native_id);
    }
    const Result<std::vector<Observation>> answer = co_await connector_.observe(native_ids);
    if (!answer) {
        const milliseconds latency = clock_.now() - now;
        const seconds wait = std::max(reread_retry, seconds{answer.error().retry_after_s});
        rereads_.postpone(asked, clock_.now(), wait);
        if (answer.error().kind == ErrorKind::cancelled) {
            co_return answer.error();
        }
        ++status_.errors;
        co_return co_await hooks_.failure(options_.name, answer.error(), latency);
    }
    PolledPage polled;
    polled.source = options_.name;
    polled.audience = options_.audience;
    polled.reread = true;
    polled.latency = clock_.now() - now;
    polled.page.cursor = cursor_;
    polled.page.observations = *answer;
    std::vector<PostKey> answered;
    for (const Observation& observation : *answer) {
        answered.push_back(observation.key);
    }
    polled.page.deletions = rereads_.settle(asked, answered, clock_.now());
    stamp(polled.page);
    co_return co_await hand_on(std::move(polled));
}

} // namespace empathd

#pragma once

#include "daemon/store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace empathd {

/// Calls that may wait at one gate; the next one is refused with `unavailable`.
inline constexpr std::size_t gate_calls_max = 1'024;
/// Group commit: pages that share one transaction, and how long the first waits for others.
inline constexpr std::size_t group_pages_max = 256;
inline constexpr std::chrono::milliseconds group_wait{5};

/// The one way from the event loop to something that blocks: runs each call on the gate's own
/// thread, in order, and brings the answer back to the awaiting coroutine. The loop never waits for
/// a disk.
///
/// To be used from the event loop's thread only. `target` must outlive the gate, the gate every
/// coroutine that awaits it. The destructor waits for the calls under way; the event loop must
/// still be there for them.
template <class Target>
class Gate {
public:
    explicit Gate(Target& target, std::size_t calls_max = gate_calls_max)
        : target_(target), calls_max_(calls_max), thread_(1)
    {
    }
    ~Gate() { thread_.join(); }
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    /// `call` is Result<T>(Target&); it runs on the gate's thread, and what it refers to must
    /// outlive the await. Fails with `unavailable` when too many calls wait. Cancellation does not
    /// end it: the answer comes when the call is done. What the call throws is thrown here.
    template <class Call>
    boost::asio::awaitable<std::invoke_result_t<Call&, Target&>> run(Call call)
    {
        using Returned = std::invoke_result_t<Call&, Target&>;
        if (waiting_ >= calls_max_) {
            co_return Error{ErrorKind::unavailable,
                            "the store is busy: " + std::to_string(waiting_) + " calls wait"};
        }
        const Place place(waiting_);
        Passage<Call, Returned> passage(target_, std::move(call));
        // Named, not written inside the co_await: g++ 12 destroys such a closure twice.
        auto begin = [this, &passage](auto handler) { send(passage, std::move(handler)); };
        co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
            begin, boost::asio::use_awaitable);
        co_return passage.take();
    }

    /// Calls that wait or run now.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }

private:
    /// One call's place in the queue, for as long as its coroutine lives.
    class Place {
    public:
        explicit Place(std::size_t& count) : count_(count) { ++count_; }
        ~Place() { --count_; }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

    private:
        std::size_t& count_;
    };

    /// A call on its way to the gate's thread and back; lives in the awaiting coroutine.
    template <class Call, class Returned>
    class Passage {
    public:
        Passage(Target& target, Call call) : target_(target), call_(std::move(call)) {}

        /// On the gate's thread. The lock is held until that thread has let go of the event loop,
        /// so that a loop may end as soon as the answer is there.
        template <class Handler>
        void perform(Handler handler)
        {
            try {
                answer_.emplace(call_(target_));
            } catch (...) {
                failure_ = std::current_exception();
            }
            const std::lock_guard handing_over(leaving_);
            const auto executor = boost::asio::get_associated_executor(handler);
            boost::asio::post(executor, std::move(handler));
        }

        /// On the event loop's thread.
        Returned take()
        {
            const std::lock_guard left(leaving_);
            if (failure_) {
                std::rethrow_exception(failure_);
            }
            return std::move(*answer_);
        }

    private:
        Target& target_;
        Call call_;
        std::optional<Returned> answer_;
        std::exception_ptr failure_;
        std::mutex leaving_;
    };

    template <class Call, class Returned, class Handler>
    void send(Passage<Call, Returned>& passage, Handler handler)
    {
        auto work = [&passage, back = std::move(handler)]() mutable {
            passage.perform(std::move(back));
        };
        boost::asio::post(thread_, std::move(work));
    }

    Target& target_;
    const std::size_t calls_max_;
    std::size_t waiting_ = 0; ///< Touched by the event loop's thread only.
    boost::asio::thread_pool thread_;
};

using ReadGate = Gate<StoreReader>;

/// The writer's gate, with group commit: pages that come within `group_wait` of each other, up to
/// `group_pages_max`, share one transaction, and so one wait for the disk.
class StoreGate : public Gate<Store> {
public:
    using Gate<Store>::Gate;

    /// Store::commit() of this page, maybe together with others: all of them are on disk or none,
    /// and each caller gets the same answer. Fails with `unavailable` when too many pages wait. A
    /// page that was handed over is written even when its caller is cancelled meanwhile.
    boost::asio::awaitable<Result<>> commit(PageCommit page);

private:
    struct Group;

    boost::asio::awaitable<void> flush(std::shared_ptr<Group> group);
    std::shared_ptr<Group> joined(PageCommit page, boost::asio::any_io_executor executor);

    std::shared_ptr<Group> gathering_; ///< Shared with its waiters, who may outlast the flush.
    std::size_t pages_waiting_ = 0;
};

} // namespace empathd

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace empathd {

/// Lets one coroutine through at a time, in no promised order. For coroutines of one event loop: it
/// is no lock between threads.
class Turns {
public:
    explicit Turns(const boost::asio::any_io_executor& executor)
        : freed_(executor, boost::asio::steady_timer::time_point::max())
    {
    }

    /// Held for as long as it lives.
    class Turn {
    public:
        explicit Turn(Turns& turns) noexcept : turns_(&turns) { turns.taken_ = true; }
        Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn()
        {
            if (turns_ != nullptr) {
                turns_->taken_ = false;
                turns_->freed_.cancel_one();
            }
        }

    private:
        Turns* turns_;
    };

    boost::asio::awaitable<Turn> take()
    {
        while (taken_) {
            constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
            ++waiting_;
            (void)co_await freed_.async_wait(token);
            --waiting_;
        }
        co_return Turn(*this);
    }

    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }

private:
    boost::asio::steady_timer freed_;
    bool taken_ = false;
    std::size_t waiting_ = 0;
};

} // namespace empathd

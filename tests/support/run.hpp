#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace empathd::testing {

/// Runs one coroutine to its end on `loop` and gives its value. A coroutine that waits for
/// something that never comes ends the test with an error, not with a hang.
template <class T>
T run_on(boost::asio::io_context& loop, boost::asio::awaitable<T> coroutine)
{
    std::optional<T> value;
    std::exception_ptr failure;
    auto body = [&value, work = std::move(coroutine)]() mutable -> boost::asio::awaitable<void> {
        value.emplace(co_await std::move(work));
    };
    // Until the end is told, not only until the value is there: the handler writes to this frame.
    bool ended = false;
    boost::asio::co_spawn(loop, std::move(body), [&failure, &ended](std::exception_ptr error) {
        failure = error;
        ended = true;
    });
    loop.restart();
    while (!ended && loop.run_one() != 0) {
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    if (!value) {
        throw std::runtime_error("the coroutine waits for something that never comes");
    }
    return std::move(value).value();
}

template <class T>
T run(boost::asio::awaitable<T> coroutine)
{
    boost::asio::io_context loop(1);
    return run_on(loop, std::move(coroutine));
}

} // namespace empathd::testing

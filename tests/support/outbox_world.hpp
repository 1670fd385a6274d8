#pragma once

#include "daemon/notify/outbox.hpp"
#include "daemon/store/store_gate.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/store_pages.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace empathd::testing {

/// A store in memory, its gate, a clock that stands still and a loop: what a relay stands on.
struct OutboxWorld {
    explicit OutboxWorld(std::vector<std::string> sinks)
        : store(opened(std::move(sinks))), gate(*store)
    {
    }

    /// Raises one alert for each key, in one page.
    void raise(const std::vector<std::string>& keys)
    {
        PageCommit page = a_page("cursor");
        for (const std::string& key : keys) {
            page.alerts.push_back(an_alert(key));
        }
        must(run_on(loop, gate.commit(std::move(page))));
    }

    OutboxCounts counts(const std::string& sink)
    {
        auto call = [sink](Store& target) { return target.outbox_counts(sink); };
        return must(run_on(loop, gate.run(std::move(call))));
    }

    /// Rows that are due far in the future as well, so every waiting one.
    std::vector<OutboxRow> waiting(const std::string& sink)
    {
        auto call = [sink, at = clock.now() + std::chrono::hours{24 * 365}](Store& target) {
            return target.outbox_due(sink, at, 10'000);
        };
        return must(run_on(loop, gate.run(std::move(call))));
    }

    /// Steps until nothing is to be done at this time; returns when there will be.
    TimePoint settle(Outbox& outbox)
    {
        for (int steps = 0; steps < 1'000; ++steps) {
            const TimePoint next = must(run_on(loop, outbox.step()));
            if (next > clock.now()) {
                return next;
            }
        }
        throw std::runtime_error("the relay does not come to rest");
    }

    /// The same some time later.
    TimePoint settle_after(Outbox& outbox, std::chrono::milliseconds time)
    {
        clock.advance(time);
        return settle(outbox);
    }

    template <class T>
    static T must(Result<T> result)
    {
        if (!result) {
            throw std::runtime_error(result.error().message);
        }
        return std::move(*result);
    }
    static void must(const Result<>& result)
    {
        if (!result) {
            throw std::runtime_error(result.error().message);
        }
    }
    static std::unique_ptr<Store> opened(std::vector<std::string> sinks)
    {
        return must(open_sqlite_store({.path = ":memory:", .sinks = std::move(sinks)}));
    }

    std::unique_ptr<Store> store;
    StoreGate gate;
    FakeClock clock{at_minute(0)};
    boost::asio::io_context loop{1};
};

} // namespace empathd::testing

#pragma once

#include "daemon/notify/sink.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace empathd::testing {

/// A sink that does as it is told and writes down what it was handed.
class FakeSink final : public Sink {
public:
    explicit FakeSink(std::string name = "fake") : name_(std::move(name)) {}

    bool with_confirmation = false;
    bool patient = false;
    std::size_t batch = 100;
    std::uint64_t outstanding = 1'000'000;
    std::map<std::string, Error> failures; ///< By key; "" for all.
    std::set<std::string> acknowledged;    ///< Keys that confirm() closes.
    std::set<std::string> vanished;        ///< Keys that confirm() sends back.
    std::optional<Error> confirm_failure;
    bool hangs = false; ///< Delivers only when it is cancelled, so never.

    std::vector<std::vector<std::string>> batches;
    std::vector<std::string> taken; ///< Keys, repeats included.
    std::vector<std::vector<std::string>> confirmations;

    [[nodiscard]] const std::string& name() const noexcept override { return name_; }
    [[nodiscard]] bool awaits_confirmation() const noexcept override { return with_confirmation; }
    [[nodiscard]] std::size_t batch_max() const noexcept override { return batch; }
    [[nodiscard]] bool outlasts_outages() const noexcept override { return patient; }
    [[nodiscard]] std::uint64_t published_max() const noexcept override { return outstanding; }

    boost::asio::awaitable<std::vector<Result<std::string>>>
    deliver(const std::vector<OutboxRow>& rows) override
    {
        std::vector<Result<std::string>> receipts;
        batches.emplace_back();
        for (const OutboxRow& row : rows) {
            batches.back().push_back(row.record.alert.key);
        }
        if (hangs) {
            const auto executor = co_await boost::asio::this_coro::executor;
            boost::asio::steady_timer never(executor, boost::asio::steady_timer::time_point::max());
            boost::system::error_code ended;
            co_await never.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, ended));
            receipts.assign(rows.size(), Error{ErrorKind::cancelled, "stopped"});
            co_return receipts;
        }
        for (const OutboxRow& row : rows) {
            const std::string& key = row.record.alert.key;
            const auto failure = failures.count("") ? failures.find("") : failures.find(key);
            if (failure != failures.end()) {
                receipts.emplace_back(failure->second);
            } else {
                taken.push_back(key);
                receipts.emplace_back("receipt of " + key);
            }
        }
        co_return receipts;
    }

    boost::asio::awaitable<Result<std::vector<OutboxUpdate>>>
    confirm(std::vector<OutboxRow> published) override
    {
        std::vector<OutboxUpdate> updates;
        confirmations.emplace_back();
        for (const OutboxRow& row : published) {
            const std::string& key = row.record.alert.key;
            confirmations.back().push_back(key);
            if (acknowledged.count(key) != 0) {
                updates.push_back({.id = row.id, .state = OutboxState::closed});
            } else if (vanished.count(key) != 0) {
                updates.push_back({.id = row.id, .state = OutboxState::waiting});
            }
        }
        if (confirm_failure) {
            co_return *confirm_failure;
        }
        co_return updates;
    }

private:
    std::string name_;
};

} // namespace empathd::testing

#pragma once

#include "daemon/notify/sink.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <utility>
#include <vector>

namespace empathd {

/// A sink that hands over one alert at a time and is done with it when its receiver has answered:
/// all but the stream. Its troubles count as attempts of the row, because its receiver is no queue.
class RowSink : public Sink {
public:
    explicit RowSink(std::string name) : name_(std::move(name)) {}

    [[nodiscard]] const std::string& name() const noexcept final { return name_; }
    [[nodiscard]] bool awaits_confirmation() const noexcept final { return false; }
    [[nodiscard]] std::size_t batch_max() const noexcept final { return 1; }
    [[nodiscard]] bool outlasts_outages() const noexcept final { return false; }
    [[nodiscard]] std::uint64_t published_max() const noexcept final { return 0; }

    boost::asio::awaitable<std::vector<Result<std::string>>>
    deliver(const std::vector<OutboxRow>& rows) final
    {
        std::vector<Result<std::string>> receipts;
        for (const OutboxRow& row : rows) {
            receipts.push_back(co_await deliver_one(row.record));
        }
        co_return receipts;
    }

    boost::asio::awaitable<Result<std::vector<OutboxUpdate>>> confirm(std::vector<OutboxRow>) final
    {
        co_return std::vector<OutboxUpdate>();
    }

protected:
    /// As Sink::deliver, of one alert, which outlives the call.
    virtual boost::asio::awaitable<Result<std::string>> deliver_one(const AlertRecord& record) = 0;

private:
    const std::string name_;
};

} // namespace empathd

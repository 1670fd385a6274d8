#pragma once

#include "analysis/model/error.hpp"
#include "daemon/store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace empathd {

/// A way out for alerts. The outbox (outbox.hpp) decides what is delivered when; a sink only does
/// it.
class Sink {
public:
    virtual ~Sink() = default;

    /// Name in the configuration, in the outbox and in metrics.
    [[nodiscard]] virtual const std::string& name() const noexcept = 0;

    /// Hands one alert over; called again with the same key after a failure or a crash. Returns the
    /// receipt to keep (may be empty). `row` outlives the call.
    virtual boost::asio::awaitable<Result<std::string>> deliver(const OutboxRow& row) = 0;

    /// What became of rows that were delivered: `closed` where the consumers are done, `waiting`
    /// where the entry has vanished and must be delivered again, `published` otherwise. Sinks that
    /// are done when `deliver` returns never leave rows `published`.
    virtual boost::asio::awaitable<Result<std::vector<OutboxUpdate>>>
    confirm(std::vector<OutboxRow> published) = 0;

    /// True: rows stay `published` after deliver until `confirm` closes them.
    [[nodiscard]] virtual bool awaits_confirmation() const noexcept = 0;
};

} // namespace empathd

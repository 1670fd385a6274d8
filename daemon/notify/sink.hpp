#pragma once

#include "analysis/model/error.hpp"
#include "daemon/notify/group_status.hpp"
#include "daemon/store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace empathd {

/// A way out for alerts. The outbox (outbox.hpp) decides what is delivered when; a sink only does
/// it. Used from the event loop's thread, one call at a time. Cancelling the awaiting operation
/// ends a call with `cancelled`.
class Sink {
public:
    virtual ~Sink() = default;

    /// Name in the configuration, in the outbox and in metrics.
    [[nodiscard]] virtual const std::string& name() const noexcept = 0;

    /// Hands alerts over, in this order; called again with the same keys after a failure or a
    /// crash. Returns one result for each row: the receipt to keep (may be empty), or why it did
    /// not go. `malformed`, `refused` and `not_found` are the row's own fault; every other kind
    /// says that the sink as a whole is in trouble. At most `batch_max` rows, at least one; they
    /// outlive the call.
    virtual boost::asio::awaitable<std::vector<Result<std::string>>>
    deliver(const std::vector<OutboxRow>& rows) = 0;

    /// What became of rows that were delivered: `closed` where the consumers are done, `waiting`
    /// where the entry has vanished and must be delivered again, `published` where only the receipt
    /// is renewed. Rows that stay as they are have no update. Called at intervals, also with no
    /// rows: a sink then looks after its connection. `attempts`, `next_at` and `error` of the
    /// updates are the caller's to set.
    virtual boost::asio::awaitable<Result<std::vector<OutboxUpdate>>>
    confirm(std::vector<OutboxRow> published) = 0;

    /// True: rows stay `published` after deliver until `confirm` closes them.
    [[nodiscard]] virtual bool awaits_confirmation() const noexcept = 0;

    /// Rows of one `deliver`. More than one where they travel together; one where each takes a
    /// round trip of its own, so that its outcome is recorded before the next begins.
    [[nodiscard]] virtual std::size_t batch_max() const noexcept = 0;

    /// Rows that may be `published` at a time; while there are so many, further ones wait. Matters
    /// where `awaits_confirmation` only.
    [[nodiscard]] virtual std::uint64_t published_max() const noexcept = 0;

    /// True: while the sink is in trouble rows wait for as long as it takes, untouched. False: its
    /// troubles count as attempts of the row, which is given up in the end.
    [[nodiscard]] virtual bool outlasts_outages() const noexcept = 0;

    /// What is known of the other end; for people, nothing is decided by it.
    [[nodiscard]] virtual SinkDetails details() const { return {}; }
};

} // namespace empathd

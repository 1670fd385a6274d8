#pragma once

#include "analysis/model/error.hpp"
#include "daemon/notify/confirmation.hpp"
#include "daemon/notify/resp.hpp"
#include "daemon/store/store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {

/// Names of the witnesses begin so; see judge() in confirmation.hpp.
inline constexpr std::string_view witness_prefix = "empathd-witness-";

/// The stream and those who must acknowledge what is in it.
struct StreamNames {
    std::string stream;
    std::vector<std::string> groups;
};

/// XADD of one alert, as daemon/notify/README.md documents it. `length` is what the stream keeps,
/// about.
void add_entry_command(RespCommands& commands, const std::string& stream, std::uint64_t length,
                       const OutboxRow& row);

/// Bytes that the entry of a row takes, about.
[[nodiscard]] std::size_t entry_bytes(const OutboxRow& row) noexcept;

/// A consumer group as Redis shows it.
struct GroupView {
    bool exists = false;
    EntryId last_delivered;
    std::vector<std::string> witnesses; ///< Names of consumers that begin with witness_prefix.
};

/// The stream's surroundings: what does not depend on an entry.
struct StreamView {
    std::string server; ///< "run id/replication id"; "-" when the server does not tell.
    std::optional<EntryId> last_generated; ///< Nothing when there is no stream.
    std::optional<EntryId> first;          ///< Oldest entry there; nothing when it is empty.
    EntryId last_deleted; ///< Greatest id ever deleted by XDEL; 0-0 for none and before Redis 7.
    std::vector<GroupView> groups; ///< Beside StreamNames::groups.
};

/// Commands whose replies read_view() takes; their number is view_commands_count().
void add_view_commands(RespCommands& commands, const StreamNames& names);
[[nodiscard]] std::size_t view_commands_count(const StreamNames& names) noexcept;

/// Fails as redis_error() says, and as READONLY does when the server is a replica; a stream or
/// group that is missing is no failure.
[[nodiscard]] Result<StreamView> read_view(std::span<const RespReply> replies,
                                           const StreamNames& names);

/// A witness that stands in every group; nothing when there is none. The least by name, so that all
/// who ask agree.
[[nodiscard]] std::optional<std::string> common_witness(const StreamView& view);

/// The same view followed by what concerns each entry, in one transaction, so that no consumer
/// moves between two of its answers. Sent whole; read_facts() takes the last reply.
void add_facts_commands(RespCommands& commands, const StreamNames& names,
                        std::span<const RedisReceipt> receipts);

/// What was seen of the entries, in the order of `receipts`; `keys` are the alerts' keys beside
/// them. `replies` are all of the transaction's.
[[nodiscard]] Result<std::vector<EntryFacts>> read_facts(std::span<const RespReply> replies,
                                                         const StreamNames& names,
                                                         std::span<const RedisReceipt> receipts,
                                                         std::span<const std::string> keys);

} // namespace empathd

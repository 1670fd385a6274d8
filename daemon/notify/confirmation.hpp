#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {

/// The id of a stream's entry, "1714567890123-0": milliseconds by Redis' clock, and a number.
struct EntryId {
    std::uint64_t ms = 0;
    std::uint64_t sequence = 0;

    friend auto operator<=>(const EntryId&, const EntryId&) = default;
};

[[nodiscard]] std::optional<EntryId> parse_entry_id(std::string_view text) noexcept;

/// What is kept of a delivery to Redis, as text "entry server witness" (or the entry alone when no
/// group is named).
struct RedisReceipt {
    std::string entry;   ///< Id of the stream's entry.
    std::string server;  ///< Which run of which server took it (run id and replication id).
    std::string witness; ///< Consumer that stood in every group when it was taken.

    friend bool operator==(const RedisReceipt&, const RedisReceipt&) = default;
};

[[nodiscard]] std::string to_text(const RedisReceipt& receipt);
/// Nothing for what to_text never writes.
[[nodiscard]] std::optional<RedisReceipt> parse_redis_receipt(std::string_view text);

/// One consumer group's view of one entry. All false for a group that does not exist.
struct GroupFacts {
    bool witnessed = false; ///< The receipt's witness is in it: it is the group of then.
    bool reached = false;   ///< Its last delivered id is the entry's or a later one.
    bool pending = false;   ///< Delivered to a consumer that has not acknowledged it.
};

/// What was seen of one entry in one moment.
struct EntryFacts {
    bool present = false;     ///< The stream holds it, with our key in it.
    bool same_server = false; ///< The server that took it runs still, with its data of then.
    bool in_reach = false;    ///< The stream's last generated id is the entry's or a later one.
    bool cut_off = false;     ///< All that is left in the stream is later, and nothing as late was
                              ///< deleted singly (XDEL): if it is gone, it was trimmed.
    std::vector<GroupFacts> groups; ///< Of every group that must acknowledge.
};

enum class Verdict : std::uint8_t {
    acknowledged, ///< Every group has had it and acknowledged it.
    under_way,    ///< It is there, and every group that is not done has yet to get or acknowledge
                  ///< it.
    add_again,    ///< It has vanished, or may have passed a group by.
};

/// What became of an entry. The rule is: done only on proof, otherwise it must be there and ahead
/// of the group; where neither is known it is added again, because a second delivery of a key is
/// harmless and a loss is not.
///
/// A group is done with an entry when it has been delivered and is not pending. That proves nothing
/// if the group is another one than it was (destroyed and made again at `$` or at a later id, or
/// lost with all data by FLUSHALL, DEL or an empty restart, after which new ids pass the old one).
/// So each group carries a witness: a consumer with a random name, which goes where the group goes.
///
/// An entry that is no longer there counts as acknowledged only when a consumer may have deleted it
/// afterwards. Not when it was trimmed: the group may have passed it without getting it, or
/// XAUTOCLAIM dropped it, and Redis keeps no trace of which. And only while the same server runs:
/// one that was restarted, or that took over from another, may have come back without the last
/// writes, and its groups then pass the entry's id without ever having had it. An entry that is
/// there needs no such proof: what a server gives back after a restart is always a beginning of its
/// history, whole up to some point, and the entry shows that the point lies behind it.
[[nodiscard]] Verdict judge(const EntryFacts& facts) noexcept;

} // namespace empathd

#pragma once

#include "analysis/model/error.hpp"
#include "daemon/notify/command.hpp"
#include "daemon/notify/resp.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {

// Commands and answers of Redis about the stream of commands. Pure.

/// Group that reads commands.
inline constexpr std::string_view command_group = "empathd";
/// About how many answers are kept.
inline constexpr std::uint64_t command_answers_kept = 1'000;
/// Longest error in an answer.
inline constexpr std::size_t command_error_bytes_max = 500;

struct CommandStreams {
    std::string commands;
    std::string answers;
    std::string consumer; ///< Who reads.
};

/// An entry of the stream of commands.
struct CommandEntry {
    std::string id;
    std::vector<CommandField> fields; ///< None where the entry was deleted after it was read.

    friend bool operator==(const CommandEntry&, const CommandEntry&) = default;
};

/// What an entry is answered with.
struct CommandReply {
    std::string entry;
    std::string id; ///< The client's id, or the entry's where it gave none that can be used.
    bool ok = false;
    std::string error; ///< Empty when it is ok.
    std::string detail;
};

/// Makes the group and the stream; BUSYGROUP is a fine answer.
void add_command_group(RespCommands& commands, const CommandStreams& streams);

/// Entries that the consumer has got and that are not acknowledged, from the first.
void add_read_backlog(RespCommands& commands, const CommandStreams& streams, std::size_t count);

/// Entries that nobody has got. Waits up to `block_ms` for one; 0: does not wait.
void add_read_new(RespCommands& commands, const CommandStreams& streams, std::size_t count,
                  std::uint64_t block_ms);

/// Takes over what other consumers have left for `idle_ms`, without its content.
void add_claim(RespCommands& commands, const CommandStreams& streams, std::uint64_t idle_ms);

/// Answers an entry, acknowledges and deletes it, all or nothing. The last of its replies tells;
/// see check_answered().
void add_answer(RespCommands& commands, const CommandStreams& streams, const CommandReply& reply);

/// What was read, of either kind. Fails as redis_error() says, `malformed` for anything unknown.
[[nodiscard]] Result<std::vector<CommandEntry>> read_command_entries(const RespReply& reply);

/// Whether the transaction took place.
[[nodiscard]] Result<> check_answered(const std::vector<RespReply>& replies);

/// Reads an entry and gives it its key. The reply is what is answered when it is no command.
struct ReadCommand {
    std::optional<Command> command;
    CommandReply reply;
};
[[nodiscard]] ReadCommand read_command(const CommandEntry& entry);

} // namespace empathd

#include "daemon/notify/redis_command_stream.hpp"

#include "daemon/notify/redis_error.hpp"

#include <algorithm>
#include <utility>

namespace empathd {
namespace {

using Kind = RespReply::Kind;

/// The id that the client gave, if it has the form of one; the entry's otherwise.
std::string answered_id(const CommandEntry& entry)
{
    const std::string_view id = command_field(entry.fields, "id");
    const bool usable =
        !id.empty() && id.size() <= command_id_bytes_max &&
        std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
    return usable ? std::string(id) : entry.id;
}

std::optional<CommandEntry> read_entry(const RespReply& item)
{
    if (item.items.size() != 2 || item.items[0].kind != Kind::text) {
        return std::nullopt;
    }
    CommandEntry entry{.id = item.items[0].text, .fields = {}};
    const std::vector<RespReply>& fields = item.items[1].items;
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
        entry.fields.push_back({fields[i].text, fields[i + 1].text});
    }
    return entry;
}

} // namespace

void add_command_group(RespCommands& commands, const CommandStreams& streams)
{
    commands.add({"XGROUP", "CREATE", streams.commands, command_group, "0", "MKSTREAM"});
}

void add_read_backlog(RespCommands& commands, const CommandStreams& streams, std::size_t count)
{
    const std::string limit = std::to_string(count);
    commands.add({"XREADGROUP", "GROUP", command_group, streams.consumer, "COUNT", limit, "STREAMS",
                  streams.commands, "0"});
}

void add_read_new(RespCommands& commands, const CommandStreams& streams, std::size_t count,
                  std::uint64_t block_ms)
{
    const std::string limit = std::to_string(count);
    if (block_ms == 0) { // To Redis that would be for ever.
        commands.add({"XREADGROUP", "GROUP", command_group, streams.consumer, "COUNT", limit,
                      "STREAMS", streams.commands, ">"});
        return;
    }
    const std::string block = std::to_string(block_ms);
    commands.add({"XREADGROUP", "GROUP", command_group, streams.consumer, "COUNT", limit, "BLOCK",
                  block, "STREAMS", streams.commands, ">"});
}

void add_claim(RespCommands& commands, const CommandStreams& streams, std::uint64_t idle_ms)
{
    const std::string idle = std::to_string(idle_ms);
    commands.add({"XAUTOCLAIM", streams.commands, command_group, streams.consumer, idle, "0-0",
                  "COUNT", "1000", "JUSTID"});
}

void add_answer(RespCommands& commands, const CommandStreams& streams, const CommandReply& reply)
{
    const std::string kept = std::to_string(command_answers_kept);
    const std::string_view error = std::string_view(reply.error).substr(0, command_error_bytes_max);
    commands.add({"MULTI"});
    commands.add({"XADD", streams.answers, "MAXLEN", "~", kept, "*", "id", reply.id, "ok",
                  reply.ok ? "1" : "0", "error", error, "detail", reply.detail, "entry",
                  reply.entry});
    commands.add({"XACK", streams.commands, command_group, reply.entry});
    commands.add({"XDEL", streams.commands, reply.entry});
    commands.add({"EXEC"});
}

Result<std::vector<CommandEntry>> read_command_entries(const RespReply& reply)
{
    const Error unknown{ErrorKind::malformed, "redis answered XREADGROUP with something unknown"};
    if (reply.kind == Kind::error) {
        return redis_error(reply.text);
    }
    std::vector<CommandEntry> entries;
    if (reply.kind == Kind::nil) { // Nobody wrote anything while it waited.
        return entries;
    }
    if (reply.items.size() != 1 || reply.items[0].items.size() != 2) {
        return unknown;
    }
    for (const RespReply& item : reply.items[0].items[1].items) {
        auto entry = read_entry(item);
        if (!entry) {
            return unknown;
        }
        entries.push_back(std::move(*entry));
    }
    return entries;
}

Result<> check_answered(const std::vector<RespReply>& replies)
{
    // A command that was refused before EXEC says why; EXEC itself then says only that one was.
    for (const RespReply& reply : replies) {
        if (reply.kind == Kind::error) {
            return redis_error(reply.text);
        }
    }
    if (replies.empty() || replies.back().kind != Kind::array) {
        return Error{ErrorKind::unavailable, "redis did not run the transaction"};
    }
    // A stream of answers that is none must not keep the commands: they have been obeyed.
    return {};
}

ReadCommand read_command(const CommandEntry& entry)
{
    ReadCommand read;
    read.reply.entry = entry.id;
    read.reply.id = answered_id(entry);
    auto command = parse_command(entry.fields);
    if (!command) {
        read.reply.error = command.error().message;
        return read;
    }
    command->key = command->id.empty() ? command_key_of_place(entry.id, entry.fields)
                                       : command_key_of_client(command->id);
    read.command = std::move(*command);
    return read;
}

} // namespace empathd

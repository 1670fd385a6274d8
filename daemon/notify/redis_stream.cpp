#include "daemon/notify/redis_stream.hpp"

#include "daemon/notify/redis_error.hpp"
#include "daemon/notify/redis_info.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace empathd {
namespace {

using Kind = RespReply::Kind;

/// Commands of the view before those of the groups: INFO twice, XINFO STREAM, XINFO GROUPS.
constexpr std::size_t view_commands_fixed = 4;

/// Shortest digits that read back as the same number.
std::string decimal(double value)
{
    std::array<char, 32> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return std::string(digits.data(), written.ptr);
}

/// The answer of XINFO and XPENDING when there is no such stream or group.
bool is_missing(const RespReply& reply)
{
    return reply.kind == Kind::error && (reply.text.compare(0, 7, "NOGROUP") == 0 ||
                                         reply.text.find("no such key") != std::string::npos);
}

Error unexpected(std::string_view command)
{
    return Error{ErrorKind::malformed,
                 "redis answered " + std::string(command) + " with something unknown"};
}

std::string server_of(const RespReply& server, const RespReply& replication)
{
    const std::string_view run = info_value(server.text, "run_id");
    const std::string_view data = info_value(replication.text, "master_replid");
    const auto is_word = [](std::string_view text) {
        return !text.empty() && text.find(' ') == std::string_view::npos;
    };
    if (!is_word(run) || !is_word(data)) {
        return "-";
    }
    return std::string(run) + '/' + std::string(data);
}

std::optional<EntryId> id_in(const RespReply& fields, std::string_view name)
{
    const RespReply* const value = field(fields, name);
    return value == nullptr ? std::nullopt : parse_entry_id(value->text);
}

std::vector<std::string> witnesses_in(const RespReply& consumers)
{
    std::vector<std::string> witnesses;
    for (const RespReply& consumer : consumers.items) {
        const RespReply* const name = field(consumer, "name");
        if (name != nullptr && name->text.compare(0, witness_prefix.size(), witness_prefix) == 0) {
            witnesses.push_back(name->text);
        }
    }
    return witnesses;
}

/// Whether XRANGE gave the entry of this alert.
bool holds(const RespReply& range, const RedisReceipt& receipt, const std::string& key)
{
    if (range.items.size() != 1 || range.items[0].items.size() != 2 ||
        range.items[0].items[0].text != receipt.entry) {
        return false;
    }
    const RespReply* const value = field(range.items[0].items[1], "key");
    return value != nullptr && value->text == key;
}

bool has(const std::vector<std::string>& list, const std::string& item)
{
    return std::find(list.begin(), list.end(), item) != list.end();
}

EntryFacts facts_of(std::span<const RespReply> replies, const StreamView& view,
                    const RedisReceipt& receipt, const std::string& key)
{
    const auto id = parse_entry_id(receipt.entry);
    assert(id); // Else there would be no receipt.
    EntryFacts facts{
        .present = holds(replies[0], receipt, key),
        .same_server = receipt.server != "-" && receipt.server == view.server,
        .in_reach = view.last_generated && *view.last_generated >= *id,
        .cut_off = (!view.first || *view.first > *id) && view.last_deleted < *id,
    };
    for (std::size_t group = 0; group < view.groups.size(); ++group) {
        const GroupView& seen = view.groups[group];
        const RespReply& pending = replies[1 + group];
        facts.groups.push_back({
            .witnessed = has(seen.witnesses, receipt.witness),
            .reached = seen.exists && seen.last_delivered >= *id,
            .pending = !pending.items.empty(),
        });
    }
    return facts;
}

} // namespace

void add_entry_command(RespCommands& commands, const std::string& stream, std::uint64_t length,
                       const OutboxRow& row)
{
    const Alert& alert = row.record.alert;
    const Incident& incident = alert.incident;
    const std::string limit = std::to_string(length);
    const std::string revision = std::to_string(incident.revision);
    const std::string score = decimal(incident.score);
    commands.add({"XADD",     stream,
                  "MAXLEN",   "~",
                  limit,      "*",
                  "key",      alert.key,
                  "incident", incident.id,
                  "revision", revision,
                  "state",    to_string(incident.state),
                  "severity", to_string(incident.severity),
                  "score",    score,
                  "brand",    incident.brand,
                  "network",  alert.network,
                  "summary",  alert.summary,
                  "body",     row.record.body});
}

std::size_t entry_bytes(const OutboxRow& row) noexcept
{
    constexpr std::size_t small_fields = 256;
    const Alert& alert = row.record.alert;
    return small_fields + alert.key.size() + alert.incident.id.size() +
           alert.incident.brand.size() + alert.network.size() + alert.summary.size() +
           row.record.body.size();
}

void add_view_commands(RespCommands& commands, const StreamNames& names)
{
    commands.add({"INFO", "server"});
    commands.add({"INFO", "replication"});
    commands.add({"XINFO", "STREAM", names.stream});
    commands.add({"XINFO", "GROUPS", names.stream});
    for (const std::string& group : names.groups) {
        commands.add({"XINFO", "CONSUMERS", names.stream, group});
    }
}

std::size_t view_commands_count(const StreamNames& names) noexcept
{
    return view_commands_fixed + names.groups.size();
}

Result<StreamView> read_view(std::span<const RespReply> replies, const StreamNames& names)
{
    if (replies.size() < view_commands_count(names)) {
        return unexpected("XINFO");
    }
    for (const RespReply& reply : replies.first(view_commands_count(names))) {
        if (reply.kind == Kind::error && !is_missing(reply)) {
            return redis_error(reply.text);
        }
    }
    if (info_value(replies[1].text, "role") == "slave") {
        return redis_error("READONLY"); // What it shows may be old, and it takes nothing.
    }
    StreamView view{.server = server_of(replies[0], replies[1]),
                    .last_generated = id_in(replies[2], "last-generated-id")};
    if (!view.last_generated && !is_missing(replies[2])) {
        return unexpected("XINFO STREAM");
    }
    view.last_deleted = id_in(replies[2], "max-deleted-entry-id").value_or(EntryId{});
    if (const RespReply* const first = field(replies[2], "first-entry");
        first != nullptr && !first->items.empty()) {
        view.first = parse_entry_id(first->items.front().text);
    }
    for (std::size_t group = 0; group < names.groups.size(); ++group) {
        GroupView seen;
        if (const RespReply* const found = item_named(replies[3], names.groups[group])) {
            const auto last = id_in(*found, "last-delivered-id");
            if (!last) {
                return unexpected("XINFO GROUPS");
            }
            seen = GroupView{.exists = true,
                             .last_delivered = *last,
                             .witnesses = witnesses_in(replies[view_commands_fixed + group])};
        }
        view.groups.push_back(std::move(seen));
    }
    return view;
}

std::optional<std::string> common_witness(const StreamView& view)
{
    if (view.groups.empty()) {
        return std::nullopt;
    }
    std::optional<std::string> least;
    for (const std::string& name : view.groups.front().witnesses) {
        const bool everywhere =
            std::all_of(view.groups.begin(), view.groups.end(),
                        [&name](const GroupView& group) { return has(group.witnesses, name); });
        if (everywhere && (!least || name < *least)) {
            least = name;
        }
    }
    return least;
}

void add_facts_commands(RespCommands& commands, const StreamNames& names,
                        std::span<const RedisReceipt> receipts)
{
    commands.add({"MULTI"});
    add_view_commands(commands, names);
    for (const RedisReceipt& receipt : receipts) {
        commands.add({"XRANGE", names.stream, receipt.entry, receipt.entry, "COUNT", "1"});
        for (const std::string& group : names.groups) {
            commands.add({"XPENDING", names.stream, group, receipt.entry, receipt.entry, "1"});
        }
    }
    commands.add({"EXEC"});
}

Result<std::vector<EntryFacts>> read_facts(std::span<const RespReply> replies,
                                           const StreamNames& names,
                                           std::span<const RedisReceipt> receipts,
                                           std::span<const std::string> keys)
{
    assert(receipts.size() == keys.size());
    // A command that was refused before EXEC says why; EXEC itself then says only that one was.
    for (const RespReply& reply : replies) {
        if (reply.kind == Kind::error) {
            return redis_error(reply.text);
        }
    }
    const std::size_t before = view_commands_count(names);
    const std::size_t each = 1 + names.groups.size();
    if (replies.empty() || replies.back().items.size() != before + receipts.size() * each) {
        return unexpected("EXEC");
    }
    const std::span<const RespReply> results(replies.back().items);
    const auto view = read_view(results, names);
    if (!view) {
        return view.error();
    }
    std::vector<EntryFacts> facts;
    for (std::size_t i = 0; i < receipts.size(); ++i) {
        const auto own = results.subspan(before + i * each, each);
        for (const RespReply& reply : own) {
            if (reply.kind == Kind::error && !is_missing(reply)) {
                return redis_error(reply.text);
            }
        }
        facts.push_back(facts_of(own, *view, receipts[i], keys[i]));
    }
    return facts;
}

} // namespace empathd

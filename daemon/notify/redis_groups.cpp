#include "daemon/notify/redis_groups.hpp"

#include "daemon/notify/redis_info.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace empathd {
namespace {

using std::chrono::milliseconds;
using Kind = RespReply::Kind;

/// The server's clock, from INFO server; nothing when it does not tell.
std::optional<std::uint64_t> now_ms(const RespReply& info)
{
    const std::string_view text = info_value(info.text, "server_time_usec");
    std::uint64_t us = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), us);
    if (text.empty() || error != std::errc{} || stop != text.data() + text.size()) {
        return std::nullopt;
    }
    return us / 1000;
}

/// A count beside `name`; nothing when there is none.
std::optional<std::uint64_t> count_in(const RespReply& fields, std::string_view name)
{
    const RespReply* const value = field(fields, name);
    if (value == nullptr || value->kind != Kind::integer || value->integer < 0) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(value->integer);
}

void read_consumers(const RespReply& reply, GroupStatus& group)
{
    for (const RespReply& item : reply.items) {
        const RespReply* const name = field(item, "name");
        if (name == nullptr || name->text.compare(0, witness_prefix.size(), witness_prefix) == 0) {
            continue;
        }
        ConsumerStatus consumer{.name = name->text,
                                .pending = count_in(item, "pending").value_or(0)};
        consumer.idle = milliseconds{count_in(item, "idle").value_or(0)};
        consumer.dead = consumer.pending > 0 && consumer.idle > consumer_dead_after;
        group.dead_count += consumer.dead ? 1 : 0;
        group.consumers.push_back(std::move(consumer));
    }
    group.consumers_count = group.consumers.size();
    std::sort(group.consumers.begin(), group.consumers.end(),
              [](const ConsumerStatus& a, const ConsumerStatus& b) {
                  return std::pair(b.pending, a.name) < std::pair(a.pending, b.name);
              });
    if (group.consumers.size() > consumers_shown_max) {
        group.consumers.resize(consumers_shown_max);
    }
}

/// The summary: how many, least id, greatest id, by consumer.
std::optional<milliseconds> oldest_age(const RespReply& pending, std::optional<std::uint64_t> now)
{
    if (!now || pending.kind != Kind::array || pending.items.size() < 2) {
        return std::nullopt;
    }
    const auto least = parse_entry_id(pending.items[1].text);
    if (!least) {
        return std::nullopt;
    }
    return milliseconds{*now > least->ms ? *now - least->ms : 0};
}

} // namespace

void add_pending_commands(RespCommands& commands, const StreamNames& names)
{
    for (const std::string& group : names.groups) {
        commands.add({"XPENDING", names.stream, group});
    }
}

std::vector<GroupStatus> read_group_statuses(std::span<const RespReply> replies,
                                             const StreamNames& names)
{
    const std::size_t view = view_commands_count(names);
    const std::size_t count = names.groups.size();
    if (replies.size() < view + count) {
        return {};
    }
    const auto now = now_ms(replies[0]);
    const RespReply& groups = replies[view - count - 1];
    std::vector<GroupStatus> statuses;
    for (std::size_t i = 0; i < count; ++i) {
        GroupStatus status{.name = names.groups[i]};
        if (const RespReply* const found = item_named(groups, status.name)) {
            status.exists = true;
            status.lag = count_in(*found, "lag");
            status.pending = count_in(*found, "pending").value_or(0);
            status.oldest_pending = oldest_age(replies[view + i], now);
            read_consumers(replies[view - count + i], status);
        }
        statuses.push_back(std::move(status));
    }
    return statuses;
}

} // namespace empathd

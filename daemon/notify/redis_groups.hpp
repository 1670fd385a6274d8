#pragma once

#include "daemon/notify/group_status.hpp"
#include "daemon/notify/redis_stream.hpp"
#include "daemon/notify/resp.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace empathd {

/// Adds, behind the commands of add_view_commands(), what more is needed to tell how the groups
/// fare: one XPENDING for each.
void add_pending_commands(RespCommands& commands, const StreamNames& names);

/// How each group fares, in the order of `names`, from the replies to both. Lenient: what Redis
/// does not tell (a missing group, a command that is not permitted) is left at its default, because
/// this only informs. Ages are by the server's clock. Nothing when `replies` are too few. Source:
/// https://redis.io/docs/latest/commands/xinfo-groups/, .../xinfo-consumers/, .../xpending/
[[nodiscard]] std::vector<GroupStatus> read_group_statuses(std::span<const RespReply> replies,
                                                           const StreamNames& names);

} // namespace empathd

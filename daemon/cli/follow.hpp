#pragma once

#include "daemon/cli/commands.hpp"

namespace empathd::cli {

/// Shows the newest alerts, oldest of them first, then those that come, until the output is closed.
///
/// No gap and no double: the stream starts after the last alert shown, and every new connection
/// resumes with the id of the last event. When the server goes away after it has answered once, it
/// is tried again and again (the stream's own wait, doubling to 30 s); a server that was never
/// there ends the command.
[[nodiscard]] Exit follow_alerts(const Options& options, Context& context);

} // namespace empathd::cli

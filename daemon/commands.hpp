#pragma once

#include "analysis/model/error.hpp"
#include "daemon/notify/command.hpp"
#include "daemon/pipeline/desk_command.hpp"
#include "daemon/pipeline/pipeline.hpp"

#include <boost/asio/awaitable.hpp>

namespace empathd {

/// A command as the desk takes it. A silence gets an id from the command's key and begins at `now`.
/// Fails with `malformed`, naming the field, for words that mean nothing here.
[[nodiscard]] Result<DeskCommand> desk_command(const Command& command, TimePoint now);

/// Obeys a command that came from outside, once. Fails as CommandHandler says.
boost::asio::awaitable<Result<CommandAnswer>> obey(Pipeline& pipeline, const Clock& clock,
                                                   Command command);

} // namespace empathd

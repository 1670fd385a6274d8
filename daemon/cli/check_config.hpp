#pragma once

#include "daemon/cli/exit.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace empathd::cli {

/// The `empathd` beside this program, when there is one that can be run. `self` is this program's
/// path.
[[nodiscard]] std::optional<std::string> daemon_beside(const std::string& self);

/// Checks a file as far as it can be without connectors: everything but their own options. Problems
/// go to `err`, one a line ("file:line:column: message").
[[nodiscard]] Exit check_config_here(const std::string& file, std::ostream& out, std::ostream& err);

/// `empathctl check-config`: becomes `empathd check-config FILE` when the daemon is beside it, so
/// that both give one answer; checks here otherwise.
[[nodiscard]] Exit check_config(const std::string& file, std::ostream& out, std::ostream& err);

} // namespace empathd::cli

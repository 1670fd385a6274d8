#pragma once

#include "daemon/cli/commands.hpp"

namespace empathd::cli {

/// The commands about what lies ahead and what was made of it: spread calibration, unanswered,
/// journal, backtest.
[[nodiscard]] Exit run_foresight(const Options& options, Context& context);

} // namespace empathd::cli

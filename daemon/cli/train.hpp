#pragma once

#include "daemon/cli/exit.hpp"
#include "daemon/cli/options.hpp"

#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

namespace empathd::cli {

/// The command line of the trainer beside the program `self` (its path), or what is missing.
/// Without a folder named, the shipped posts are looked for where they are installed
/// (../share/empathd/corpus) and in the checkout the program was built in.
[[nodiscard]] std::variant<std::vector<std::string>, std::string>
refit_command(const Options& options, const std::string& self);

/// Becomes the trainer, whose exit code is then ours. Returns only when it cannot be run.
Exit train(const Options& options, std::ostream& err);

} // namespace empathd::cli

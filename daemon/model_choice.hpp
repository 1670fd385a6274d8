#pragma once

#include "analysis/experience/model.hpp"
#include "daemon/log.hpp"

#include <memory>
#include <string>

namespace empathd {

/// The model of the file, or the one inside the program when `file` is empty. A file that cannot be
/// read or is no model of this version is said in the log, and the one inside the program answers:
/// an upgrade must not silence the daemon. Fails only if that one is broken too.
[[nodiscard]] Result<std::shared_ptr<const analysis::Model>> choose_model(const std::string& file,
                                                                          Log& log);

} // namespace empathd

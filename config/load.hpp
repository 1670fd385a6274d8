#pragma once

#include "config/config.hpp"

#include <string>

namespace empathd::config {

/// Reads a configuration file and, when the file's folder has a `conf.d`, every *.toml in it by
/// name (watches and sources add up; other tables belong into the main file only).
///
/// Never fails: what is wrong is in `Config::problems`, all of it at once. The options of a source
/// that belong to its connector are not read here: whoever makes the connectors does, calls
/// `SourceConfig::section.finish()` afterwards, and looks at `problems` once more.
[[nodiscard]] Config load(const std::string& path);

/// The same from text that needs no file; `name` stands in messages.
[[nodiscard]] Config load_text(const std::string& text, const std::string& name);

} // namespace empathd::config

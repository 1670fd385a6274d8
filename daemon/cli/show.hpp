#pragma once

#include "daemon/cli/table.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/http/wire.hpp"

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::cli {

// How things look on a terminal. All text from strangers passes `one_line` or `term_text` here.

void show_mentions(const std::vector<wire::Mention>& mentions, const Terminal& terminal,
                   std::ostream& out);
void show_mention(const wire::Mention& mention, std::ostream& out);
void show_incidents(const std::vector<wire::Incident>& incidents, const Terminal& terminal,
                    std::ostream& out);
void show_incident(const wire::Incident& incident, const Terminal& terminal, std::ostream& out);
void show_alerts(const std::vector<wire::Alert>& alerts, const Terminal& terminal,
                 std::ostream& out);
void show_sources(const std::vector<wire::Source>& sources, const Terminal& terminal,
                  std::ostream& out);

/// Alerts one by one, in columns of fixed width, because those to come are not known.
[[nodiscard]] std::string followed_head(const Terminal& terminal);
[[nodiscard]] std::string followed_line(const wire::Alert& alert, const Terminal& terminal);

/// The SGR sequence of a severity's word; empty when it has none or colours are off.
[[nodiscard]] std::string severity_colour(std::string_view severity, const Terminal& terminal);

} // namespace empathd::cli

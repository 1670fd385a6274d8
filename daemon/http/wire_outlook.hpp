#pragma once

#include "analysis/model/incident.hpp"
#include "daemon/http/json_writer.hpp"

namespace empathd::wire {

/// What lies ahead of an incident, as members of the object under way: `outlook` with pace,
/// forecast and exposure, `reply_by`, `gravity` and `conversation`. What is not known is left out.
void put_ahead(Json& json, const empathd::Incident& incident);

} // namespace empathd::wire

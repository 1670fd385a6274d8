#pragma once

#include "analysis/model/incident.hpp"
#include "daemon/store/json_fields.hpp"

namespace empathd::sqlite {

/// What lies ahead of an incident, as one member of its JSON: forecast, exposure, gravity and
/// conversation. Incidents written before there was such a member read as having none of it.
void put_ahead(Writer& writer, const Incident& incident);
[[nodiscard]] bool get_ahead(const Json& json, Incident& out);

} // namespace empathd::sqlite

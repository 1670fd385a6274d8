#pragma once

#include "config/section.hpp"
#include "connectors/connector.hpp"
#include "connectors/transport/http_client.hpp"

#include "analysis/model/time.hpp"

#include <memory>
#include <string>
#include <vector>

namespace empathd::connectors {

/// What every connector is given. All of it outlives the connector.
struct Environment {
    HttpClient& http;
    const Clock& clock;
};

/// Common to all connectors, read before the connector's own options.
struct SourceIdentity {
    std::string name; ///< Of the source in the configuration; goes into Post::source.
    Audience audience = Audience::customer;
};

/// Makes the connector named by `connector` from its section: reads its own options (problems go
/// into the section), touches no network and no file. Nothing when no connector has that name or an
/// option is wrong. Generated from the list in CMakeLists.txt.
[[nodiscard]] std::unique_ptr<Connector> make_connector(const std::string& connector,
                                                        config::Section& section,
                                                        const SourceIdentity& identity,
                                                        Environment environment);

/// Names of all connectors, sorted.
[[nodiscard]] std::vector<std::string> connector_names();

} // namespace empathd::connectors

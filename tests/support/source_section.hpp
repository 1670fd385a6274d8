#pragma once

#include "config/load.hpp"
#include "connectors/registry.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http.hpp"

#include <memory>
#include <string>
#include <vector>

namespace empathd::testing {

/// One [[source]] as an operator writes it, from which connectors are made.
class SourceSection {
public:
    /// `options`: lines of TOML.
    SourceSection(const std::string& connector, const std::string& options)
        : config_(config::load_text("[[source]]\nname = \"test source\"\nconnector = \"" +
                                        connector + "\"\n" + options + "\n",
                                    "test.toml"))
    {
    }

    /// nullptr when an option is wrong; `problems()` then says which.
    std::unique_ptr<connectors::Connector> make(connectors::HttpClient& http, const Clock& clock)
    {
        auto& source = config_.sources.at(0);
        const connectors::SourceIdentity identity{.name = source.name, .audience = source.audience};
        auto made = connectors::make_connector(source.connector, source.section, identity,
                                               connectors::Environment{http, clock});
        source.section.finish();
        return made;
    }
    [[nodiscard]] std::string problems() const
    {
        std::string text;
        for (const config::Problem& problem : *config_.problems) {
            text += to_string(problem) + '\n';
        }
        return text;
    }

private:
    config::Config config_;
};

} // namespace empathd::testing

#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"
#include "daemon/log.hpp"

#include <memory>
#include <string>

namespace empathd {

struct AppOptions {
    std::string config_path;
    bool show = false; ///< Progress and alerts for a person on standard output (terminal.hpp).
};

/// The daemon, wired. Built from the configuration, run once, destroyed in reverse order.
class App {
public:
    virtual ~App() = default;

    /// Runs until SIGTERM or SIGINT (stops within five seconds), or until the store fails. SIGHUP
    /// reads the configuration again: brands, sources and alert limits change at once; when the
    /// file is bad the old configuration stays. Returns the process's exit code: 0, or 74 when the
    /// store failed.
    virtual int run() = 0;
};

/// Reads the configuration, opens the store and the API's socket, makes the connectors. Touches no
/// network. Fails with `invalid_config` (every problem in the message, one a line) or `storage`.
/// `clock` and `log` outlive the app.
[[nodiscard]] Result<std::unique_ptr<App>> make_app(const AppOptions& options, const Clock& clock,
                                                    Log& log);

} // namespace empathd

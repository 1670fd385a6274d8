#pragma once

#include "analysis/model/time.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace empathd {

/// The daemon's log: to standard error, with the levels that journald understands in front when it
/// reads us. Control characters in a line are made visible, so that no post and no server can forge
/// another line. For the event loop's thread.
class Log {
public:
    explicit Log(const Clock& clock);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void info(std::string_view line);
    void warning(std::string_view line);
    void error(std::string_view line);

    /// A warning about a condition that lasts: `line` appears at most once a minute for each
    /// `what`.
    void once_a_minute(const std::string& what, std::string_view line);

private:
    const Clock& clock_;
    std::shared_ptr<spdlog::logger> logger_; // Shared as spdlog keeps it.
    std::map<std::string, TimePoint> last_;
};

} // namespace empathd

#include "daemon/cli/check_config.hpp"

#include "config/load.hpp"
#include "daemon/http/output.hpp"

#include <array>
#include <ostream>

#include <unistd.h>

namespace empathd::cli {

std::optional<std::string> daemon_beside(const std::string& self)
{
    const std::size_t slash = self.rfind('/');
    if (slash == std::string::npos) {
        return std::nullopt;
    }
    std::string path = self.substr(0, slash) + "/empathd";
    return ::access(path.c_str(), X_OK) == 0 ? std::optional{std::move(path)} : std::nullopt;
}

Exit check_config_here(const std::string& file, std::ostream& out, std::ostream& err)
{
    const config::Config loaded = config::load(file);
    for (const config::Problem& problem : *loaded.problems) {
        err << term_text(config::to_string(problem)) << '\n';
    }
    if (!loaded.problems->empty()) {
        return Exit::config;
    }
    out << term_text(file) << ": good, " << loaded.watches.size() << " watches, "
        << loaded.sources.size() << " sources (options of connectors were not checked)\n";
    return Exit::ok;
}

Exit check_config(const std::string& file, std::ostream& out, std::ostream& err)
{
    std::array<char, 4096> self{};
    const ssize_t size = ::readlink("/proc/self/exe", self.data(), self.size() - 1);
    if (size > 0) {
        if (const auto daemon = daemon_beside(self.data())) {
            ::execl(daemon->c_str(), "empathd", "check-config", file.c_str(), nullptr);
        }
    }
    return check_config_here(file, out, err); // Also when the daemon could not be run.
}

} // namespace empathd::cli

#include "daemon/cli/terminal.hpp"

#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace empathd::cli {

Terminal standard_output()
{
    Terminal terminal;
    terminal.is_terminal = ::isatty(STDOUT_FILENO) == 1;
    winsize size{};
    if (terminal.is_terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
        size.ws_col != 0) {
        terminal.width = size.ws_col;
    }
    const char* no_color = std::getenv("NO_COLOR");
    const char* kind = std::getenv("TERM");
    const bool wanted = no_color == nullptr || *no_color == '\0';
    const bool able = kind != nullptr && std::string_view(kind) != "dumb";
    terminal.colour = terminal.is_terminal && wanted && able;
    return terminal;
}

} // namespace empathd::cli

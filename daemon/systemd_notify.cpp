#include "daemon/systemd_notify.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <ctime>

namespace empathd::systemd {

void ready()
{
    (void)sd_notify(0, "READY=1");
}

void reloading()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const auto micros = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
    (void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", micros);
}

void stopping()
{
    (void)sd_notify(0, "STOPPING=1");
}

void status(const std::string& line)
{
    (void)sd_notifyf(0, "STATUS=%s", line.c_str());
}

void feed_watchdog()
{
    (void)sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::milliseconds> watchdog_interval()
{
    std::uint64_t micros = 0;
    if (sd_watchdog_enabled(0, &micros) <= 0) {
        return std::nullopt;
    }
    return std::chrono::milliseconds{micros / 2'000};
}

} // namespace empathd::systemd

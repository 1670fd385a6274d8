#include "daemon/log.hpp"

#include "daemon/http/output.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <utility>

namespace empathd {
namespace {

constexpr std::size_t line_bytes_max = 2'000;

/// Harmless for whoever reads the log, and of bounded length.
std::string log_line(std::string_view text)
{
    return term_text(text.substr(0, line_bytes_max));
}

/// journald reads "<3>" and the like in front of a line as its level; people read times.
const char* pattern()
{
    return std::getenv("JOURNAL_STREAM") != nullptr ? "%v" : "%Y-%m-%dT%H:%M:%S%z %l %v";
}

} // namespace

Log::Log(const Clock& clock) : clock_(clock)
{
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
    logger_ = std::make_shared<spdlog::logger>("empathd", std::move(sink));
    logger_->set_pattern(pattern(), spdlog::pattern_time_type::utc);
}

Log::~Log() = default;

void Log::info(std::string_view line)
{
    const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    logger_->info((journal ? "<6>" : "") + log_line(line));
}

void Log::warning(std::string_view line)
{
    const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    logger_->warn((journal ? "<4>" : "") + log_line(line));
}

void Log::error(std::string_view line)
{
    const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    logger_->error((journal ? "<3>" : "") + log_line(line));
}

void Log::once_a_minute(const std::string& what, std::string_view line)
{
    const TimePoint now = clock_.now();
    const auto found = last_.find(what);
    if (found != last_.end() && now - found->second < std::chrono::minutes{1} &&
        now >= found->second) {
        return;
    }
    last_[what] = now;
    warning(line);
}

} // namespace empathd

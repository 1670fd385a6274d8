#include "analysis/model/error.hpp"

#include <stdexcept>

namespace empathd {

std::string_view to_string(ErrorKind kind) noexcept
{
    switch (kind) {
    case ErrorKind::cancelled: return "cancelled";
    case ErrorKind::unavailable: return "unavailable";
    case ErrorKind::rate_limited: return "rate_limited";
    case ErrorKind::unauthorized: return "unauthorized";
    case ErrorKind::malformed: return "malformed";
    case ErrorKind::refused: return "refused";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::invalid_config: return "invalid_config";
    case ErrorKind::storage: return "storage";
    }
    return "unknown";
}

void throw_exception_from_error(const Error& error, const boost::source_location& where)
{
    throw std::logic_error(std::string(where.function_name()) +
                           " asked a failed result for its value: " + error.message);
}

} // namespace empathd

#include "daemon/http/handlers.hpp"

#include <utility>

namespace empathd::http {

Response json_response(std::string body, std::uint32_t status)
{
    return {.status = status, .content_type = "application/json", .body = std::move(body)};
}

Response refusal(wire::Problem problem)
{
    return {.problem = std::move(problem)};
}

Response refusal(std::uint32_t status, std::string detail)
{
    wire::Problem problem;
    problem.status = status;
    problem.detail = std::move(detail);
    return refusal(std::move(problem));
}

/// What a client may know of a failed read; the rest goes into the log.
Response store_refusal(Call& call, const Error& error)
{
    switch (error.kind) {
    case ErrorKind::malformed: // Only a full-text query can be that.
        call.query.refuse("q", "cannot be understood: " + error.message);
        return refusal(*call.query.problem());
    case ErrorKind::unavailable:
        return refusal(
            503, "The store is busy, or the question was too much for it; ask for less, or later.");
    case ErrorKind::rate_limited:
        return refusal(503, "Too many questions at once; ask again in a moment.");
    case ErrorKind::cancelled: return refusal(503, "The daemon is stopping.");
    case ErrorKind::unauthorized:
    case ErrorKind::refused:
    case ErrorKind::not_found:
    case ErrorKind::invalid_config:
    case ErrorKind::storage: break;
    }
    if (call.services.report) {
        call.services.report("api: the store failed: " + error.message);
    }
    return refusal(503, "The store did not answer.");
}

} // namespace empathd::http

#include "analysis/model/alert.hpp"

namespace empathd {

std::string_view to_string(AlertReason reason) noexcept
{
    switch (reason) {
    case AlertReason::spreading: return "spreading";
    case AlertReason::many_voices: return "many_voices";
    case AlertReason::escalated: return "escalated";
    case AlertReason::source_deleted: return "source_deleted";
    case AlertReason::faded: return "faded";
    }
    return "unknown";
}

std::string_view to_string(SilenceReason reason) noexcept
{
    switch (reason) {
    case SilenceReason::below_threshold: return "below_threshold";
    case SilenceReason::already_told: return "already_told";
    case SilenceReason::budget_spent: return "budget_spent";
    case SilenceReason::not_a_complaint: return "not_a_complaint";
    case SilenceReason::acknowledged: return "acknowledged";
    }
    return "unknown";
}

} // namespace empathd

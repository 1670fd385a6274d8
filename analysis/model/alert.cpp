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
    case AlertReason::closed: return "closed";
    case AlertReason::outgrew: return "outgrew";
    case AlertReason::new_network: return "new_network";
    case AlertReason::new_language: return "new_language";
    case AlertReason::safety_word: return "safety_word";
    case AlertReason::legal_word: return "legal_word";
    case AlertReason::press: return "press";
    case AlertReason::unowned: return "unowned";
    case AlertReason::unanswered: return "unanswered";
    case AlertReason::repeated: return "repeated";
    case AlertReason::reopened: return "reopened";
    case AlertReason::blind: return "blind";
    case AlertReason::volume: return "volume";
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
    case SilenceReason::waiting: return "waiting";
    case SilenceReason::silenced: return "silenced";
    case SilenceReason::inhibited: return "inhibited";
    case SilenceReason::mute_hours: return "mute_hours";
    case SilenceReason::closed_by_hand: return "closed_by_hand";
    case SilenceReason::ended_untold: return "ended_untold";
    }
    return "unknown";
}

} // namespace empathd

#include "analysis/decision/muting.hpp"

namespace empathd::analysis {

bool silence_may_hide(AlertReason why, const Look& look) noexcept
{
    if (why == AlertReason::outgrew) {
        return false;
    }
    if (why == AlertReason::repeated) {
        return true;
    }
    const bool grew = look.severity == Severity::critical && look.tell == AlertReason::spreading;
    return !grew && !look.safety && !look.legal;
}

bool hours_may_hide(AlertReason why, const Look& look) noexcept
{
    if (why == AlertReason::outgrew || look.severity == Severity::critical) {
        return false;
    }
    return why == AlertReason::repeated || !look.safety;
}

} // namespace empathd::analysis

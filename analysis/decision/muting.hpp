#pragma once

#include "analysis/decision/look.hpp"

namespace empathd::analysis {

// What may keep people from being told of what: the one place where these promises are made.

/// Whether a silence or a crisis of the whole brand may hide it. Not growth beyond the band, not
/// what is critical because of its growth, nothing where safety or the law is spoken of; but the
/// repetition of what was told may be hidden.
[[nodiscard]] bool silence_may_hide(AlertReason why, const Look& look) noexcept;

/// Whether mute hours may put it off. Not growth beyond the band, nothing critical, and nothing but
/// repetitions where safety is spoken of.
[[nodiscard]] bool hours_may_hide(AlertReason why, const Look& look) noexcept;

} // namespace empathd::analysis

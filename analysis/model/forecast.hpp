#pragma once

#include "analysis/model/time.hpp"

#include <cstdint>
#include <string_view>

namespace empathd {

/// What stands behind the figures of a forecast.
enum class Calibration : std::uint8_t {
    none,  ///< Nothing was given to forecast from: there are no figures.
    prior, ///< What ships, learned from simulated posts: shown as "not calibrated yet".
    own,   ///< Learned from the user's own posts, and measured on them.
};

/// The enumerator's own name.
[[nodiscard]] std::string_view to_string(Calibration calibration) noexcept;

/// How far a post or a story will go, counted in reactions from its first to its last.
/// Always now <= low <= median <= high.
struct Forecast {
    Calibration calibration = Calibration::none;
    /// Polls were missed: the interval is wider than the model alone would make it.
    bool widened = false;
    /// Too many polls were missed, there are no figures: low, median and high repeat `now`, the
    /// probabilities are 0 and half_at is zero.
    bool withheld = false;
    double now = 0;         ///< Reactions at the last poll.
    double low = 0;         ///< Reactions in the end: with 80 % between low and high,
    double median = 0;      ///< as likely above as below this,
    double high = 0;        ///< 10 % above this.
    double p_threshold = 0; ///< 0..1: that it ends at `threshold` reactions or more.
    double threshold = 0;   ///< Reactions.
    double p_double = 0;    ///< 0..1: that it ends at twice `now` or more.
    /// When half of what is still to come (median) will have come; zero: nothing is to come.
    TimePoint half_at{};

    friend bool operator==(const Forecast&, const Forecast&) = default;
};

} // namespace empathd

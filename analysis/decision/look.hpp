#pragma once

#include "analysis/decision/decision.hpp"
#include "analysis/model/alert.hpp"
#include "analysis/model/incident.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace empathd::analysis {

/// Between which totals of reactions a story is forecast to end, 80 % sure. low <= high.
struct Band {
    double low = 0;
    double high = 0;

    friend bool operator==(const Band&, const Band&) = default;
};

/// One assessment of an incident: all that its life is decided by, as it stands at one moment.
/// A figure that is no number counts as 0, a forecast that is none as no forecast.
struct Look {
    Severity severity = Severity::info;
    double score = 0; ///< 0..100
    /// Why people would be told were it new to them: `spreading` or `many_voices`; of a notice
    /// `blind` or `volume`.
    AlertReason tell = AlertReason::spreading;
    /// Why they would not: `below_threshold`, `not_a_complaint` or `budget_spent`. Whether they
    /// know already or somebody has taken it is the life's to say, not the look's.
    std::optional<SilenceReason> withhold;
    double growth_per_hour = 0;         ///< Reactions an hour now; Outlook::rate_per_hour.
    double reactions = 0;               ///< So far.
    std::optional<Band> forecast;       ///< Nothing: none was made, or it is withheld.
    std::vector<std::string> networks;  ///< Sorted, each once.
    std::vector<std::string> languages; ///< Sorted, each once.
    bool safety = false;        ///< Somebody speaks of danger to health or life; see gravity.hpp,
    bool legal = false;         ///< of lawyers, courts or authorities,
    bool press = false;         ///< of journalists or the media.
    std::uint32_t mentions = 0; ///< 0: all its posts are gone.
    std::uint32_t complaints = 0;
    std::uint32_t witnesses = 0;

    friend bool operator==(const Look&, const Look&) = default;
};

/// The look at an incident that `decide` gives, asked as if nobody knew of it yet. Forecast,
/// gravity and witnesses are not the incident's: the caller fills them in.
[[nodiscard]] Look look_at(const Incident& incident, const DecisionContext& context,
                           const DecisionOptions& options);

/// How wide a band is at least: a story may grow by half, and by 20 reactions, before it counts as
/// having left its band, whatever was forecast. Else a forecast of "3 to 4" would page at 5.
inline constexpr double band_stretch = 1.5;
inline constexpr double band_least = 20;

/// The band from here on: the forecast's, its high end raised to `band_stretch` times the reactions
/// so far and to `band_least` more than them. Without a forecast, from the reactions so far to
/// that.
[[nodiscard]] Band band_of(const Look& look) noexcept;

/// Whether the story has left the band upwards: there are more reactions than its high end, or
/// even the low end of the new forecast is beyond it.
[[nodiscard]] bool outgrew(const Band& band, const Look& look) noexcept;

} // namespace empathd::analysis

#pragma once

#include "analysis/model/incident.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd {

/// Why people are told, or told again.
enum class AlertReason : std::uint8_t {
    spreading,      ///< Reactions come faster than the configured threshold.
    many_voices,    ///< Several people tell it independently.
    escalated,      ///< Told before; its severity has risen since.
    source_deleted, ///< All its posts are gone: a retraction.
    faded,          ///< Nothing new for the configured time: resolved.
    closed,         ///< Resolved by hand.
    outgrew,        ///< It left the band that was forecast when it was last told, taken or closed.
    new_network,    ///< Taken, and now on a network it was not on.
    new_language,   ///< Taken, and now in a language it was not in.
    safety_word,    ///< Somebody now speaks of danger to health or life,
    legal_word,     ///< of lawyers, courts or authorities,
    press,          ///< of journalists or the media.
    unowned,        ///< Whoever had taken it gave it back, or the time they had asked for is over.
    unanswered,     ///< Nobody took it in time: the next level is told.
    repeated,       ///< Nobody took it and it is still as bad.
    reopened,       ///< It was resolved and is back.
    blind,          ///< A source shows nothing, or not what it usually does: no story, a notice.
    volume,         ///< More complaints of a brand than usual: no story, a notice.
};

/// Why nobody is told.
enum class SilenceReason : std::uint8_t {
    below_threshold, ///< Its score is under the lowest severity's.
    already_told,    ///< Nothing has risen since the last alert.
    budget_spent,    ///< The day's alerts are used up and today's told ones rank above it.
    not_a_complaint, ///< No complaint in it.
    acknowledged,    ///< Somebody has taken it.
    waiting,         ///< The group wait or interval is not over: it may end, or more may come.
    silenced,        ///< A silence matches it.
    inhibited,       ///< A crisis of the whole brand with the same cause has been told; of a volume
                     ///< notice: a story of the brand.
    mute_hours,      ///< Nobody is to be told at this hour.
    closed_by_hand,  ///< Somebody closed it and this is nothing they could not have known.
    ended_untold,    ///< It was over before anybody was told.
};

inline constexpr std::size_t alert_reasons = 18;   ///< How many AlertReason there are,
inline constexpr std::size_t silence_reasons = 11; ///< and SilenceReason.

/// Ids of incidents that are no stories begin so: a source that is blind, a brand with more
/// complaints than usual. They have no posts. Ids of stories are digests, with no such beginning.
inline constexpr std::string_view blind_prefix = "blind-";
inline constexpr std::string_view volume_prefix = "volume-";
[[nodiscard]] inline bool is_notice(std::string_view incident) noexcept
{
    return incident.starts_with(blind_prefix) || incident.starts_with(volume_prefix);
}

[[nodiscard]] std::string_view to_string(AlertReason reason) noexcept;
[[nodiscard]] std::string_view to_string(SilenceReason reason) noexcept;

/// What leaves for people. `incident` is a copy, as it was when the alert was raised.
struct Alert {
    std::string key; ///< digest(incident, episode, revision, state): the idempotency key.
    AlertReason reason = AlertReason::spreading;
    TimePoint raised_at{};
    Incident incident;
    std::string network; ///< Of the leading post.
    std::string summary; ///< One line for people.
    std::vector<std::pair<std::string, double>>
        score_parts;      ///< Name and points; they sum to the score.
    std::string coverage; ///< How much of it was seen, in words; empty: nobody can say.
};

} // namespace empathd

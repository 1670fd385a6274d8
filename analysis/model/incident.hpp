#pragma once

#include "analysis/model/exposure.hpp"
#include "analysis/model/forecast.hpp"
#include "analysis/model/post.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd {

enum class IncidentState : std::uint8_t { open, acknowledged, resolved };

enum class Severity : std::uint8_t { info, warning, error, critical };

[[nodiscard]] std::string_view to_string(IncidentState state) noexcept;
[[nodiscard]] std::string_view to_string(Severity severity) noexcept;
/// Nothing for a word that is none of theirs.
[[nodiscard]] std::optional<IncidentState> incident_state_from(std::string_view word) noexcept;
[[nodiscard]] std::optional<Severity> severity_from(std::string_view word) noexcept;

/// Where an incident is heading.
struct Outlook {
    double rate_per_hour = 0; ///< Reactions an hour now (leaky, 30 minutes), new posts included.
    double peak_per_hour = 0; ///< The highest rate so far.
    Forecast forecast;        ///< How far it may go.
    Exposure exposure;        ///< And who will have seen it.
    bool calibrated =
        false;          ///< False: a ranking, not a probability; shown as "not calibrated yet".
    std::string method; ///< Name and version of what computed it.
};

/// What in its posts is grave whatever its reach.
struct Gravity {
    bool safety = false; ///< Somebody speaks of danger to health or life,
    bool legal = false;  ///< of lawyers, courts or authorities,
    bool press = false;  ///< of journalists or the media.

    friend bool operator==(const Gravity&, const Gravity&) = default;
};

/// What its people asked the brand, and whether it answered.
struct Conversation {
    std::uint32_t asked = 0;      ///< Threads in which something was asked.
    std::uint32_t unanswered = 0; ///< Of these, those the brand owes an answer.
    std::uint32_t agreeing = 0;   ///< Other authors in the unanswered who say that it is so.
    TimePoint waiting_since{};    ///< Of the longest unanswered; zero: none is.
    TimePoint answered_at{};      ///< The brand's last answer; zero: none.

    friend bool operator==(const Conversation&, const Conversation&) = default;
};

/// One story: a bad experience of one brand, all posts that tell it, and how it spreads.
struct Incident {
    std::string id; ///< digest(brand, key of the first post): stable, nothing volatile in it.
    std::string brand;
    std::uint32_t episode = 1;  ///< Grows when a resolved story comes back.
    std::uint32_t revision = 0; ///< Grows with every alert of the episode.
    IncidentState state = IncidentState::open;
    Severity severity = Severity::info; ///< The highest told so far in this episode.
    double score = 0;                   ///< 0..100, the decision's; see analysis/decision.
    std::string title;                  ///< The first complaint's words, shortened.
    PostKey lead;                       ///< The member with most reactions.
    std::string lead_url;
    TimePoint first_at{}; ///< First seen time of its first and last posts.
    TimePoint last_at{};
    std::uint32_t mentions = 0; ///< Posts in it.
    std::uint32_t complaints =
        0;                     ///< Of these, complaints that are no copies: accounts of their own.
    std::uint32_t copies = 0;  ///< Near-copies of another member.
    std::uint32_t authors = 0; ///< Different authors.
    /// Authors who were there and complain in their own words: each counted once per network.
    std::uint32_t witnesses = 0;
    /// Members who pass it on: copies, reposts, retellings and links to another member.
    std::uint32_t echoes = 0;
    std::uint64_t followers = 0; ///< Of the different authors together, where networks tell them.
    std::vector<std::string> places; ///< Names two authors share, once after "in", "à", "ở" or
                                     ///< such a word: usually places. Sorted, each once.
    /// How many complaints that are no copies have this reason and need; by label, none left out.
    std::vector<std::pair<std::string, std::uint32_t>> reasons;
    std::vector<std::pair<std::string, std::uint32_t>> needs;
    std::vector<std::string> networks;  ///< Sorted, each once.
    std::vector<std::string> languages; ///< Sorted, each once; "und" left out.
    std::uint64_t reactions = 0;        ///< Likes + replies + shares of its members, last known.
    std::uint64_t views = 0;            ///< Views where networks tell them.
    Gravity gravity;
    Conversation conversation;
    Outlook outlook;
};

} // namespace empathd

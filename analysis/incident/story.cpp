#include "analysis/incident/story.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

constexpr std::size_t title_bytes_max = 140;
void insert_sorted(std::vector<std::string>& list, const std::string& item)
{
    const auto place = std::lower_bound(list.begin(), list.end(), item);
    if (place == list.end() || *place != item) {
        list.insert(place, item);
    }
}

} // namespace

void count(Story& story, const Member& member)
{
    Incident& incident = story.incident;
    ++incident.mentions;
    incident.complaints += member.complaint && !member.copy ? 1 : 0;
    incident.copies += member.copy ? 1 : 0;
    if (!member.author.empty()) {
        ++story.authors[{member.key.network, member.author}];
        incident.authors = static_cast<std::uint32_t>(story.authors.size());
    }
    insert_sorted(incident.networks, member.key.network);
    if (!member.language.empty() && member.language != "und") {
        insert_sorted(incident.languages, member.language);
    }
    incident.reactions += member.reactions;
    incident.views += member.views;
    incident.first_at =
        incident.first_at == TimePoint{} ? member.at : std::min(incident.first_at, member.at);
    incident.last_at = std::max(incident.last_at, member.at);
    if (incident.lead.id.empty() || member.reactions > story.lead_reactions) {
        incident.lead = member.key;
        incident.lead_url = member.url;
        story.lead_reactions = member.reactions;
    }
    story.certainty = std::max(story.certainty, member.probability);
}

void recount(Story& story)
{
    Incident& incident = story.incident;
    const TimePoint last = incident.last_at; // A story does not grow younger by losing a post.
    incident.mentions = incident.complaints = incident.copies = incident.authors = 0;
    incident.networks.clear();
    incident.languages.clear();
    incident.reactions = incident.views = 0;
    incident.lead = {};
    incident.lead_url.clear();
    story.authors.clear();
    story.lead_reactions = 0;
    story.certainty = 0;
    for (const Member& member : story.members) {
        count(story, member);
    }
    incident.last_at = std::max(incident.last_at, last);
}

std::string title_of(const Post& post)
{
    const std::string& words = post.text.empty() ? post.title : post.text;
    std::string title = words.substr(0, std::min(words.find('\n'), words.size()));
    if (title.size() > title_bytes_max) {
        std::size_t end = title_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(title[end]) & 0xc0) == 0x80) {
            --end;
        }
        title.resize(end);
        title += "…";
    }
    return title;
}

} // namespace empathd::analysis

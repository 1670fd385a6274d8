#include "analysis/incident/story.hpp"

#include "analysis/incident/link_identity.hpp"
#include "analysis/model/experience.hpp"

#include <algorithm>

namespace empathd::analysis {
namespace {

constexpr std::size_t title_bytes_max = 140;
constexpr std::size_t places_max = 16;

void insert_sorted(std::vector<std::string>& list, const std::string& item)
{
    const auto place = std::lower_bound(list.begin(), list.end(), item);
    if (place == list.end() || *place != item) {
        list.insert(place, item);
    }
}

void count_label(std::vector<std::pair<std::string, std::uint32_t>>& counts,
                 const std::string& label)
{
    if (label.empty() || label == none || label == unsure) {
        return;
    }
    const auto place =
        std::lower_bound(counts.begin(), counts.end(), label,
                         [](const auto& entry, const std::string& l) { return entry.first < l; });
    if (place != counts.end() && place->first == label) {
        ++place->second;
    } else {
        counts.insert(place, {label, 1});
    }
}

std::string author_key(const Member& member)
{
    return member.author.empty() ? member.key.network + '\x1e' + member.key.id
                                 : member.key.network + '\x1f' + member.author;
}

void put_author(NameUse& use, const Member& member)
{
    if (use.authors.size() < 2) {
        use.authors.insert(author_key(member));
    }
}

bool says(const Account& account, std::uint64_t hash)
{
    const auto at = std::lower_bound(account.features.begin(), account.features.end(), hash,
                                     [](const Feature& f, std::uint64_t h) { return f.hash < h; });
    return at != account.features.end() && at->hash == hash;
}

/// A name counts from the first capital on; who wrote it small before is found among the members.
void count_names(Story& story, const Member& member)
{
    for (const Name& name : member.account.names) {
        const auto [entry, fresh] = story.names.try_emplace(name.hash);
        if (fresh) {
            entry->second.text = name.text;
            for (const Member& other : story.members) {
                if (other.order < member.order && says(other.account, name.hash)) {
                    put_author(entry->second, other);
                }
            }
        }
    }
    for (const Feature& feature : member.account.features) {
        const auto found = story.names.find(feature.hash);
        if (found != story.names.end()) {
            NameUse& use = found->second;
            use.place = use.place || feature.place;
            put_author(use, member);
            if (use.place && use.authors.size() >= 2 && story.incident.places.size() < places_max) {
                insert_sorted(story.incident.places, use.text);
            }
        }
    }
}

bool links_to_a_member(const Story& story, const Member& member)
{
    return std::any_of(member.links.begin(), member.links.end(),
                       [&](const std::string& link) { return story.urls.contains(link); });
}

/// Witness, echo or neither.
void count_telling(Story& story, const Member& member)
{
    const bool echo = member.copy || member.repost || member.telling == Telling::second_hand ||
                      links_to_a_member(story, member);
    if (echo) {
        ++story.incident.echoes;
    } else if (member.telling == Telling::first_hand && member.complaint) {
        if (member.author.empty()) {
            ++story.incident.witnesses;
            return;
        }
        Author& author = story.authors[{member.key.network, member.author}];
        story.incident.witnesses += author.witness ? 0 : 1;
        author.witness = true;
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
        Author& author = story.authors[{member.key.network, member.author}];
        incident.followers -= author.followers;
        author.followers = std::max(author.followers, member.followers);
        incident.followers += author.followers;
        incident.authors = static_cast<std::uint32_t>(story.authors.size());
    }
    if (member.complaint && !member.copy) {
        count_label(incident.reasons, member.reason);
        count_label(incident.needs, member.need);
    }
    count_telling(story, member);
    count_names(story, member);
    if (std::string own = link_identity(member.url); !own.empty()) {
        story.urls.insert(std::move(own));
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
    incident.witnesses = incident.echoes = 0;
    incident.followers = 0;
    incident.places.clear();
    incident.reasons.clear();
    incident.needs.clear();
    incident.networks.clear();
    incident.languages.clear();
    incident.reactions = incident.views = 0;
    incident.lead = {};
    incident.lead_url.clear();
    story.authors.clear();
    story.urls.clear();
    story.names.clear();
    story.lead_reactions = 0;
    story.certainty = 0;
    for (const Member& member : story.members) {
        count(story, member);
    }
    incident.last_at = std::max(incident.last_at, last);
}

void grow(Member& member, TimePoint at, std::uint64_t reactions)
{
    std::vector<ReactionsAt>& growth = member.growth;
    if (!growth.empty() && growth.back().at >= at) {
        growth.back().reactions = reactions;
        return;
    }
    growth.push_back({at, reactions});
    if (growth.size() <= reaction_times_max) {
        return;
    }
    // The first stays: it is how the post arrived. The later of two neighbours says both.
    std::size_t nearest = 1;
    for (std::size_t i = 1; i + 1 < growth.size(); ++i) {
        if (growth[i + 1].at - growth[i].at < growth[nearest + 1].at - growth[nearest].at) {
            nearest = i;
        }
    }
    growth.erase(growth.begin() + static_cast<std::ptrdiff_t>(nearest));
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

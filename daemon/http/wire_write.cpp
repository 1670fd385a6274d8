#include "daemon/http/wire.hpp"

#include "daemon/http/json_writer.hpp"
#include "daemon/http/wire_outlook.hpp"
#include "daemon/store/store.hpp"

namespace empathd::wire {
namespace {

enum class Depth { list, detail };

void put_engagement(Json& json, const Engagement& engagement)
{
    json.count("likes", engagement.likes);
    json.count("replies", engagement.replies);
    json.count("shares", engagement.shares);
    json.count("views", engagement.views);
    if (engagement.score) {
        json.integer("score", *engagement.score);
    }
}

std::string_view cut(std::string_view text, Span span)
{
    return span.offset < text.size() ? text.substr(span.offset, span.length) : std::string_view{};
}

void put_answer(Json& json, std::string_view key, const Answer& answer, std::string_view text,
                Depth depth)
{
    json.begin(key);
    json.text("label", answer.label);
    json.number("probability", answer.probability);
    if (depth == Depth::detail) {
        json.begin("probabilities");
        for (const auto& [label, probability] : answer.probabilities) {
            json.number(label, probability);
        }
        json.end();
        json.begin_list("evidence");
        for (const Evidence& evidence : answer.evidence) {
            json.begin();
            json.text("text", cut(text, evidence.span));
            json.count("offset", evidence.span.offset);
            json.count("length", evidence.span.length);
            json.number("weight", evidence.weight);
            json.end();
        }
        json.end_list();
    }
    json.end();
}

/// "audience" is the source's.
std::string_view key_of(Facet facet)
{
    return facet == Facet::audience ? "writer" : name_of(facet);
}

std::string_view to_word(Audience audience)
{
    switch (audience) {
    case Audience::customer: return "customer";
    case Audience::employee: return "employee";
    }
    return "unknown";
}

void put_post(Json& json, const Post& post)
{
    json.text("network", post.key.network);
    json.text("post", post.key.id);
    json.text("source", post.source);
    json.text("audience", to_word(post.audience));
    json.text_if_any("url", post.url);
    json.text_if_any("author", post.author);
    json.text_if_any("author_name", post.author_name);
    json.text_if_any("title", post.title);
    json.text("text", post.text);
    if (post.truncated) {
        json.flag("truncated", true);
    }
    json.time("seen_at", post.seen_at);
    json.time_if_any("published_at", post.published_at);
    if (post.edited_at) {
        json.time("edited_at", *post.edited_at);
    }
    json.begin("engagement");
    put_engagement(json, post.engagement);
    json.end();
}

void put_mention(Json& json, const StoredMention& mention, Depth depth)
{
    const Experience& says = mention.experience;
    json.integer("id", mention.id);
    json.text("brand", mention.brand);
    put_post(json, mention.post);
    json.text("language", says.language);
    for (const Facet facet : all_facets()) {
        put_answer(json, key_of(facet), says.of(facet), mention.post.text, depth);
    }
    json.begin_list("spans");
    for (const Span& span : mention.spans) {
        json.begin();
        json.count("offset", span.offset);
        json.count("length", span.length);
        json.end();
    }
    json.end_list();
    json.texts("terms", mention.terms);
    json.text_if_any("incident", mention.incident);
    json.flag("copy", mention.copy);
    if (depth == Depth::detail) {
        json.number("language_probability", says.language_probability);
        json.text("model", says.model);
    }
}

void put_mention_page(Json& json, const std::vector<StoredMention>& mentions, std::size_t limit,
                      std::size_t bytes_max)
{
    const StoredMention* last = nullptr;
    json.begin_list("items");
    for (const StoredMention& mention : mentions) {
        json.begin();
        put_mention(json, mention, Depth::list);
        json.end();
        last = &mention;
        if (json.size() >= bytes_max) {
            break;
        }
    }
    json.end_list();
    const bool cut_short = last != nullptr && last != &mentions.back();
    if (last != nullptr && (cut_short || mentions.size() >= limit)) {
        const MentionCursor cursor{.at = last->post.seen_at, .id = last->id};
        json.text("next", encode_cursor(cursor));
    }
}

void put_counts(Json& json, std::string_view key,
                const std::vector<std::pair<std::string, std::uint32_t>>& counts)
{
    json.begin(key);
    for (const auto& [label, count] : counts) {
        json.count(label, std::uint64_t{count});
    }
    json.end();
}

void put_incident(Json& json, const empathd::Incident& incident)
{
    json.text("id", incident.id);
    json.text("brand", incident.brand);
    json.count("episode", incident.episode);
    json.count("revision", incident.revision);
    json.text("state", to_string(incident.state));
    json.text("severity", to_string(incident.severity));
    json.number("score", incident.score);
    json.text("title", incident.title);
    json.begin("lead");
    json.text("network", incident.lead.network);
    json.text("post", incident.lead.id);
    json.text_if_any("url", incident.lead_url);
    json.end();
    json.time("first_at", incident.first_at);
    json.time("last_at", incident.last_at);
    json.count("mentions", incident.mentions);
    json.count("complaints", incident.complaints);
    json.count("copies", incident.copies);
    json.count("authors", incident.authors);
    json.count("witnesses", incident.witnesses);
    json.count("echoes", incident.echoes);
    json.count("followers", incident.followers);
    json.texts("places", incident.places);
    put_counts(json, "reasons", incident.reasons);
    put_counts(json, "needs", incident.needs);
    json.texts("networks", incident.networks);
    json.texts("languages", incident.languages);
    json.count("reactions", incident.reactions);
    json.count("views", incident.views);
    put_ahead(json, incident);
}

void put_scenario(Json& json, const std::optional<PutOff>& put_off)
{
    if (!put_off) {
        return;
    }
    json.begin("put_off");
    json.text("kind", "scenario");
    json.number("low", put_off->low);
    json.number("middle", put_off->middle);
    json.number("high", put_off->high);
    json.number("interval", 0.8);
    json.texts("assumptions", put_off->assumptions);
    json.end();
}

std::string_view name_of(Landmark landmark) noexcept
{
    switch (landmark) {
    case Landmark::network: return "network";
    case Landmark::language: return "language";
    case Landmark::reactions: return "reactions";
    }
    return "unknown";
}

void put_timeline(Json& json, const std::optional<empathd::Timeline>& timeline)
{
    if (!timeline) {
        return;
    }
    json.begin("timeline");
    json.begin_list("points");
    for (const TimelinePoint& point : timeline->points) {
        json.begin();
        json.time("at", point.at);
        json.count("mentions", point.mentions);
        json.count("witnesses", point.witnesses);
        json.count("reactions", point.reactions);
        json.end();
    }
    json.end_list();
    json.begin_list("events");
    for (const TimelineEvent& event : timeline->events) {
        json.begin();
        json.time("at", event.at);
        json.text("kind", name_of(event.landmark));
        json.text("what", event.what);
        json.end();
    }
    json.end_list();
    json.end();
}

} // namespace

std::string mention_page(const std::vector<StoredMention>& mentions, std::size_t limit,
                         std::size_t bytes_max)
{
    Json json;
    json.begin();
    put_mention_page(json, mentions, limit, bytes_max);
    json.end();
    return json.take();
}

std::string mention_detail(const StoredMention& mention,
                           const std::vector<Observation>& observations)
{
    Json json;
    json.begin();
    put_mention(json, mention, Depth::detail);
    json.begin_list("observations");
    for (const Observation& observation : observations) {
        json.begin();
        json.time("at", observation.at);
        put_engagement(json, observation.engagement);
        json.end();
    }
    json.end_list();
    json.end();
    return json.take();
}

std::string incident_page(const std::vector<empathd::Incident>& incidents)
{
    Json json;
    json.begin();
    json.begin_list("items");
    for (const empathd::Incident& incident : incidents) {
        json.begin();
        put_incident(json, incident);
        json.end();
    }
    json.end_list();
    json.end();
    return json.take();
}

std::string incident_detail(const empathd::Incident& incident,
                            const std::vector<StoredMention>& mentions, std::size_t limit,
                            const IncidentStory& story)
{
    Json json;
    json.begin();
    json.begin("incident");
    put_incident(json, incident);
    json.end();
    put_scenario(json, story.put_off);
    put_timeline(json, story.timeline);
    json.begin("mentions");
    put_mention_page(json, mentions, limit, page_bytes_max);
    json.end();
    json.end();
    return json.take();
}

std::string alert_body(const empathd::Alert& alert, const std::optional<PutOff>& put_off)
{
    Json json;
    json.begin();
    json.text("key", alert.key);
    json.text("reason", to_string(alert.reason));
    json.text("state", to_string(alert.incident.state));
    json.text("severity", to_string(alert.incident.severity));
    json.number("score", alert.incident.score);
    json.begin("score_parts");
    for (const auto& [name, points] : alert.score_parts) {
        json.number(name, points);
    }
    json.end();
    json.text("brand", alert.incident.brand);
    json.text("network", alert.network);
    json.text("summary", alert.summary);
    json.time("raised_at", alert.raised_at);
    json.text_if_any("coverage", alert.coverage);
    put_scenario(json, put_off);
    json.begin("incident");
    put_incident(json, alert.incident);
    json.end();
    json.end();
    return json.take();
}

std::string alert_page(const std::vector<StoredAlert>& alerts, bool upwards, std::size_t limit)
{
    Json json;
    json.begin();
    json.begin_list("items");
    for (const StoredAlert& alert : alerts) {
        json.begin();
        json.integer("seq", alert.seq);
        json.raw("alert", alert.record.body);
        json.end();
    }
    json.end_list();
    if (upwards && !alerts.empty() && alerts.size() >= limit) {
        json.text("next", std::to_string(alerts.back().seq));
    }
    json.end();
    return json.take();
}

} // namespace empathd::wire

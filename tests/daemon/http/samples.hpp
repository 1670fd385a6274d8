#pragma once

#include "daemon/store/store.hpp"

#include <string>

namespace empathd::http {

/// A mention with something in every field.
inline StoredMention sample_mention(std::int64_t id, const std::string& text)
{
    StoredMention mention;
    mention.id = id;
    mention.brand = "Acme";
    mention.post.key = {.network = "mastodon", .id = "https://a.test/@ana/" + std::to_string(id)};
    mention.post.source = "fedi";
    mention.post.url = "https://a.test/@ana/1";
    mention.post.author = "ana@a.test";
    mention.post.title = "Router";
    mention.post.text = text;
    mention.post.seen_at = from_unix_ms(1'700'000'000'000 + id);
    mention.post.published_at = from_unix_ms(1'699'999'000'000);
    mention.post.engagement.likes = 3;
    mention.post.engagement.score = -2;
    mention.spans = {{.offset = 0, .length = 4}};
    mention.terms = {"Acme"};
    mention.experience.language = "en";
    mention.experience.language_probability = 0.99F;
    mention.experience.model = "m1";
    mention.experience.of(Facet::sentiment) = {
        .label = "negative",
        .probability = 0.83F,
        .probabilities = {{"negative", 0.83F}, {"neutral", 0.17F}},
        .evidence = {{{.offset = 5, .length = 6}, 1.5F}}};
    mention.experience.of(Facet::experience) = {.label = "complaint", .probability = 0.9F};
    mention.experience.of(Facet::reason) = {.label = "staff", .probability = 0.7F};
    mention.experience.of(Facet::audience) = {.label = "customer", .probability = 0.6F};
    mention.incident = "abc123";
    return mention;
}

inline Incident sample_incident()
{
    Incident incident;
    incident.id = "abc123";
    incident.brand = "Acme";
    incident.severity = Severity::error;
    incident.score = 71.25;
    incident.title = "Acme router died";
    incident.lead = {.network = "mastodon", .id = "https://a.test/1"};
    incident.lead_url = "https://a.test/@ana/1";
    incident.first_at = from_unix_ms(1'700'000'000'000);
    incident.last_at = from_unix_ms(1'700'000'360'000);
    incident.mentions = 7;
    incident.complaints = 4;
    incident.copies = 2;
    incident.authors = 5;
    incident.witnesses = 3;
    incident.echoes = 2;
    incident.followers = 5'000'000'000;
    incident.places = {"Almaty", "Đà Nẵng"};
    incident.reasons = {{"overall", 1}, {"staff", 3}};
    incident.needs = {{"apology", 4}};
    incident.networks = {"mastodon", "reddit"};
    incident.languages = {"en"};
    incident.reactions = 120;
    incident.views = 9'000;
    incident.outlook.rate_per_hour = 12.5;
    incident.outlook.peak_per_hour = 30;
    incident.outlook.method = "leaky-1";
    return incident;
}

inline StoredAlert sample_alert(std::int64_t seq)
{
    StoredAlert alert;
    alert.seq = seq;
    alert.record.body = "{\"n\":" + std::to_string(seq) + '}';
    return alert;
}

} // namespace empathd::http

#include "daemon/store/store_json.hpp"

#include "daemon/store/json_fields.hpp"
#include "daemon/store/outlook_json.hpp"
#include "daemon/store/store.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace empathd::sqlite {
namespace {

const Error damaged{ErrorKind::storage, "a JSON column of the store cannot be read: damaged file"};

std::string finished(const rapidjson::StringBuffer& buffer)
{
    return {buffer.GetString(), buffer.GetSize()};
}

/// [offset, length, weight, ...]
void put_evidence(Writer& writer, const std::vector<Evidence>& evidence)
{
    writer.StartArray();
    for (const Evidence& item : evidence) {
        writer.Uint(item.span.offset);
        writer.Uint(item.span.length);
        put(writer, item.weight);
    }
    writer.EndArray();
}

bool get_evidence(const Json& list, std::vector<Evidence>& out)
{
    if (!list.IsArray() || list.Size() % 3 != 0) {
        return false;
    }
    for (rapidjson::SizeType i = 0; i < list.Size(); i += 3) {
        Evidence& item = out.emplace_back();
        if (!get(list[i], item.span.offset) || !get(list[i + 1], item.span.length) ||
            !get(list[i + 2], item.weight)) {
            return false;
        }
    }
    return true;
}

bool get_spans(const Json& list, std::vector<Span>& out)
{
    if (!list.IsArray() || list.Size() % 2 != 0) {
        return false;
    }
    for (rapidjson::SizeType i = 0; i < list.Size(); i += 2) {
        Span& span = out.emplace_back();
        if (!get(list[i], span.offset) || !get(list[i + 1], span.length)) {
            return false;
        }
    }
    return true;
}

/// A probability that is not finite says nothing.
std::uint32_t steps_of(float probability)
{
    const float steps = std::round(probability * probability_steps);
    return steps > 0 && steps <= probability_steps ? static_cast<std::uint32_t>(steps) : 0;
}

void put_probabilities(Writer& writer, const Answer& answer,
                       std::span<const std::string_view> labels)
{
    writer.StartArray();
    std::uint32_t likeliest = 0;
    for (const std::string_view label : labels) {
        if (!answer.probabilities.empty()) {
            const std::uint32_t steps = steps_of(probability_of(answer, label));
            likeliest = std::max(likeliest, steps);
            writer.Uint(steps);
        }
    }
    if (const std::uint32_t own = steps_of(answer.probability); own != likeliest) {
        writer.Uint(own);
    }
    writer.EndArray();
}

bool get_probabilities(const Json& list, std::span<const std::string_view> labels, Answer& out)
{
    if (!list.IsArray() || (list.Size() > 1 && list.Size() < labels.size()) ||
        list.Size() > labels.size() + 1) {
        return false;
    }
    for (rapidjson::SizeType i = 0; i < list.Size(); ++i) {
        std::uint32_t steps = 0;
        if (!get(list[i], steps)) {
            return false;
        }
        const float probability = static_cast<float>(steps) / probability_steps;
        if (list.Size() > 1 && i < labels.size()) {
            out.probabilities.emplace_back(labels[i], probability);
            out.probability = std::max(out.probability, probability);
        } else {
            out.probability = probability;
        }
    }
    return true;
}

bool get_answers(const Json& root, MentionDetail& out)
{
    const Json& probabilities = at(root, "p");
    if (!probabilities.IsArray() || probabilities.Size() > facet_count) {
        return false;
    }
    for (rapidjson::SizeType i = 0; i < probabilities.Size(); ++i) {
        if (!get_probabilities(probabilities[i], labels_of(all_facets()[i]), out.answers[i])) {
            return false;
        }
    }
    const Json& evidence = at(root, "e");
    for (std::size_t i = 0; i < facet_count; ++i) {
        const Json& list = at(evidence, name_of(all_facets()[i]).data());
        if (!list.IsNull() && !get_evidence(list, out.answers[i].evidence)) {
            return false;
        }
    }
    return evidence.IsObject();
}

/// Sentiment as it is now. Of a complaint "yes" and "no" only the first is a label still.
bool get_answers_of_schema_1(const Json& root, MentionDetail& out)
{
    Answer& sentiment = out.answers[static_cast<std::size_t>(Facet::sentiment)];
    Answer& experience = out.answers[static_cast<std::size_t>(Facet::experience)];
    Answer complaint;
    if (!get_pairs(at(root, "s"), sentiment.probabilities) ||
        !get_evidence(at(root, "se"), sentiment.evidence) ||
        !get_pairs(at(root, "c"), complaint.probabilities) ||
        !get_evidence(at(root, "ce"), complaint.evidence)) {
        return false;
    }
    for (const auto& [label, probability] : sentiment.probabilities) {
        sentiment.probability = std::max(sentiment.probability, probability);
    }
    if (!complaint.probabilities.empty()) {
        experience.probability = probability_of(complaint, "yes");
        experience.probabilities = {{"complaint", experience.probability}};
    }
    if (experience.probability >= 0.5F) {
        experience.evidence = std::move(complaint.evidence);
    }
    return true;
}

void put_incident(Writer& writer, const Incident& incident)
{
    writer.StartObject();
    put(writer, "id", std::string_view(incident.id));
    put(writer, "brand", std::string_view(incident.brand));
    put(writer, "episode", incident.episode);
    put(writer, "revision", incident.revision);
    put(writer, "state", static_cast<std::uint32_t>(incident.state));
    put(writer, "severity", static_cast<std::uint32_t>(incident.severity));
    put(writer, "score", incident.score);
    put(writer, "title", std::string_view(incident.title));
    put(writer, "lead_network", std::string_view(incident.lead.network));
    put(writer, "lead_id", std::string_view(incident.lead.id));
    put(writer, "lead_url", std::string_view(incident.lead_url));
    put(writer, "first_at", to_unix_ms(incident.first_at));
    put(writer, "last_at", to_unix_ms(incident.last_at));
    put(writer, "mentions", incident.mentions);
    put(writer, "complaints", incident.complaints);
    put(writer, "copies", incident.copies);
    put(writer, "authors", incident.authors);
    put(writer, "witnesses", incident.witnesses);
    put(writer, "echoes", incident.echoes);
    put(writer, "followers", incident.followers);
    writer.Key("places");
    put_texts(writer, incident.places);
    writer.Key("reasons");
    put_pairs(writer, incident.reasons);
    writer.Key("needs");
    put_pairs(writer, incident.needs);
    writer.Key("networks");
    put_texts(writer, incident.networks);
    writer.Key("languages");
    put_texts(writer, incident.languages);
    put(writer, "reactions", incident.reactions);
    put(writer, "views", incident.views);
    put(writer, "rate", incident.outlook.rate_per_hour);
    put(writer, "peak", incident.outlook.peak_per_hour);
    put(writer, "calibrated", incident.outlook.calibrated);
    put(writer, "method", std::string_view(incident.outlook.method));
    writer.Key("ahead");
    put_ahead(writer, incident);
    writer.EndObject();
}

/// What incidents of earlier versions do not have stays as it is.
template <class Read>
bool if_any(const Json& value, Read read)
{
    return value.IsNull() || read(value);
}

bool get_who_and_where(const Json& json, Incident& out)
{
    const auto number = [](auto& to) { return [&to](const Json& v) { return get(v, to); }; };
    const auto labels = [](auto& to) { return [&to](const Json& v) { return get_pairs(v, to); }; };
    return if_any(at(json, "witnesses"), number(out.witnesses)) &&
           if_any(at(json, "echoes"), number(out.echoes)) &&
           if_any(at(json, "followers"), number(out.followers)) &&
           if_any(at(json, "places"),
                  [&out](const Json& list) { return get_texts(list, out.places); }) &&
           if_any(at(json, "reasons"), labels(out.reasons)) &&
           if_any(at(json, "needs"), labels(out.needs));
}

bool get_incident(const Json& json, Incident& out)
{
    return get(at(json, "id"), out.id) && get(at(json, "brand"), out.brand) &&
           get(at(json, "episode"), out.episode) && get(at(json, "revision"), out.revision) &&
           get_enum(at(json, "state"), IncidentState::resolved, out.state) &&
           get_enum(at(json, "severity"), Severity::critical, out.severity) &&
           get(at(json, "score"), out.score) && get(at(json, "title"), out.title) &&
           get(at(json, "lead_network"), out.lead.network) &&
           get(at(json, "lead_id"), out.lead.id) && get(at(json, "lead_url"), out.lead_url) &&
           get(at(json, "first_at"), out.first_at) && get(at(json, "last_at"), out.last_at) &&
           get(at(json, "mentions"), out.mentions) && get(at(json, "complaints"), out.complaints) &&
           get(at(json, "copies"), out.copies) && get(at(json, "authors"), out.authors) &&
           get_texts(at(json, "networks"), out.networks) &&
           get_texts(at(json, "languages"), out.languages) &&
           get(at(json, "reactions"), out.reactions) && get(at(json, "views"), out.views) &&
           get(at(json, "rate"), out.outlook.rate_per_hour) &&
           get(at(json, "peak"), out.outlook.peak_per_hour) &&
           get(at(json, "calibrated"), out.outlook.calibrated) &&
           get(at(json, "method"), out.outlook.method) && get_who_and_where(json, out) &&
           get_ahead(at(json, "ahead"), out);
}

/// Parses and hands the root over; `read` says whether it found what it needs.
template <class Value, class Read>
Result<Value> parsed(std::string_view json, Read read)
{
    rapidjson::Document document;
    document.Parse<parse_flags>(json.data(), json.size());
    Value value{};
    if (document.HasParseError() || !read(document, value)) {
        return damaged;
    }
    return value;
}

} // namespace

std::string detail_json(const std::vector<Span>& spans, const std::vector<std::string>& terms,
                        const Experience& experience)
{
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    writer.Key("spans");
    writer.StartArray();
    for (const Span& span : spans) {
        writer.Uint(span.offset);
        writer.Uint(span.length);
    }
    writer.EndArray();
    writer.Key("terms");
    put_texts(writer, terms);
    writer.Key("p");
    writer.StartArray();
    for (const Facet facet : all_facets()) {
        put_probabilities(writer, experience.of(facet), labels_of(facet));
    }
    writer.EndArray();
    writer.Key("e");
    writer.StartObject();
    for (const Facet facet : all_facets()) {
        if (!experience.of(facet).evidence.empty()) {
            writer.Key(name_of(facet).data());
            put_evidence(writer, experience.of(facet).evidence);
        }
    }
    writer.EndObject();
    writer.EndObject();
    return finished(buffer);
}

Result<MentionDetail> detail_from(std::string_view json)
{
    return parsed<MentionDetail>(json, [](const Json& root, MentionDetail& out) {
        if (!get_spans(at(root, "spans"), out.spans) || !get_texts(at(root, "terms"), out.terms)) {
            return false;
        }
        return at(root, "p").IsNull() ? get_answers_of_schema_1(root, out) : get_answers(root, out);
    });
}

std::string links_json(const std::vector<std::string>& links)
{
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    put_texts(writer, links);
    return finished(buffer);
}

Result<std::vector<std::string>> links_from(std::string_view json)
{
    return parsed<std::vector<std::string>>(json, get_texts);
}

std::string media_json(const std::vector<Media>& media)
{
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartArray();
    for (const Media& item : media) {
        put(writer, std::string_view(item.url));
        put(writer, std::string_view(item.description));
    }
    writer.EndArray();
    return finished(buffer);
}

Result<std::vector<Media>> media_from(std::string_view json)
{
    return parsed<std::vector<Media>>(json, [](const Json& list, std::vector<Media>& out) {
        if (!list.IsArray() || list.Size() % 2 != 0) {
            return false;
        }
        for (rapidjson::SizeType i = 0; i < list.Size(); i += 2) {
            Media& item = out.emplace_back();
            if (!get(list[i], item.url) || !get(list[i + 1], item.description)) {
                return false;
            }
        }
        return true;
    });
}

std::string incident_json(const Incident& incident)
{
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    put_incident(writer, incident);
    return finished(buffer);
}

Result<Incident> incident_from(std::string_view json)
{
    return parsed<Incident>(json, get_incident);
}

std::string alert_json(const Alert& alert)
{
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    put(writer, "key", std::string_view(alert.key));
    put(writer, "reason", static_cast<std::uint32_t>(alert.reason));
    put(writer, "raised_at", to_unix_ms(alert.raised_at));
    writer.Key("incident");
    put_incident(writer, alert.incident);
    put(writer, "network", std::string_view(alert.network));
    put(writer, "summary", std::string_view(alert.summary));
    writer.Key("parts");
    put_pairs(writer, alert.score_parts);
    put(writer, "coverage", std::string_view(alert.coverage));
    writer.EndObject();
    return finished(buffer);
}

Result<Alert> alert_from(std::string_view json)
{
    return parsed<Alert>(json, [](const Json& root, Alert& out) {
        return get(at(root, "key"), out.key) &&
               get_enum(at(root, "reason"), static_cast<AlertReason>(alert_reasons - 1),
                        out.reason) &&
               get(at(root, "raised_at"), out.raised_at) &&
               get_incident(at(root, "incident"), out.incident) &&
               get(at(root, "network"), out.network) && get(at(root, "summary"), out.summary) &&
               get_pairs(at(root, "parts"), out.score_parts) &&
               (at(root, "coverage").IsNull() || get(at(root, "coverage"), out.coverage));
    });
}

} // namespace empathd::sqlite

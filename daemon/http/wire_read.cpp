#include "daemon/http/json_reader.hpp"
#include "daemon/http/wire.hpp"

#include <algorithm>
#include <utility>

namespace empathd::wire {
namespace {

/// The members of an object that are counts.
std::vector<std::pair<std::string, std::uint64_t>> counts(const Value& parent, const char* key)
{
    std::vector<std::pair<std::string, std::uint64_t>> out;
    const Value* value = member(parent, key);
    if (value != nullptr && value->IsObject()) {
        for (const auto& field : value->GetObject()) {
            if (field.value.IsUint64()) {
                out.emplace_back(std::string(field.name.GetString(), field.name.GetStringLength()),
                                 field.value.GetUint64());
            }
        }
    }
    return out;
}

Label to_label(const Value& name, const Value& value)
{
    Label out{.facet = std::string(name.GetString(), name.GetStringLength()),
              .label = text(value, "label"),
              .probability = number(value, "probability"),
              .evidence = {}};
    const Value& evidence = object(value, "evidence");
    if (evidence.IsArray()) {
        for (const Value& item : evidence.GetArray()) {
            out.evidence.push_back(text(item, "text"));
        }
    }
    return out;
}

/// Whatever looks like one: a newer server may know more facets.
std::vector<Label> labels_of(const Value& item)
{
    std::vector<Label> labels;
    for (const auto& field : item.GetObject()) {
        if (member(field.value, "label") != nullptr) {
            labels.push_back(to_label(field.name, field.value));
        }
    }
    return labels;
}

Mention to_mention(const Value& item)
{
    return {.id = integer(item, "id"),
            .brand = text(item, "brand"),
            .network = text(item, "network"),
            .source = text(item, "source"),
            .url = text(item, "url"),
            .author = text(item, "author"),
            .title = text(item, "title"),
            .text = text(item, "text"),
            .language = text(item, "language"),
            .seen_at = parse_rfc3339(text(item, "seen_at")),
            .labels = labels_of(item),
            .incident = text(item, "incident"),
            .copy = flag(item, "copy", false),
            .json = one_line(item)};
}

Incident to_incident(const Value& item)
{
    const Value& outlook = object(item, "outlook");
    return {.id = text(item, "id"),
            .brand = text(item, "brand"),
            .state = text(item, "state"),
            .severity = text(item, "severity"),
            .score = number(item, "score"),
            .title = text(item, "title"),
            .lead_url = text(object(item, "lead"), "url"),
            .first_at = parse_rfc3339(text(item, "first_at")),
            .last_at = parse_rfc3339(text(item, "last_at")),
            .mentions = count(item, "mentions"),
            .complaints = count(item, "complaints"),
            .authors = count(item, "authors"),
            .witnesses = count(item, "witnesses"),
            .echoes = count(item, "echoes"),
            .followers = count(item, "followers"),
            .places = texts(item, "places"),
            .reasons = counts(item, "reasons"),
            .needs = counts(item, "needs"),
            .reactions = count(item, "reactions"),
            .networks = texts(item, "networks"),
            .rate_per_hour = number(outlook, "rate_per_hour"),
            .calibrated = flag(outlook, "calibrated", false),
            .json = one_line(item)};
}

/// The first of the two places that has the text: the body itself, or the incident inside it.
std::string either(const Value& body, const Value& incident, const char* key)
{
    const std::string own = text(body, key);
    return own.empty() ? text(incident, key) : own;
}

Alert to_alert(std::int64_t seq, const Value& body)
{
    const Value& incident = object(body, "incident");
    const std::string id = text(body, "incident");
    const bool has_score = member(body, "score") != nullptr;
    return {.seq = seq,
            .severity = either(body, incident, "severity"),
            .state = either(body, incident, "state"),
            .reason = text(body, "reason"),
            .brand = either(body, incident, "brand"),
            .network = text(body, "network"),
            .summary = text(body, "summary"),
            .incident = id.empty() ? text(incident, "id") : id,
            .score = number(has_score ? body : incident, "score"),
            .raised_at = parse_rfc3339(text(body, "raised_at")),
            .json = "{\"seq\":" + std::to_string(seq) + ",\"alert\":" + one_line(body) + '}'};
}

Source to_source(const Value& item)
{
    const Value& day = object(item, "last_day");
    const Value& sums = object(item, "conservation");
    const Value* latency = member(day, "mean_latency_ms");
    return {.name = text(item, "source"),
            .health = text(item, "health"),
            .last_page_at = parse_rfc3339(text(item, "last_page_at")),
            .last_error_at = parse_rfc3339(text(item, "last_error_at")),
            .last_error = text(item, "last_error"),
            .fetched = count(sums, "fetched"),
            .stored = count(sums, "stored"),
            .balanced = flag(sums, "balanced", true),
            .polls_day = count(day, "polls"),
            .pages_day = count(day, "pages"),
            .errors_day = count(day, "errors"),
            .lost_day = count(day, "lost"),
            .mean_latency_ms = latency != nullptr && latency->IsNumber()
                                   ? std::optional{latency->GetDouble()}
                                   : std::nullopt,
            .json = one_line(item)};
}

} // namespace

Label Mention::of(std::string_view facet) const
{
    const auto found = std::ranges::find(labels, facet, &Label::facet);
    return found == labels.end() ? Label{} : *found;
}

Result<Page<Mention>> read_mention_page(std::string_view json)
{
    return read_page<Mention>(json, to_mention);
}

Result<Mention> read_mention(std::string_view json)
{
    const auto document = parse_object(json);
    if (!document) {
        return document.error();
    }
    return to_mention(*document);
}

Result<Page<Incident>> read_incident_page(std::string_view json)
{
    return read_page<Incident>(json, to_incident);
}

Result<IncidentDetail> read_incident_detail(std::string_view json)
{
    const auto document = parse_object(json);
    if (!document) {
        return document.error();
    }
    auto mentions = to_page<Mention>(object(*document, "mentions"), to_mention);
    if (!mentions) {
        return mentions.error();
    }
    return IncidentDetail{.incident = to_incident(object(*document, "incident")),
                          .mentions = std::move(*mentions)};
}

Result<Page<Alert>> read_alert_page(std::string_view json)
{
    return read_page<Alert>(json, [](const Value& item) {
        return to_alert(integer(item, "seq"), object(item, "alert"));
    });
}

Result<Alert> read_alert(std::int64_t seq, std::string_view body)
{
    const auto document = parse_object(body);
    if (!document) {
        return document.error();
    }
    return to_alert(seq, *document);
}

Result<Page<Source>> read_source_page(std::string_view json)
{
    return read_page<Source>(json, to_source);
}

Result<Problem> read_problem(std::string_view json)
{
    const auto document = parse_object(json);
    if (!document) {
        return document.error();
    }
    const Value& root = *document;
    return Problem{.type = text(root, "type"),
                   .title = text(root, "title"),
                   .status = static_cast<std::uint32_t>(count(root, "status")),
                   .detail = text(root, "detail"),
                   .instance = text(root, "instance"),
                   .parameter = text(root, "parameter"),
                   .accepted = texts(root, "accepted"),
                   .nearest = text(root, "nearest")};
}

} // namespace empathd::wire

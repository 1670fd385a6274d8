#include "daemon/http/body.hpp"

#include "daemon/http/json_reader.hpp"
#include "daemon/http/nearest.hpp"
#include "daemon/http/query.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

namespace empathd::http {
namespace {

using rapidjson::Value;

constexpr std::size_t depth_of_bodies_max = 16;

std::string_view view(const Value& value)
{
    return {value.GetString(), value.GetStringLength()};
}

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool has_control(std::string_view text, bool lines_too)
{
    return std::any_of(text.begin(), text.end(), [lines_too](char c) {
        const auto byte = static_cast<unsigned char>(c);
        const bool harmless = c == '\t' || (!lines_too && (c == '\n' || c == '\r'));
        return (byte < 0x20 && !harmless) || byte == 0x7F;
    });
}

/// "application/json", with or without parameters.
bool is_json(std::string_view content_type)
{
    std::string type(content_type.substr(0, content_type.find(';')));
    type.erase(std::remove_if(type.begin(), type.end(), [](char c) { return c == ' '; }),
               type.end());
    std::transform(type.begin(), type.end(), type.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return type == "application/json";
}

wire::Problem whole_body(std::uint32_t status, std::string detail)
{
    wire::Problem problem;
    problem.status = status;
    problem.detail = std::move(detail);
    return problem;
}

} // namespace

Body::Body(const Request& request, std::span<const std::string_view> known, TimePoint now)
    : known_(known), now_(now)
{
    if (request.body.empty()) {
        document_.SetObject();
        return;
    }
    if (!is_json(request.content_type)) {
        problem_ = whole_body(415, "Send the body as application/json.");
    } else if (!parse(request.body)) {
        document_.SetObject();
    }
    if (!document_.IsObject()) {
        document_.SetObject();
    }
}

bool Body::parse(const std::string& text)
{
    if (wire::depth_of(text) > depth_of_bodies_max) {
        problem_ = whole_body(400, "The body is nested too deeply.");
        return false;
    }
    document_.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
        text.data(), text.size());
    if (document_.HasParseError()) {
        problem_ = whole_body(400, "The body is not JSON, at byte " +
                                       std::to_string(document_.GetErrorOffset()) + '.');
        return false;
    }
    if (!document_.IsObject()) {
        problem_ = whole_body(400, "The body is not a JSON object.");
        return false;
    }
    std::set<std::string_view> seen;
    for (const auto& field : document_.GetObject()) {
        const std::string_view name = view(field.name);
        if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
            const std::string meant = nearest(name, {known_.begin(), known_.end()});
            refuse(std::string(name.substr(0, line_bytes_max)),
                   "is not known here" +
                       (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
            problem_->type = "urn:empathd:problem:unknown-member";
            problem_->title = "Unknown member";
            problem_->nearest = meant;
            problem_->accepted.assign(known_.begin(), known_.end());
            return false;
        }
        if (!seen.insert(name).second) {
            refuse(name, "stands there twice");
            return false;
        }
    }
    return true;
}

const Value* Body::member(std::string_view name) const noexcept
{
    for (const auto& field : document_.GetObject()) {
        if (view(field.name) == name) {
            return field.value.IsNull() ? nullptr : &field.value;
        }
    }
    return nullptr;
}

void Body::refuse(std::string_view name, std::string why)
{
    if (problem_) {
        return;
    }
    wire::Problem problem;
    problem.type = "urn:empathd:problem:invalid-member";
    problem.title = "Invalid member";
    problem.status = 400;
    problem.parameter = name;
    problem.detail = "Member \"" + std::string(name) + "\" " + std::move(why);
    if (!problem.detail.ends_with('?')) {
        problem.detail += '.';
    }
    problem_ = std::move(problem);
}

std::string Body::note(std::string_view name, std::size_t bytes_max)
{
    const Value* value = member(name);
    if (value == nullptr) {
        return {};
    }
    if (!value->IsString()) {
        refuse(name, "must be text");
        return {};
    }
    const std::string_view text = view(*value);
    if (text.size() > bytes_max) {
        refuse(name, "is longer than " + std::to_string(bytes_max) + " bytes");
        return {};
    }
    if (is_blank(text) && !text.empty()) {
        refuse(name, "is blank");
        return {};
    }
    if (has_control(text, false)) {
        refuse(name, "has control characters");
        return {};
    }
    return std::string(text);
}

std::string Body::line(std::string_view name, std::size_t bytes_max)
{
    std::string text = note(name, bytes_max);
    if (has_control(text, true)) {
        refuse(name, "must be one line");
        return {};
    }
    return text;
}

std::string Body::needed(std::string_view name, std::size_t bytes_max)
{
    std::string text = line(name, bytes_max);
    if (text.empty()) {
        refuse(name, "is needed");
    }
    return text;
}

std::string Body::one_of(std::string_view name, std::span<const std::string_view> words)
{
    std::string text = needed(name);
    if (!problem_ && std::find(words.begin(), words.end(), text) == words.end()) {
        std::string list;
        for (const std::string_view word : words) {
            list += (list.empty() ? "" : ", ") + std::string(word);
        }
        refuse(name, "must be one of " + list);
        problem_->accepted.assign(words.begin(), words.end());
        return {};
    }
    return text;
}

std::optional<TimePoint> Body::time(std::string_view name)
{
    const std::string text = line(name);
    if (text.empty()) {
        return std::nullopt;
    }
    const auto time = parse_rfc3339(text);
    if (!time) {
        refuse(name, "must be a time such as 2026-03-02T10:00:00Z");
        return std::nullopt;
    }
    return *time;
}

std::optional<TimePoint> Body::time_from_now(std::string_view name)
{
    const std::string text = line(name);
    if (text.empty()) {
        return std::nullopt;
    }
    // An age is counted back from now; the same length is counted on from now here.
    const bool is_length = text.find('T') == std::string::npos;
    const auto then = is_length ? parse_time_or_age(text, now_) : std::nullopt;
    if (!then) {
        refuse(name, "must be a length of time such as 90s, 30m, 2h, 7d, 2w");
        return std::nullopt;
    }
    return now_ + (now_ - *then);
}

std::vector<std::string> Body::lines(std::string_view name, std::size_t most)
{
    std::vector<std::string> out;
    const Value* value = member(name);
    if (value == nullptr || !value->IsArray() || value->Empty() || value->Size() > most) {
        refuse(name, "must be a list of 1 to " + std::to_string(most) + " texts");
        return out;
    }
    for (const Value& item : value->GetArray()) {
        if (!item.IsString() || is_blank(view(item)) || has_control(view(item), true) ||
            view(item).size() > note_bytes_max) {
            refuse(name, "must be a list of texts of one line each");
            return {};
        }
        out.emplace_back(view(item));
    }
    return out;
}

} // namespace empathd::http

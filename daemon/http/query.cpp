#include "daemon/http/query.hpp"

#include "daemon/http/nearest.hpp"
#include "daemon/http/output.hpp"

#include <algorithm>
#include <charconv>

namespace empathd::http {
namespace {

constexpr std::chrono::seconds age_max = std::chrono::days{3650};

std::vector<std::string_view> names_of(std::span<const wire::Parameter> known)
{
    std::vector<std::string_view> names;
    for (const wire::Parameter& parameter : known) {
        names.push_back(parameter.name);
    }
    return names;
}

std::vector<std::string> choices_of(std::string_view accepted)
{
    std::vector<std::string> choices;
    for (;;) {
        const std::size_t bar = accepted.find('|');
        choices.emplace_back(accepted.substr(0, bar));
        if (bar == std::string_view::npos) {
            return choices;
        }
        accepted.remove_prefix(bar + 1);
    }
}

template <class Number>
std::optional<Number> number_of(std::string_view text)
{
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

int hex_digit(char c) noexcept
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string named(std::string_view name)
{
    return "Parameter \"" + std::string(name) + "\" ";
}

} // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    const bool good = is_utf8(out) && out.find('\0') == std::string::npos;
    return good ? std::optional{std::move(out)} : std::nullopt;
}

std::optional<TimePoint> parse_time_or_age(std::string_view text, TimePoint now)
{
    if (const auto time = parse_rfc3339(text)) {
        return time;
    }
    // "...T12:00:00+02:00" typed into a query unencoded arrives with a space for the '+'.
    std::string mended(text);
    if (mended.size() > 6 && mended[mended.size() - 6] == ' ') {
        mended[mended.size() - 6] = '+';
        return parse_rfc3339(mended);
    }
    if (text.size() < 2 || text.size() > 12) {
        return std::nullopt;
    }
    const auto count = number_of<std::uint64_t>(text.substr(0, text.size() - 1));
    std::int64_t unit_s = 0;
    switch (text.back()) {
    case 's': unit_s = 1; break;
    case 'm': unit_s = 60; break;
    case 'h': unit_s = 3600; break;
    case 'd': unit_s = 86'400; break;
    case 'w': unit_s = 604'800; break;
    default: return std::nullopt;
    }
    if (!count || *count > static_cast<std::uint64_t>(age_max.count() / unit_s)) {
        return std::nullopt;
    }
    return now - std::chrono::seconds{static_cast<std::int64_t>(*count) * unit_s};
}

Query::Query(std::string_view text, std::span<const wire::Parameter> known, TimePoint now)
    : known_(known), now_(now)
{
    while (!text.empty() && !problem_) {
        const std::size_t end = text.find('&');
        const std::string_view field = text.substr(0, end);
        if (!field.empty()) {
            take(field);
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

void Query::take(std::string_view field)
{
    const std::size_t equals = field.find('=');
    const auto name = percent_decoded(field.substr(0, equals), true);
    const std::string_view raw =
        equals == std::string_view::npos ? std::string_view{} : field.substr(equals + 1);
    const auto value = percent_decoded(raw, true);
    if (!name) {
        refuse("?", "is not percent-encoded UTF-8");
    } else if (known(*name) == nullptr) {
        refuse_unknown(*name);
    } else if (!value) {
        refuse(*name, "is not percent-encoded UTF-8");
    } else if (value->empty()) {
        refuse(*name, "is empty: leave it out to filter by nothing");
    } else if (value->size() > parameter_bytes_max) {
        refuse(*name, "is longer than " + std::to_string(parameter_bytes_max) + " bytes");
    } else if (find(*name) != nullptr) {
        refuse(*name, "is given twice");
    } else {
        values_.emplace_back(*name, *value);
    }
}

void Query::refuse_unknown(const std::string& name)
{
    const std::string meant = nearest(name, names_of(known_));
    wire::Problem problem;
    problem.type = "urn:empathd:problem:unknown-parameter";
    problem.title = "Unknown parameter";
    problem.status = 400;
    problem.parameter = name;
    problem.nearest = meant;
    problem.detail = named(name) + "is not known here" +
                     (meant.empty() ? std::string() : "; did you mean \"" + meant + "\"?");
    for (const wire::Parameter& parameter : known_) {
        problem.accepted.emplace_back(parameter.name);
    }
    problem_ = std::move(problem);
}

void Query::refuse(std::string_view name, std::string why)
{
    if (problem_) {
        return;
    }
    wire::Problem problem;
    problem.type = "urn:empathd:problem:bad-parameter";
    problem.title = "Bad parameter";
    problem.status = 400;
    problem.parameter = name;
    problem.detail = named(name) + why;
    if (const wire::Parameter* parameter = known(name)) {
        problem.accepted = choices_of(parameter->accepted);
    }
    problem_ = std::move(problem);
}

const wire::Parameter* Query::known(std::string_view name) const noexcept
{
    const auto found = std::find_if(known_.begin(), known_.end(),
                                    [name](const auto& known) { return known.name == name; });
    return found == known_.end() ? nullptr : &*found;
}

const std::string* Query::find(std::string_view name) const noexcept
{
    const auto found = std::find_if(values_.begin(), values_.end(),
                                    [name](const auto& value) { return value.first == name; });
    return found == values_.end() ? nullptr : &found->second;
}

std::string Query::text(std::string_view name)
{
    const std::string* value = find(name);
    if (value == nullptr) {
        return {};
    }
    const wire::Parameter* parameter = known(name);
    if (parameter != nullptr && parameter->accepted.find('|') != std::string_view::npos) {
        const auto choices = choices_of(parameter->accepted);
        if (std::find(choices.begin(), choices.end(), *value) == choices.end()) {
            refuse(name, "is none of " + std::string(parameter->accepted));
            return {};
        }
    }
    return *value;
}

std::optional<TimePoint> Query::time(std::string_view name)
{
    const std::string* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto time = parse_time_or_age(*value, now_);
    if (!time) {
        refuse(name, "is no time and no age");
    }
    return time;
}

std::size_t Query::limit()
{
    const std::string* value = find("limit");
    if (value == nullptr) {
        return wire::limit_default;
    }
    const auto limit = number_of<std::size_t>(*value);
    if (!limit || *limit == 0 || *limit > wire::limit_max) {
        refuse("limit", "is not a whole number from 1 to 500");
        return wire::limit_default;
    }
    return *limit;
}

std::optional<double> Query::number(std::string_view name, double least, double most)
{
    const std::string* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto number = number_of<double>(*value);
    if (!number || !(*number >= least && *number <= most)) {
        refuse(name, "is not a number in its range");
        return std::nullopt;
    }
    return number;
}

std::optional<std::int64_t> Query::whole(std::string_view name)
{
    const std::string* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto number = number_of<std::int64_t>(*value);
    if (!number || *number < 0) {
        refuse(name, "is not a whole number from 0");
        return std::nullopt;
    }
    return number;
}

} // namespace empathd::http

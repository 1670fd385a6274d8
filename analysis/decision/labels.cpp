#include "analysis/decision/labels.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace empathd::analysis {
namespace {

constexpr std::array<std::string_view, 11> names{"audience", "brand",    "emotion", "gravity",
                                                 "language", "need",     "network", "place",
                                                 "reason",   "severity", "stage"};

struct Sign {
    std::string_view text;
    MatchKind kind;
};
/// Longer ones first: "!=" begins where "=" would be found one later.
constexpr std::array signs{Sign{"!=", MatchKind::not_equal}, Sign{"!~", MatchKind::not_like},
                           Sign{"=", MatchKind::equal}, Sign{"~", MatchKind::like}};

char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) noexcept
{
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Bytes of the character that begins at `at`: a lead byte and what follows it.
std::size_t character_size(std::string_view text, std::size_t at) noexcept
{
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) {
        ++end;
    }
    return end - at;
}

bool is_pattern(MatchKind kind) noexcept
{
    return kind == MatchKind::like || kind == MatchKind::not_like;
}

Error wrong(std::string message)
{
    return {ErrorKind::malformed, std::move(message)};
}

std::string known_names()
{
    std::string out;
    for (const std::string_view name : names) {
        out += (out.empty() ? "" : ", ") + std::string(name);
    }
    return out;
}

} // namespace

std::span<const std::string_view> label_names() noexcept
{
    return names;
}

void Labels::add(std::string_view name, std::string_view value)
{
    if (value.empty()) {
        return;
    }
    std::vector<std::string>& values = values_[std::string(name)];
    if (std::find(values.begin(), values.end(), value) == values.end()) {
        values.emplace_back(value);
    }
}

std::span<const std::string> Labels::of(std::string_view name) const noexcept
{
    const auto found = values_.find(name);
    return found == values_.end() ? std::span<const std::string>() : found->second;
}

Labels labels_of(const Incident& incident)
{
    Labels labels;
    labels.add("brand", incident.brand);
    labels.add("severity", to_string(incident.severity));
    for (const std::string& network : incident.networks) {
        labels.add("network", network);
    }
    for (const std::string& language : incident.languages) {
        labels.add("language", language);
    }
    return labels;
}

bool fits(std::string_view pattern, std::string_view text) noexcept
{
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos; // The last '*', and where its run ends for now.
    std::size_t run_end = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            run_end = t;
        } else if (p < pattern.size() && pattern[p] == '?') {
            ++p;
            t += character_size(text, t);
        } else if (p < pattern.size() && lower(pattern[p]) == lower(text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++run_end;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

bool matches(const Matcher& matcher, const Labels& labels)
{
    const bool pattern = is_pattern(matcher.kind);
    bool found = false;
    for (const std::string& value : labels.of(matcher.label)) {
        for (const std::string& wanted : matcher.values) {
            found = found || (pattern ? fits(wanted, value) : same(wanted, value));
        }
    }
    const bool wants = matcher.kind == MatchKind::equal || matcher.kind == MatchKind::like;
    return found == wants;
}

bool matches(std::span<const Matcher> matchers, const Labels& labels)
{
    return std::all_of(matchers.begin(), matchers.end(),
                       [&labels](const Matcher& matcher) { return matches(matcher, labels); });
}

Result<> check(const Matcher& matcher)
{
    if (std::find(names.begin(), names.end(), matcher.label) == names.end()) {
        return wrong("label \"" + matcher.label + "\" is none of " + known_names());
    }
    if (matcher.values.empty() || matcher.values.size() > matcher_values_max) {
        return wrong(matcher.label + " has " + std::to_string(matcher.values.size()) +
                     " values, must have 1 to " + std::to_string(matcher_values_max));
    }
    for (const std::string& value : matcher.values) {
        if (value.empty()) {
            return wrong(matcher.label + " has an empty value");
        }
        if (value.size() > matcher_value_bytes_max) {
            return wrong(matcher.label + " has a value of " + std::to_string(value.size()) +
                         " bytes, must have at most " + std::to_string(matcher_value_bytes_max));
        }
    }
    if (matcher.label == "severity" && !is_pattern(matcher.kind)) {
        for (const std::string& value : matcher.values) {
            if (!severity_from(value)) {
                return wrong("severity \"" + value +
                             "\" is none of info, warning, error, critical");
            }
        }
    }
    return {};
}

Result<Matcher> parse_matcher(std::string_view text)
{
    const std::size_t at = text.find_first_of("=!~");
    const std::string_view rest = at == std::string_view::npos ? "" : text.substr(at);
    const auto* const sign = std::find_if(
        signs.begin(), signs.end(), [rest](const Sign& one) { return rest.starts_with(one.text); });
    if (sign == signs.end()) {
        return wrong("\"" + std::string(text.substr(0, matcher_value_bytes_max)) +
                     "\" is no condition, must be \"label = value\", with =, !=, ~ or !~");
    }
    Matcher matcher{.label = std::string(trimmed(text.substr(0, at))), .kind = sign->kind};
    std::string_view values = rest.substr(sign->text.size());
    for (bool more = true; more && matcher.values.size() <= matcher_values_max;) {
        const std::size_t bar = values.find('|');
        more = bar != std::string_view::npos;
        matcher.values.emplace_back(trimmed(values.substr(0, bar)));
        values.remove_prefix(more ? bar + 1 : values.size());
    }
    const Result<> good = check(matcher);
    if (!good) {
        return good.error();
    }
    return matcher;
}

std::string to_string(const Matcher& matcher)
{
    const auto* const sign = std::find_if(signs.begin(), signs.end(), [&matcher](const Sign& one) {
        return one.kind == matcher.kind;
    });
    std::string out = matcher.label + ' ' + std::string(sign->text) + ' ';
    for (std::size_t i = 0; i < matcher.values.size(); ++i) {
        out += (i == 0 ? "" : " | ") + matcher.values[i];
    }
    return out;
}

} // namespace empathd::analysis

#include "analysis/decision/silence.hpp"

#include <algorithm>
#include <utility>

namespace empathd::analysis {
namespace {

Error wrong(std::string message)
{
    return {ErrorKind::malformed, std::move(message)};
}

/// What is wrong with a text that must be there; empty: nothing.
std::string text_problem(const std::string& field, const std::string& text)
{
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        return field + " is missing";
    }
    if (text.size() > silence_text_bytes_max) {
        return field + " has " + std::to_string(text.size()) + " bytes, must have at most " +
               std::to_string(silence_text_bytes_max);
    }
    return {};
}

bool asks_for_something(const Matcher& matcher)
{
    const bool wants = matcher.kind == MatchKind::equal || matcher.kind == MatchKind::like;
    return wants &&
           std::all_of(matcher.values.begin(), matcher.values.end(), [](const std::string& value) {
               return value.find_first_not_of("*?") != std::string::npos;
           });
}

} // namespace

Result<> check(const Silence& silence, TimePoint now)
{
    for (const auto& [field, text] : {std::pair<std::string, const std::string&>("id", silence.id),
                                      {"author", silence.author},
                                      {"reason", silence.reason}}) {
        std::string problem = text_problem(field, text);
        if (!problem.empty()) {
            return wrong(std::move(problem));
        }
    }
    if (silence.ends_at == TimePoint{}) {
        return wrong("ends_at is missing: a silence must end");
    }
    if (silence.ends_at <= silence.starts_at) {
        return wrong("ends_at is not later than starts_at");
    }
    if (silence.ends_at <= now) {
        return wrong("ends_at is over already");
    }
    if (silence.ends_at - silence.starts_at > silence_length_max) {
        return wrong("ends_at is more than " + std::to_string(silence_length_max.count()) +
                     " days after starts_at");
    }
    if (silence.matchers.empty() || silence.matchers.size() > matchers_max) {
        return wrong("matchers has " + std::to_string(silence.matchers.size()) +
                     " conditions, must have 1 to " + std::to_string(matchers_max));
    }
    for (const Matcher& matcher : silence.matchers) {
        const Result<> good = check(matcher);
        if (!good) {
            return wrong("matchers: " + good.error().message);
        }
    }
    if (!std::any_of(silence.matchers.begin(), silence.matchers.end(), asks_for_something)) {
        return wrong("matchers would hide nearly everything: one must ask for a value");
    }
    return {};
}

bool runs(const Silence& silence, TimePoint at) noexcept
{
    return silence.starts_at <= at && at < silence.ends_at;
}

Result<> SilenceBook::put(Silence silence, TimePoint now)
{
    Result<> good = check(silence, now);
    if (!good) {
        return good;
    }
    if (entries_.size() >= silences_max && !entries_.contains(silence.id)) {
        return Error{ErrorKind::refused,
                     "there are " + std::to_string(silences_max) + " silences already"};
    }
    const std::string id = silence.id;
    entries_[id].silence = std::move(silence);
    return {};
}

void SilenceBook::restore(Silence silence, HiddenRecord hidden)
{
    const std::string id = silence.id;
    entries_[id] = {.silence = std::move(silence), .hidden = std::move(hidden)};
}

Result<> SilenceBook::end(const std::string& id, TimePoint now)
{
    const auto found = entries_.find(id);
    if (found == entries_.end() || found->second.silence.ends_at <= now) {
        return Error{ErrorKind::not_found, "no silence \"" + id + "\" that has not ended"};
    }
    Silence& silence = found->second.silence;
    silence.starts_at = std::min(silence.starts_at, now);
    silence.ends_at = now;
    return {};
}

std::size_t SilenceBook::forget_ended(TimePoint before)
{
    return std::erase_if(
        entries_, [before](const auto& entry) { return entry.second.silence.ends_at < before; });
}

const Silence* SilenceBook::hiding(const Labels& labels, TimePoint at) const
{
    const Silence* longest = nullptr;
    for (const auto& [id, entry] : entries_) {
        const Silence& silence = entry.silence;
        if (runs(silence, at) && (longest == nullptr || silence.ends_at > longest->ends_at) &&
            matches(silence.matchers, labels)) {
            longest = &silence;
        }
    }
    return longest;
}

std::optional<TimePoint> SilenceBook::next_change(TimePoint after) const
{
    std::optional<TimePoint> next;
    for (const auto& [id, entry] : entries_) {
        for (const TimePoint at : {entry.silence.starts_at, entry.silence.ends_at}) {
            if (at > after && (!next || at < *next)) {
                next = at;
            }
        }
    }
    return next;
}

void SilenceBook::hid(const std::string& id, Hidden what)
{
    const auto found = entries_.find(id);
    if (found == entries_.end()) {
        return;
    }
    HiddenRecord& record = found->second.hidden;
    ++record.count;
    std::erase_if(record.last,
                  [&what](const Hidden& known) { return known.incident == what.incident; });
    record.last.push_back(std::move(what));
    if (record.last.size() > hidden_kept) {
        record.last.pop_front();
    }
}

HiddenRecord SilenceBook::hidden_by(const std::string& id) const
{
    const auto found = entries_.find(id);
    return found == entries_.end() ? HiddenRecord{} : found->second.hidden;
}

std::vector<Silence> SilenceBook::all() const
{
    std::vector<Silence> out;
    for (const auto& [id, entry] : entries_) {
        out.push_back(entry.silence);
    }
    return out;
}

} // namespace empathd::analysis

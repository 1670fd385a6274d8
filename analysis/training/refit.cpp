#include "analysis/training/refit.hpp"

#include "analysis/model/experience.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace empathd::training {
namespace {

std::string percent(float share)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.1f", double{share} * 100);
    return text.data();
}

const analysis::Head* head_named(const analysis::ModelParts& parts, std::string_view name)
{
    const auto found = std::ranges::find(parts.heads, name, &analysis::Head::name);
    return found == parts.heads.end() ? nullptr : &*found;
}

/// A misspelt member would teach nothing and tell nobody.
std::string unknown_member(const Record& record)
{
    constexpr std::array<std::string_view, 6> others = {"id",     "lang", "industry",
                                                        "manner", "text", "names"};
    for (const auto& [member, value] : record.members) {
        if (!facet_named(member) && std::ranges::find(others, member) == others.end()) {
            return member;
        }
    }
    return {};
}

} // namespace

Result<Sample> sample_of_correction(const Record& record)
{
    if (const std::string member = unknown_member(record); !member.empty()) {
        return Error{ErrorKind::malformed, "there is no head \"" + member + '"'};
    }
    const std::string_view reason = record.at("reason");
    if (!reason.empty() && reason != none && record.at("experience") != "complaint") {
        return Error{ErrorKind::malformed,
                     "a reason needs \"experience\": \"complaint\" beside it"};
    }
    std::optional<Sample> sample = sample_of_corpus(record);
    if (!sample) {
        return Error{ErrorKind::malformed, "a correction needs \"lang\" and \"text\""};
    }
    for (const auto& [head, label] : sample->labels) {
        const std::optional<Facet> facet = facet_named(head);
        if (facet && std::ranges::find(labels_of(*facet), label) == labels_of(*facet).end()) {
            std::string known;
            for (const std::string_view one : labels_of(*facet)) {
                known += (known.empty() ? "" : ", ") + std::string(one);
            }
            return Error{ErrorKind::malformed,
                         '"' + head + "\" is \"" + label + "\", but may be: " + known};
        }
    }
    if (sample->labels.size() < 2) { // The language alone.
        return Error{ErrorKind::malformed, "a correction needs the label of at least one head"};
    }
    sample->set = corrections_set;
    sample->group = sample->text;
    sample->correction = true;
    return *std::move(sample);
}

std::vector<std::string> what_is_worse(const analysis::ModelParts& old,
                                       const analysis::ModelParts& fresh, RefitLimits limits)
{
    std::vector<std::string> worse;
    const std::vector<std::string>& languages = old.heads.front().labels;
    float before = 0;
    float after = 0;
    float compared = 0;
    for (const analysis::Head& head : old.heads) {
        const analysis::Head* const other = head_named(fresh, head.name);
        for (std::size_t i = 0;
             other != nullptr && i < head.languages.size() && i < other->languages.size(); ++i) {
            const float was = head.languages[i].score;
            const float is = other->languages[i].score;
            if (was <= 0 || is <= 0) {
                continue;
            }
            before += was;
            after += is;
            compared += 1;
            if (is < was - limits.of_one) {
                worse.push_back(head.name + " (" + languages[i] + ") falls from " + percent(was) +
                                " to " + percent(is));
            }
        }
    }
    if (compared > 0 && after < before - limits.of_all * compared) {
        worse.push_back("the mean of all heads falls from " + percent(before / compared) + " to " +
                        percent(after / compared));
    }
    return worse;
}

} // namespace empathd::training

#include "daemon/pipeline/notices.hpp"

#include "analysis/model/digest.hpp"
#include "daemon/pipeline/byte_fields.hpp"

#include <algorithm>

namespace empathd {
namespace {

using namespace bytes;

constexpr std::chrono::hours blind_counts_for{24};

double lowest_score(Severity severity, const analysis::DecisionOptions& options) noexcept
{
    switch (severity) {
    case Severity::info: return 0;
    case Severity::warning: return options.score_warning;
    case Severity::error: return options.score_error;
    case Severity::critical: return options.score_critical;
    }
    return 0;
}

} // namespace

std::string blind_id(std::string_view source)
{
    return std::string(blind_prefix) + digest({source});
}

std::string volume_id(std::string_view brand, std::string_view series)
{
    return std::string(volume_prefix) + digest({brand, series});
}

bool Notices::begin(const Notice& notice, TimePoint at, Lives& lives)
{
    const auto [severity, begins] = severities_.try_emplace(notice.id, notice.severity);
    const bool changed = begins || severity->second != notice.severity;
    severity->second = notice.severity;
    const auto [found, unknown] = incidents_.try_emplace(notice.id);
    Incident& incident = found->second;
    const analysis::Life* before = lives.find(notice.id);
    if (begins) {
        incident = Incident{};
        incident.first_at = notice.since == TimePoint{} ? at : std::min(notice.since, at);
        if (before != nullptr) {
            analysis::Life again;
            again.episode = before->episode + 1;
            lives.forget(notice.id);
            lives.restore(notice.id, again);
            incident.episode = again.episode;
        }
    } else if (unknown) { // Closed by hand long ago, and still not over.
        incident.first_at = at;
        if (before != nullptr) {
            analysis::write_to(*before, incident);
        }
    }
    incident.id = notice.id;
    incident.brand = notice.brand;
    incident.title = notice.title;
    incident.last_at = at;
    return changed;
}

bool Notices::end(const std::string& id, TimePoint at)
{
    if (severities_.erase(id) == 0) {
        return false;
    }
    if (Incident* incident = find(id)) {
        incident->last_at = at;
    }
    return true;
}

Incident* Notices::find(const std::string& id)
{
    const auto found = incidents_.find(id);
    return found == incidents_.end() ? nullptr : &found->second;
}

std::vector<std::string> Notices::going_on(std::string_view prefix) const
{
    std::vector<std::string> out;
    for (const auto& [id, severity] : severities_) {
        if (id.starts_with(prefix)) {
            out.push_back(id);
        }
    }
    return out;
}

bool Notices::blind_between(TimePoint from, TimePoint to) const
{
    const auto blind = [&](const auto& item) {
        const auto& [id, incident] = item;
        if (!id.starts_with(blind_prefix) || incident.first_at >= to) {
            return false;
        }
        return goes_on(id) ? to - incident.first_at <= blind_counts_for : incident.last_at > from;
    };
    return std::any_of(incidents_.begin(), incidents_.end(), blind);
}

analysis::Look Notices::look(const Incident& notice, const analysis::DecisionOptions& options) const
{
    const auto severity = severities_.find(notice.id);
    analysis::Look look;
    look.severity = severity == severities_.end() ? notice.severity : severity->second;
    look.score = lowest_score(look.severity, options);
    look.tell = notice.id.starts_with(blind_prefix) ? AlertReason::blind : AlertReason::volume;
    look.mentions = 1; // It is there.
    return look;
}

std::string Notices::save() const
{
    ByteWriter out;
    out.u32(severities_.size());
    for (const auto& [id, severity] : severities_) {
        put(out, id);
        put(out, severity);
    }
    return sealed(std::move(out));
}

Result<> Notices::load(std::string_view bytes)
{
    using Severities = std::map<std::string, Severity>;
    const auto read = [](ByteReader& in, Severities& severities) {
        for (std::size_t left = in.count(items_max, 5); left > 0 && in.good(); --left) {
            std::string id;
            Severity severity{};
            get(in, id);
            get(in, Severity::critical, severity);
            severities[id] = severity;
        }
    };
    auto loaded = unsealed<Severities>(bytes, "notices", read);
    if (!loaded) {
        return loaded.error();
    }
    severities_ = std::move(*loaded);
    return {};
}

} // namespace empathd

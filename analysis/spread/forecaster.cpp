#include "analysis/spread/forecaster.hpp"

#include "analysis/spread/forecaster_state.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace empathd::analysis {

Forecaster::State::State()
{
    for (std::size_t kind = 0; kind < prior_kinds; ++kind) {
        fresh[kind] =
            std::make_unique<const PlatformModel>(shipped_prior(static_cast<PriorKind>(kind)));
    }
}

const PlatformModel& Forecaster::State::find(const std::string& platform) const
{
    const auto found = platforms.find(platform);
    return found != platforms.end() ? *found->second
                                    : *fresh[static_cast<std::size_t>(prior_kind(platform))];
}

PlatformModel& Forecaster::State::own(const std::string& platform)
{
    std::unique_ptr<PlatformModel>& model = platforms[platform];
    if (model == nullptr) {
        model =
            std::make_unique<PlatformModel>(*fresh[static_cast<std::size_t>(prior_kind(platform))]);
    }
    return *model;
}

Forecaster::Forecaster() : state_(std::make_unique<State>()) {}
Forecaster::Forecaster(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Forecaster::~Forecaster() = default;
Forecaster::Forecaster(Forecaster&& other) noexcept = default;
Forecaster& Forecaster::operator=(Forecaster&& other) noexcept = default;

Forecast Forecaster::forecast(const std::string& platform, const Track& track, TimePoint at) const
{
    return state_->find(platform).forecast(track, at);
}

double Forecaster::threshold(const std::string& platform) const
{
    return state_->find(platform).threshold();
}

void Forecaster::set_threshold(const std::string& platform, std::optional<double> reactions)
{
    const bool usable = !reactions || (std::isfinite(*reactions) && *reactions > 0);
    if (usable) {
        state_->own(platform).fix_threshold(reactions);
    }
}

void Forecaster::observe(const std::string& platform, const std::string& id, const Track& track)
{
    if (track.begun() && track.first_at + life > state_->matured_until) {
        state_->pending.observe(platform, id, track, track.lateness <= late_from);
    }
}

bool Forecaster::mature(const std::string& platform, const std::string& id, TimePoint at,
                        std::optional<double> final_count)
{
    const std::optional<PendingPost> post = state_->pending.take(platform, id);
    if (!post) {
        return false;
    }
    const bool usable = final_count && std::isfinite(*final_count) && *final_count >= 0;
    state_->own(platform).learn(*post, usable ? *final_count : post->count, at);
    return true;
}

std::size_t Forecaster::mature_due(TimePoint at)
{
    const std::vector<PendingPost> due = state_->pending.take_first_seen_by(at - life);
    for (const PendingPost& post : due) {
        state_->own(post.platform).learn(post, post.count, at);
    }
    state_->matured_until = std::max(state_->matured_until, at);
    return due.size();
}

TimePoint Forecaster::matured_until() const noexcept
{
    return state_->matured_until;
}

void Forecaster::drop(const std::string& platform, const std::string& id)
{
    [[maybe_unused]] const auto dropped = state_->pending.take(platform, id);
}

std::size_t Forecaster::pending() const noexcept
{
    return state_->pending.size();
}

std::vector<CalibrationReport> Forecaster::report() const
{
    std::vector<CalibrationReport> out;
    for (const auto& [platform, model] : state_->platforms) {
        CalibrationReport report = model->report();
        if (report.matured > 0) {
            report.platform = platform;
            out.push_back(std::move(report));
        }
    }
    return out;
}

} // namespace empathd::analysis

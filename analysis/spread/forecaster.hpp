#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/forecast.hpp"
#include "analysis/spread/calibration.hpp"
#include "analysis/spread/features.hpp"
#include "analysis/spread/rules.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// The platform under which stories are forecast and learned.
inline constexpr const char* story_platform = "story";

/// Says from a Track how far a post or story will go, and learns from those whose life is over.
///
/// Every platform is learned apart, beginning with a prior that ships; a platform the prior does
/// not know begins with a general one. Whoever polls keeps a Track per post and story and, after
/// each update of it, calls observe. From the polls of a post one in each age bucket is kept to
/// learn from: the one whose hash of platform, id, bucket and time is lowest. That is a random poll
/// (the first in a bucket would teach nothing about its end) and the same one whenever the same
/// polls are observed again, as after a restart, when what is pending is rebuilt that way. Polls
/// that came too late to forecast in time (lateness > late_from) are not learned from.
///
/// Pure: no clock, no random numbers. The same calls in the same order give the same answers. Not
/// to be called from two threads at a time, forecasts alone excepted.
class Forecaster {
public:
    Forecaster();
    ~Forecaster();
    Forecaster(Forecaster&& other) noexcept;
    Forecaster& operator=(Forecaster&& other) noexcept;

    /// The forecast as of the track's last poll, which is what is known; a silence since then is no
    /// evidence, it only makes the forecast late. `at`: now.
    [[nodiscard]] Forecast forecast(const std::string& platform, const Track& track,
                                    TimePoint at) const;

    /// The count whose chance is forecast: the one that was set, else the 95 % quantile of final
    /// counts of about the last 8 weeks (90 % until 300 matured; what ships until 30 did).
    [[nodiscard]] double threshold(const std::string& platform) const;
    /// From now on this one (> 0); nothing: what is usual on the platform.
    void set_threshold(const std::string& platform, std::optional<double> reactions);

    /// Keeps what the poll that `track` was last brought up to date with may teach. Once after each
    /// update; a track not begun and one whose life was over by matured_until() is ignored.
    void observe(const std::string& platform, const std::string& id, const Track& track);

    /// The post's life is over: learns from it and forgets it. `final_count`: what it ended at,
    /// else the last count observed. False: it was not pending.
    bool mature(const std::string& platform, const std::string& id, TimePoint at,
                std::optional<double> final_count = {});

    /// Matures all that were first polled a life before `at`, in the order of their first polls.
    /// Returns how many. Later observe calls ignore posts of that age, so that one may rebuild what
    /// is pending from all stored observations without learning a post twice.
    std::size_t mature_due(TimePoint at);
    [[nodiscard]] TimePoint matured_until() const noexcept;

    /// Forgets a pending post unlearned: it was deleted, its end cannot be known.
    void drop(const std::string& platform, const std::string& id);
    [[nodiscard]] std::size_t pending() const noexcept;

    /// How well forecasts have held, by platform in alphabetical order; those that learned any.
    [[nodiscard]] std::vector<CalibrationReport> report() const;

    /// All that was learned and set, but nothing pending. The same state gives the same bytes.
    [[nodiscard]] std::string save() const;
    /// `malformed` for bytes that save did not make or that were damaged since. What was loaded
    /// answers and learns as what was saved, to the last bit.
    [[nodiscard]] static Result<Forecaster> load(std::string_view bytes);

private:
    struct State;
    explicit Forecaster(std::unique_ptr<State> state) noexcept;

    std::unique_ptr<State> state_;
};

} // namespace empathd::analysis

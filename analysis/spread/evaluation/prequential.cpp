#include "analysis/spread/evaluation/prequential.hpp"

#include "analysis/spread/forecaster.hpp"
#include "analysis/spread/ring.hpp"
#include "analysis/spread/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>

namespace empathd::spread_evaluation {
namespace {

using namespace analysis;

/// A poll of a series, or its end.
struct Step {
    TimePoint at{};
    std::size_t series = 0;
    std::size_t poll = 0; ///< Beyond the last: the end became known.
};

std::vector<Step> steps_of(const SeriesSet& set)
{
    std::vector<Step> out;
    for (std::size_t i = 0; i < set.series.size(); ++i) {
        const Series& series = set.series[i];
        for (std::size_t k = 0; k < series.polls.size(); ++k) {
            out.push_back({.at = series.polls[k].at, .series = i, .poll = k});
        }
        out.push_back({.at = std::max(series.end_known_at, series.polls.back().at),
                       .series = i,
                       .poll = series.polls.size()});
    }
    std::sort(out.begin(), out.end(), [](const Step& a, const Step& b) {
        return std::tie(a.at, a.series, a.poll) < std::tie(b.at, b.series, b.poll);
    });
    return out;
}

std::vector<double> ends_of(const SeriesSet& set, std::optional<std::uint64_t> shuffle)
{
    std::vector<double> out;
    for (const Series& series : set.series) {
        out.push_back(series.end);
    }
    if (shuffle) {
        Chance chance(*shuffle);
        for (std::size_t i = out.size(); i > 1; --i) {
            std::swap(out[i - 1], out[chance.bits() % i]);
        }
    }
    return out;
}

/// Between polls the count is taken as even.
std::optional<TimePoint> half_at(const Series& series, const Made& made)
{
    const double half = (made.forecast.now + made.end) / 2;
    if (!(made.end > made.forecast.now)) {
        return std::nullopt;
    }
    Count before{.at = made.at, .count = made.forecast.now};
    for (const Count& seen : series.polls) {
        if (seen.at <= made.at) {
            continue;
        }
        if (seen.count >= half) {
            const double share = (half - before.count) / (seen.count - before.count);
            const double gap_ms = static_cast<double>((seen.at - before.at).count());
            return before.at + std::chrono::milliseconds{static_cast<std::int64_t>(share * gap_ms)};
        }
        before = seen;
    }
    return std::nullopt;
}

/// What is known of a post while the run goes on.
struct Alive {
    Track track;
    std::array<std::optional<Made>, bucket_count> made;
    std::array<std::uint64_t, bucket_count> lots{};
    Watched watched;
    bool own = false;
    bool high_before = false; ///< p was high at the poll before.
    double threshold = 0;     ///< When first seen; when alerted, then.
};

class Runner {
public:
    Runner(const SeriesSet& set, std::optional<std::uint64_t> shuffle)
        : set_(set), ends_(ends_of(set, shuffle)), alive_(set.series.size())
    {
        if (shuffle && !ends_.empty()) {
            forecaster_.set_threshold(set_.platform, usual_threshold());
        }
    }

    RunResult run()
    {
        for (const Step& step : steps_of(set_)) {
            if (step.poll < set_.series[step.series].polls.size()) {
                poll(step);
            } else {
                end(step);
            }
        }
        const std::vector<CalibrationReport> reports = forecaster_.report();
        out_.report = reports.empty() ? CalibrationReport{} : reports.front();
        out_.days = std::chrono::duration<double>(last_own_ - first_own_).count() / 86'400;
        return std::move(out_);
    }

private:
    [[nodiscard]] double usual_threshold() const
    {
        std::vector<double> sorted = ends_;
        std::sort(sorted.begin(), sorted.end());
        return std::max(1.0, sorted[sorted.size() * 95 / 100]);
    }

    void poll(const Step& step)
    {
        const Series& series = set_.series[step.series];
        const Count& seen = series.polls[step.poll];
        Alive& alive = alive_[step.series];
        if (step.poll == 0) {
            alive.track = begin(seen.count, seen.at, series.published_at, set_.pace);
            alive.own = matured_ >= matured_for_own;
        } else {
            update(alive.track, seen.count, seen.at);
        }
        forecaster_.observe(set_.platform, std::to_string(step.series), alive.track);
        const Forecast forecast = forecaster_.forecast(set_.platform, alive.track, seen.at);
        watch(alive, forecast, step);
        keep(alive, forecast, step);
    }

    void watch(Alive& alive, const Forecast& forecast, const Step& step)
    {
        if (step.poll == 0) {
            alive.threshold = forecast.threshold;
            alive.watched.detectable = forecast.now < forecast.threshold;
        }
        const bool open = forecast.now < forecast.threshold; // Else it is no forecast any more.
        const bool high = open && !forecast.withheld && forecast.p_threshold >= alert_from;
        if (high && alive.high_before && !alive.watched.alerted) {
            alive.watched.alerted = step.at;
            alive.threshold = forecast.threshold;
        }
        alive.high_before = high;
    }

    /// Of the polls in a bucket one at random.
    void keep(Alive& alive, const Forecast& forecast, const Step& step)
    {
        const std::size_t bucket = age_bucket(alive.track);
        const std::uint64_t lot = chance_.bits();
        if (alive.made[bucket] && lot > alive.lots[bucket]) {
            return;
        }
        const Ring& ratios = ratios_[bucket];
        const double ratio =
            ratios.size() == 0 ? 1 : static_cast<double>(ratios.ranked((ratios.size() + 1) / 2));
        alive.lots[bucket] = lot;
        alive.made[bucket] = Made{.at = step.at,
                                  .forecast = forecast,
                                  .end = ends_[step.series],
                                  .naive = forecast.now * ratio,
                                  .own = matured_ >= matured_for_own};
    }

    void end(const Step& step)
    {
        const Series& series = set_.series[step.series];
        Alive& alive = alive_[step.series];
        const double end = ends_[step.series];
        forecaster_.mature(set_.platform, std::to_string(step.series), step.at, end);
        ++matured_;
        for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
            if (const std::optional<Made>& made = alive.made[bucket]) {
                out_.made[bucket].push_back(*made);
                out_.made[bucket].back().half_at = half_at(series, *made);
                ratios_[bucket].add(static_cast<float>(end / std::max(1.0, made->forecast.now)));
            }
        }
        if (alive.own) {
            finish_watching(series, alive, end);
        }
        alive = {};
    }

    void finish_watching(const Series& series, Alive& alive, double end)
    {
        Watched watched = alive.watched;
        watched.came_true = end >= alive.threshold;
        for (const Count& seen : series.polls) {
            if (seen.count >= alive.threshold) {
                watched.crossed = seen.at;
                break;
            }
        }
        out_.watched.push_back(watched);
        const TimePoint first_at = series.polls.front().at;
        first_own_ = first_own_ == TimePoint{} ? first_at : std::min(first_own_, first_at);
        last_own_ = std::max(last_own_, series.polls.back().at);
    }

    const SeriesSet& set_;
    std::vector<double> ends_;
    std::vector<Alive> alive_;
    Forecaster forecaster_;
    Chance chance_{7};
    std::array<Ring, bucket_count> ratios_{Ring(2'000), Ring(2'000), Ring(2'000), Ring(2'000),
                                           Ring(2'000), Ring(2'000), Ring(2'000)};
    std::size_t matured_ = 0;
    TimePoint first_own_{};
    TimePoint last_own_{};
    RunResult out_;
};

} // namespace

RunResult run(const SeriesSet& set, std::optional<std::uint64_t> shuffle)
{
    return Runner(set, shuffle).run();
}

} // namespace empathd::spread_evaluation

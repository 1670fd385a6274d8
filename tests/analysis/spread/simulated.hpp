#pragma once

#include "analysis/spread/evaluation/series.hpp"
#include "analysis/spread/features.hpp"
#include "analysis/spread/forecaster.hpp"
#include "analysis/spread/simulate.hpp"

#include <cstdint>
#include <string>

namespace empathd::testing {

inline const TimePoint simulated_start = from_unix_ms(1'772'000'000'000);

/// Simulated posts of a platform, ten minutes apart, polled to the end of their lives.
inline spread_evaluation::SeriesSet simulated_set(analysis::PriorKind kind, std::size_t posts,
                                                  std::uint64_t seed)
{
    analysis::Chance chance(seed);
    spread_evaluation::SeriesSet out;
    out.platform = "somewhere";
    for (std::size_t i = 0; i < posts; ++i) {
        const auto post =
            analysis::poll(analysis::simulate(analysis::draw(kind, chance), chance), chance);
        spread_evaluation::Series series;
        series.published_at = simulated_start + std::chrono::minutes{10 * i};
        for (std::size_t k = 0; k < post.polls_s.size(); ++k) {
            const auto ms = static_cast<std::int64_t>(1000 * post.polls_s[k]);
            series.polls.push_back({.at = series.published_at + std::chrono::milliseconds{ms},
                                    .count = post.counts[k]});
        }
        series.end = post.counts.back();
        series.end_known_at = series.polls.back().at;
        series.polls.pop_back(); // The last one is the end itself.
        out.series.push_back(std::move(series));
    }
    return out;
}

/// Shows a forecaster the posts of a set one after the other, each to its end.
inline void live_through(analysis::Forecaster& forecaster, const spread_evaluation::SeriesSet& set,
                         std::size_t from = 0)
{
    for (std::size_t i = from; i < set.series.size(); ++i) {
        const spread_evaluation::Series& series = set.series[i];
        analysis::Track track;
        for (const spread_evaluation::Count& seen : series.polls) {
            if (track.begun()) {
                analysis::update(track, seen.count, seen.at);
            } else {
                track = analysis::begin(seen.count, seen.at, series.published_at);
            }
            forecaster.observe(set.platform, std::to_string(i), track);
        }
        forecaster.mature(set.platform, std::to_string(i), series.end_known_at, series.end);
    }
}

} // namespace empathd::testing

#pragma once

#include "analysis/spread/evaluation/prequential.hpp"

#include <iosfwd>

namespace empathd::spread_evaluation {

/// The age bucket's name: "45-90 min".
[[nodiscard]] const char* name_of_bucket(std::size_t bucket) noexcept;

/// A table by age bucket: how many, coverage of the 80 % interval, median absolute percentage
/// errors of the forecast and of the naive multiple, mean squared error of log2(1 + increment),
/// areas under the curve for the threshold beside those of the plain count (all posts; those below
/// it), precision at half recall, Brier, by which factor the time until half of the rest had come
/// was off (median). Posts forecast after 300 had been learned and not withheld.
void print_buckets(std::ostream& out, const RunResult& run);

/// What alerts on p >= 0.5 at two polls in a row would have been worth.
void print_alerts(std::ostream& out, const RunResult& run);

/// Mean predicted and observed of p_threshold and p_double, by tenths.
void print_reliability(std::ostream& out, const RunResult& run);

/// Areas under the curve by bucket, of a run whose ends were shuffled: all should be near 0.5.
void print_control(std::ostream& out, const RunResult& shuffled);

} // namespace empathd::spread_evaluation

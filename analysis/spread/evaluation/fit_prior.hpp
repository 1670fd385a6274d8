#pragma once

#include "analysis/spread/prior.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace empathd::spread_evaluation {

/// Posts simulated for each kind of platform, and the seed: what ships was made with these.
inline constexpr std::size_t prior_posts = 12'000;
inline constexpr std::uint64_t prior_seed = 20'261'125;

/// Simulates `posts` posts, polls them, takes a random poll of each age bucket and fits the heads
/// to how the posts ended: penalised least squares, penalised logistic regression. The threshold
/// head is taught with several thresholds (the 80, 90, 95 and 98 % quantiles of final counts), so
/// that it serves whatever one a user sets. The same arguments give the same prior.
[[nodiscard]] analysis::Prior fit_prior(analysis::PriorKind kind, std::size_t posts,
                                        std::uint64_t seed);

/// The source file analysis/spread/shipped_prior.cpp with what fit_prior gives. Numbers have five
/// digits, so that processors whose libraries differ in the last bits write the same file.
[[nodiscard]] std::string prior_source();

} // namespace empathd::spread_evaluation

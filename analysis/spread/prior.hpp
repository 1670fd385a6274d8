#pragma once

#include "analysis/spread/features.hpp"
#include "analysis/spread/gaussian.hpp"
#include "analysis/spread/regression.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace empathd::analysis {

/// What the heads see of a post: a Row, and for the threshold how far away that still is.
inline constexpr std::size_t threshold_width = row_width + 1;
using ThresholdRow = Vector<threshold_width>;

/// What is believed of one age bucket before any post of one's own was seen to its end.
struct BucketPrior {
    Features mean{};                             ///< Of the features, by which they are
    Features deviation{};                        ///< standardised; > 0.
    Row size{};                                  ///< Weights of the size of what is to come,
    Matrix<row_width> size_moments{};            ///< mean of z z',
    double size_noise = 1;                       ///< variance of what they leave unexplained; > 0.
    ThresholdRow threshold{};                    ///< Weights of "reaches the threshold",
    Matrix<threshold_width> threshold_moments{}; ///< mean of p (1-p) z z'.
    Row doubling{};                              ///< Weights of "doubles",
    Matrix<row_width> doubling_moments{};        ///< mean of p (1-p) z z'.
};

/// How the posts of one kind of platform spread.
struct Prior {
    double unusual = 0; ///< The 90 % quantile of final counts.
    std::array<BucketPrior, bucket_count> buckets;
};

/// The kinds of platform that a prior ships for.
enum class PriorKind : std::uint8_t {
    general,   ///< Anything: stories, and platforms not known.
    microblog, ///< Followers pass posts on: quick, self-exciting.
    board,     ///< One page shows posts to all: slower, driven by how long a post is shown.
};
inline constexpr std::size_t prior_kinds = 3;

/// By the platform's name; general for a name not known.
[[nodiscard]] PriorKind prior_kind(std::string_view platform) noexcept;

/// Read from the table that ships.
[[nodiscard]] Prior shipped_prior(PriorKind kind);

/// A prior as a table of numbers: `unusual`, then every bucket's members in their order, of
/// symmetric matrices the lower triangle row by row.
inline constexpr std::size_t prior_numbers =
    1 + bucket_count * (2 * feature_count + 2 * row_width + threshold_width + 1 +
                        row_width * (row_width + 1) + threshold_width * (threshold_width + 1) / 2);
using PriorNumbers = std::array<float, prior_numbers>;
[[nodiscard]] PriorNumbers pack(const Prior& prior) noexcept;
[[nodiscard]] Prior unpack(const PriorNumbers& numbers) noexcept;

/// Generated: see shipped_prior.cpp.
[[nodiscard]] const PriorNumbers& shipped_prior_numbers(PriorKind kind) noexcept;

/// 1, then the features, standardised and cut to -6..6.
[[nodiscard]] Row row_of(const Features& x, const Features& mean,
                         const Features& deviation) noexcept;

/// A row, then log(1 + threshold) - log(1 + count), cut to 0..10.
[[nodiscard]] ThresholdRow threshold_row(const Row& z, double count, double threshold) noexcept;

} // namespace empathd::analysis

#include "analysis/spread/prior.hpp"

#include <algorithm>
#include <cmath>

namespace empathd::analysis {
namespace {

constexpr double clip = 6;

/// Calls `visit` with every number of a prior, in the order of the table.
template <class P, class Visit>
void walk(P& prior, Visit visit)
{
    const auto all = [&visit](auto& numbers) {
        for (auto& number : numbers) {
            visit(number);
        }
    };
    const auto lower = [&visit](auto& matrix, std::size_t width) {
        for (std::size_t i = 0; i < width; ++i) {
            for (std::size_t j = 0; j <= i; ++j) {
                visit(matrix[i * width + j]);
            }
        }
    };
    visit(prior.unusual);
    for (auto& bucket : prior.buckets) {
        all(bucket.mean);
        all(bucket.deviation);
        all(bucket.size);
        lower(bucket.size_moments, row_width);
        visit(bucket.size_noise);
        all(bucket.threshold);
        lower(bucket.threshold_moments, threshold_width);
        all(bucket.doubling);
        lower(bucket.doubling_moments, row_width);
    }
}

template <std::size_t D>
void mirror(std::array<double, D>& matrix, std::size_t width)
{
    for (std::size_t i = 0; i < width; ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            matrix[j * width + i] = matrix[i * width + j];
        }
    }
}

} // namespace

PriorKind prior_kind(std::string_view platform) noexcept
{
    for (const std::string_view name : {"mastodon", "bluesky", "twitter", "weibo", "threads"}) {
        if (platform == name) {
            return PriorKind::microblog;
        }
    }
    for (const std::string_view name : {"hackernews", "lobsters", "reddit", "lemmy"}) {
        if (platform == name) {
            return PriorKind::board;
        }
    }
    return PriorKind::general;
}

Prior shipped_prior(PriorKind kind)
{
    return unpack(shipped_prior_numbers(kind));
}

PriorNumbers pack(const Prior& prior) noexcept
{
    PriorNumbers out{};
    std::size_t at = 0;
    walk(prior, [&](double number) { out[at++] = static_cast<float>(number); });
    return out;
}

Prior unpack(const PriorNumbers& numbers) noexcept
{
    Prior out;
    std::size_t at = 0;
    walk(out, [&](double& number) { number = static_cast<double>(numbers[at++]); });
    for (BucketPrior& bucket : out.buckets) {
        mirror(bucket.size_moments, row_width);
        mirror(bucket.threshold_moments, threshold_width);
        mirror(bucket.doubling_moments, row_width);
    }
    return out;
}

Row row_of(const Features& x, const Features& mean, const Features& deviation) noexcept
{
    Row z{};
    z[0] = 1;
    for (std::size_t i = 0; i < feature_count; ++i) {
        z[1 + i] = std::clamp((x[i] - mean[i]) / deviation[i], -clip, clip);
    }
    return z;
}

ThresholdRow threshold_row(const Row& z, double count, double threshold) noexcept
{
    ThresholdRow out{};
    std::copy(z.begin(), z.end(), out.begin());
    out[row_width] = std::clamp(std::log1p(threshold) - std::log1p(count), 0.0, 10.0);
    return out;
}

} // namespace empathd::analysis

#include "analysis/spread/evaluation/fit_prior.hpp"

#include "analysis/spread/logistic.hpp"
#include "analysis/spread/pending.hpp"
#include "analysis/spread/rules.hpp"
#include "analysis/spread/simulate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <vector>

namespace empathd::spread_evaluation {
namespace {

using namespace analysis;

constexpr double ridge = 2;
constexpr double deviation_min = 0.05;
constexpr std::array quantiles{0.80, 0.90, 0.95, 0.98};

const TimePoint epoch = from_unix_ms(1'700'000'000'000);

struct Example {
    Track track;
    double end = 0;
};
using Examples = std::array<std::vector<Example>, bucket_count>;

/// One poll of each bucket for every post; the ends of all posts, ascending.
struct Simulated {
    Examples examples;
    std::vector<double> ends;
};

Simulated simulate_posts(PriorKind kind, std::size_t posts, std::uint64_t seed)
{
    Chance chance(seed + static_cast<std::uint64_t>(kind));
    Simulated out;
    for (std::size_t i = 0; i < posts; ++i) {
        const SimulatedPost post = poll(simulate(draw(kind, chance), chance), chance);
        Pending pending(1);
        const std::string id = std::to_string(i);
        Track track = begin(post, epoch);
        pending.observe("simulated", id, track, true);
        for (std::size_t k = 1; k + 1 < post.polls_s.size(); ++k) {
            update(track, post, k, epoch);
            pending.observe("simulated", id, track, true);
        }
        const std::optional<PendingPost> polled = pending.take("simulated", id);
        const double end = post.counts.back();
        for (std::size_t bucket = 0; polled && bucket < bucket_count; ++bucket) {
            if (const auto& snapshot = polled->snapshots[bucket]) {
                out.examples[bucket].push_back({.track = snapshot->track, .end = end});
            }
        }
        out.ends.push_back(end);
    }
    std::sort(out.ends.begin(), out.ends.end());
    return out;
}

double quantile(const std::vector<double>& sorted, double share)
{
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void standardise(const std::vector<Example>& examples, BucketPrior& out)
{
    const auto n = static_cast<double>(std::max<std::size_t>(1, examples.size()));
    Features squares{};
    for (const Example& example : examples) {
        const Features x = features(example.track, example.track.last_at());
        for (std::size_t i = 0; i < feature_count; ++i) {
            out.mean[i] += x[i] / n;
            squares[i] += x[i] * x[i] / n;
        }
    }
    for (std::size_t i = 0; i < feature_count; ++i) {
        const double variance = squares[i] - out.mean[i] * out.mean[i];
        out.deviation[i] = std::max(deviation_min, std::sqrt(std::max(0.0, variance)));
    }
}

template <std::size_t D>
void add_outer(Matrix<D>& to, const Vector<D>& z, double weight)
{
    for (std::size_t i = 0; i < D; ++i) {
        for (std::size_t j = 0; j < D; ++j) {
            to[i * D + j] += weight * (z[i] * z[j]);
        }
    }
}

template <std::size_t D>
Matrix<D> inverse_with_ridge(Matrix<D> m)
{
    for (std::size_t i = 0; i < D; ++i) {
        m[i * D + i] += ridge;
    }
    Matrix<D> out{};
    [[maybe_unused]] const bool good = invert<D>(m, out);
    return out;
}

template <std::size_t D>
struct Sample {
    Vector<D> z{};
    double y = 0; ///< Or 1 for yes, 0 for no.
};

void fit_size(const std::vector<Sample<row_width>>& samples, BucketPrior& out)
{
    const auto n = static_cast<double>(std::max<std::size_t>(1, samples.size()));
    Matrix<row_width> sum{};
    Row target{};
    for (const auto& [z, y] : samples) {
        add_outer<row_width>(sum, z, 1);
        for (std::size_t i = 0; i < row_width; ++i) {
            target[i] += z[i] * y;
        }
    }
    out.size = times<row_width>(inverse_with_ridge<row_width>(sum), target);
    double squares = 0;
    for (const auto& [z, y] : samples) {
        const double error = y - dot<row_width>(out.size, z);
        squares += error * error;
    }
    out.size_noise = std::max(1e-3, squares / n);
    for (std::size_t i = 0; i < sum.size(); ++i) {
        out.size_moments[i] = sum[i] / n;
    }
}

/// Newton's method; the weights, and the mean of p (1-p) z z' at them.
template <std::size_t D>
void fit_logistic(const std::vector<Sample<D>>& samples, Vector<D>& weights, Matrix<D>& moments)
{
    weights = {};
    const auto n = static_cast<double>(std::max<std::size_t>(1, samples.size()));
    for (int step = 0; step < 12; ++step) {
        Matrix<D> curvature{};
        Vector<D> slope{};
        for (const auto& [z, y] : samples) {
            const double p = sigmoid(dot<D>(z, weights));
            add_outer<D>(curvature, z, p * (1 - p));
            for (std::size_t i = 0; i < D; ++i) {
                slope[i] += (y - p) * z[i];
            }
        }
        for (std::size_t i = 0; i < D; ++i) {
            slope[i] -= ridge * weights[i];
        }
        const Vector<D> move = times<D>(inverse_with_ridge<D>(curvature), slope);
        for (std::size_t i = 0; i < D; ++i) {
            weights[i] += move[i];
        }
        for (std::size_t i = 0; i < moments.size(); ++i) {
            moments[i] = curvature[i] / n;
        }
    }
}

BucketPrior fit_bucket(const std::vector<Example>& examples, const std::vector<double>& ends)
{
    BucketPrior out;
    standardise(examples, out);
    std::vector<Sample<row_width>> sizes;
    std::vector<Sample<row_width>> doublings;
    std::vector<Sample<threshold_width>> thresholds;
    for (const auto& [track, end] : examples) {
        const Row z = row_of(features(track, track.last_at()), out.mean, out.deviation);
        sizes.push_back({.z = z, .y = std::log2(1 + std::max(0.0, end - track.count))});
        doublings.push_back({.z = z, .y = end >= 2 * std::max(1.0, track.count) ? 1.0 : 0.0});
        for (const double share : quantiles) {
            const double threshold = std::max(10.0, quantile(ends, share));
            if (track.count < threshold) {
                thresholds.push_back({.z = threshold_row(z, track.count, threshold),
                                      .y = end >= threshold ? 1.0 : 0.0});
            }
        }
    }
    fit_size(sizes, out);
    fit_logistic<row_width>(doublings, out.doubling, out.doubling_moments);
    fit_logistic<threshold_width>(thresholds, out.threshold, out.threshold_moments);
    return out;
}

void append_numbers(std::string& out, const PriorNumbers& numbers)
{
    constexpr std::size_t columns = 100;
    std::string line = "    ";
    for (const float number : numbers) {
        std::array<char, 32> text{};
        const auto value = static_cast<double>(number);
        const int size = std::snprintf(text.data(), text.size(), "%.4e", value);
        const std::string word = std::string(text.data(), static_cast<std::size_t>(size)) + "F,";
        if (line.size() + word.size() > columns) {
            out += line + '\n';
            line = "    ";
        }
        line += word;
    }
    out += line + '\n';
}

} // namespace

Prior fit_prior(PriorKind kind, std::size_t posts, std::uint64_t seed)
{
    const Simulated simulated = simulate_posts(kind, posts, seed);
    Prior out;
    out.unusual = std::max(10.0, quantile(simulated.ends, 0.90));
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        out.buckets[bucket] = fit_bucket(simulated.examples[bucket], simulated.ends);
    }
    return out;
}

std::string prior_source()
{
    constexpr std::array<std::string_view, prior_kinds> names{"general", "microblog", "board"};
    std::string out =
        "// Generated from simulated posts by `make spread-prior`; see README.md. Not "
        "to be edited.\n"
        "// Long because it is a table of numbers.\n"
        "\n"
        "#include \"analysis/spread/prior.hpp\"\n"
        "\n"
        "namespace empathd::analysis {\n"
        "namespace {\n"
        "\n"
        "// clang-format off\n";
    for (std::size_t kind = 0; kind < prior_kinds; ++kind) {
        out += "constexpr PriorNumbers " + std::string(names[kind]) + "_numbers{\n";
        append_numbers(out, pack(fit_prior(static_cast<PriorKind>(kind), prior_posts, prior_seed)));
        out += "};\n";
    }
    out += "// clang-format on\n"
           "\n"
           "} // namespace\n"
           "\n"
           "const PriorNumbers& shipped_prior_numbers(PriorKind kind) noexcept\n"
           "{\n"
           "    switch (kind) {\n"
           "    case PriorKind::microblog: return microblog_numbers;\n"
           "    case PriorKind::board: return board_numbers;\n"
           "    case PriorKind::general: break;\n"
           "    }\n"
           "    return general_numbers;\n"
           "}\n"
           "\n"
           "} // namespace empathd::analysis\n";
    return out;
}

} // namespace empathd::spread_evaluation

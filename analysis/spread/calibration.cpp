#include "analysis/spread/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace empathd::analysis {
namespace {

struct Tally {
    std::array<double, 10> predicted{};
    std::array<double, 10> observed{};
    Reliability out;

    void add(float p, bool came_true)
    {
        const auto bin = std::min<std::size_t>(9, static_cast<std::size_t>(p * 10));
        ++out[bin].rows;
        predicted[bin] += p;
        observed[bin] += came_true ? 1 : 0;
    }
    [[nodiscard]] Reliability means() const
    {
        Reliability means = out;
        for (std::size_t i = 0; i < means.size(); ++i) {
            const auto rows = static_cast<double>(std::max<std::size_t>(1, means[i].rows));
            means[i].predicted = predicted[i] / rows;
            means[i].observed = observed[i] / rows;
        }
        return means;
    }
};

bool is_possible(const Outcome& outcome) noexcept
{
    const auto is_share = [](float p) { return p >= 0 && p <= 1; };
    return is_share(outcome.p_threshold) && is_share(outcome.p_double) &&
           std::isfinite(outcome.ape) && outcome.bucket < bucket_count;
}

} // namespace

void Ledger::add(const Outcome& outcome)
{
    if (ring_.size() < outcomes_max) {
        ring_.push_back(outcome);
    } else {
        covered_ -= ring_[next_].covered ? 1 : 0;
        ring_[next_] = outcome;
    }
    covered_ += outcome.covered ? 1 : 0;
    next_ = (next_ + 1) % outcomes_max;
}

double Ledger::coverage() const noexcept
{
    return ring_.empty() ? 0 : static_cast<double>(covered_) / static_cast<double>(ring_.size());
}

CalibrationReport Ledger::report() const
{
    CalibrationReport out;
    out.rows = ring_.size();
    out.coverage = coverage();
    Tally threshold;
    Tally doubling;
    std::vector<float> apes;
    for (const Outcome& outcome : ring_) {
        ++out.bucket_rows[outcome.bucket];
        out.bucket_coverage[outcome.bucket] += outcome.covered ? 1 : 0;
        if (!outcome.had_reached) {
            threshold.add(outcome.p_threshold, outcome.reached);
        }
        doubling.add(outcome.p_double, outcome.doubled);
        apes.push_back(outcome.ape);
    }
    for (std::size_t i = 0; i < bucket_count; ++i) {
        out.bucket_coverage[i] /= static_cast<double>(std::max<std::size_t>(1, out.bucket_rows[i]));
    }
    out.threshold = threshold.means();
    out.doubling = doubling.means();
    if (!apes.empty()) {
        const auto middle = apes.begin() + static_cast<std::ptrdiff_t>(apes.size() / 2);
        std::nth_element(apes.begin(), middle, apes.end());
        out.median_ape = *middle;
    }
    return out;
}

bool Ledger::restore(std::vector<Outcome> ring, std::size_t next)
{
    const bool full = ring.size() == outcomes_max;
    if (ring.size() > outcomes_max || (full ? next >= outcomes_max : next != ring.size()) ||
        !std::all_of(ring.begin(), ring.end(), is_possible)) {
        return false;
    }
    ring_ = std::move(ring);
    next_ = next;
    covered_ = static_cast<std::size_t>(std::count_if(
        ring_.begin(), ring_.end(), [](const Outcome& outcome) { return outcome.covered; }));
    return true;
}

} // namespace empathd::analysis

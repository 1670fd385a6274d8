#include "analysis/spread/evaluation/scores.hpp"

#include <algorithm>
#include <numeric>

namespace empathd::spread_evaluation {

double area_under_curve(std::vector<Scored> scored)
{
    std::sort(scored.begin(), scored.end());
    double no = 0;
    double yes = 0;
    double pairs = 0;
    for (std::size_t i = 0; i < scored.size();) {
        double tied_no = 0;
        double tied_yes = 0;
        const double score = scored[i].first;
        for (; i < scored.size() && scored[i].first == score; ++i) {
            (scored[i].second ? tied_yes : tied_no) += 1;
        }
        pairs += tied_yes * (no + tied_no / 2);
        no += tied_no;
        yes += tied_yes;
    }
    return no > 0 && yes > 0 ? pairs / (no * yes) : 0.5;
}

double precision_at_half(std::vector<Scored> scored)
{
    std::stable_sort(scored.begin(), scored.end(),
                     [](const Scored& a, const Scored& b) { return a.first > b.first; });
    const auto all =
        std::count_if(scored.begin(), scored.end(), [](const Scored& one) { return one.second; });
    double yes = 0;
    for (std::size_t i = 0; i < scored.size(); ++i) {
        yes += scored[i].second ? 1 : 0;
        if (2 * yes >= static_cast<double>(all) && yes > 0) {
            return yes / static_cast<double>(i + 1);
        }
    }
    return 0;
}

double brier(const std::vector<Scored>& scored)
{
    double sum = 0;
    for (const auto& [p, came_true] : scored) {
        const double error = p - (came_true ? 1 : 0);
        sum += error * error;
    }
    return scored.empty() ? 0 : sum / static_cast<double>(scored.size());
}

double median(std::vector<double> values)
{
    if (values.empty()) {
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double mean(const std::vector<double>& values)
{
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

} // namespace empathd::spread_evaluation

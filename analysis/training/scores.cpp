#include "analysis/training/scores.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace empathd::training {
namespace {

double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

double calibration_error(std::span<const Judged> judged)
{
    constexpr std::size_t bins = 10;
    std::array<double, bins> confidence{};
    std::array<double, bins> right{};
    for (const Judged& one : judged) {
        const auto best = std::ranges::max_element(one.probabilities);
        const auto bin =
            std::min(bins - 1, static_cast<std::size_t>(*best * static_cast<double>(bins)));
        confidence[bin] += *best;
        right[bin] +=
            static_cast<std::size_t>(best - one.probabilities.begin()) == one.truth ? 1 : 0;
    }
    double error = 0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        error += std::abs(confidence[bin] - right[bin]);
    }
    return ratio(error, static_cast<double>(judged.size()));
}

/// Share of the pairs of one text with the first label and one without in which the former has the
/// higher probability; ties count half.
double area_under_roc(std::span<const Judged> judged)
{
    std::vector<std::pair<double, bool>> ranked;
    for (const Judged& one : judged) {
        ranked.emplace_back(one.probabilities.front(), one.truth == 0);
    }
    std::ranges::sort(ranked);
    double below = 0;
    double won = 0;
    for (std::size_t i = 0; i < ranked.size();) {
        double with = 0;
        double without = 0;
        const double level = ranked[i].first;
        for (; i < ranked.size() && ranked[i].first == level; ++i) {
            (ranked[i].second ? with : without) += 1;
        }
        won += with * (below + without / 2);
        below += without;
    }
    const double pairs = below * (static_cast<double>(ranked.size()) - below);
    return pairs > 0 ? won / pairs : 0.5;
}

} // namespace

Scores score(std::span<const Judged> judged)
{
    Scores scores;
    scores.count = judged.size();
    if (judged.empty()) {
        return scores;
    }
    const std::size_t labels = judged.front().probabilities.size();
    std::vector<double> hit(labels);
    std::vector<double> said(labels);
    std::vector<double> there(labels);
    double right = 0;
    double answered = 0;
    double answered_right = 0;
    for (const Judged& one : judged) {
        const auto best = static_cast<std::size_t>(std::ranges::max_element(one.probabilities) -
                                                   one.probabilities.begin());
        const double good = best == one.truth ? 1 : 0;
        said[best] += 1;
        there[one.truth] += 1;
        hit[best] += good;
        right += good;
        answered += one.answered ? 1 : 0;
        answered_right += one.answered ? good : 0;
    }
    double f1 = 0;
    double recall = 0;
    double present = 0;
    for (std::size_t label = 0; label < labels; ++label) {
        if (there[label] > 0) {
            f1 += ratio(2 * hit[label], said[label] + there[label]);
            recall += hit[label] / there[label];
            present += 1;
        }
    }
    const auto count = static_cast<double>(judged.size());
    scores.accuracy = right / count;
    scores.macro_f1 = ratio(f1, present);
    scores.macro_recall = ratio(recall, present);
    scores.first_f1 = ratio(2 * hit[0], said[0] + there[0]);
    scores.auc = area_under_roc(judged);
    scores.ece = calibration_error(judged);
    scores.answered = answered / count;
    scores.answered_accuracy = ratio(answered_right, answered);
    return scores;
}

} // namespace empathd::training

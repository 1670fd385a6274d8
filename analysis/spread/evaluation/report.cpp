#include "analysis/spread/evaluation/report.hpp"

#include "analysis/spread/evaluation/scores.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <string>

namespace empathd::spread_evaluation {
namespace {

using namespace analysis;

std::string fixed(double value, int digits)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

double doublings(double from, double to)
{
    return std::log2(1 + std::max(0.0, to - from));
}

/// What the rows of one bucket are scored by.
struct Scores {
    std::vector<double> covered;
    std::vector<double> errors;
    std::vector<double> naive_errors;
    std::vector<double> squares;
    std::vector<double> widths;
    std::vector<double> half_factors; ///< By how much the half time was off, >= 1.
    std::vector<Scored> threshold;
    std::vector<Scored> by_count;
    std::vector<Scored> open; ///< Those below the threshold alone.
    std::vector<Scored> open_by_count;
    std::vector<Scored> doubling;
    std::size_t late = 0;

    void add(const Made& made);
};

void Scores::add(const Made& made)
{
    const Forecast& forecast = made.forecast;
    if (forecast.withheld) {
        ++late;
        return;
    }
    late += forecast.widened ? 1 : 0;
    const double end = std::max(made.end, forecast.now);
    covered.push_back(forecast.low <= end && end <= forecast.high ? 1 : 0);
    errors.push_back(std::abs(forecast.median - made.end) / std::max(1.0, made.end));
    naive_errors.push_back(std::abs(made.naive - made.end) / std::max(1.0, made.end));
    const double error =
        doublings(forecast.now, forecast.median) - doublings(forecast.now, made.end);
    squares.push_back(error * error);
    widths.push_back(std::log2((1 + forecast.high) / (1 + forecast.low)));
    if (made.half_at && forecast.half_at != TimePoint{}) {
        const auto wait_s = [&made](TimePoint half) {
            return std::max(60.0, std::chrono::duration<double>(half - made.at).count());
        };
        half_factors.push_back(
            std::exp(std::abs(std::log(wait_s(*made.half_at) / wait_s(forecast.half_at)))));
    }
    const bool reached = made.end >= forecast.threshold;
    threshold.emplace_back(forecast.p_threshold, reached);
    by_count.emplace_back(forecast.now, reached);
    if (forecast.now < forecast.threshold) {
        open.emplace_back(forecast.p_threshold, reached);
        open_by_count.emplace_back(forecast.now, reached);
    }
    doubling.emplace_back(forecast.p_double, made.end >= 2 * std::max(1.0, forecast.now));
}

Scores scores_of(const std::vector<Made>& made, bool own)
{
    Scores out;
    for (const Made& one : made) {
        if (one.own == own) {
            out.add(one);
        }
    }
    return out;
}

std::string area(const std::vector<Scored>& scored)
{
    const auto yes =
        std::count_if(scored.begin(), scored.end(), [](const Scored& one) { return one.second; });
    const auto all = static_cast<std::ptrdiff_t>(scored.size());
    return yes < 5 || all - yes < 5 ? "-" : fixed(area_under_curve(scored), 3);
}

void print_tenths(std::ostream& out, const char* name, const std::vector<Scored>& scored)
{
    std::array<std::vector<double>, 10> predicted;
    std::array<std::vector<double>, 10> observed;
    for (const auto& [p, came_true] : scored) {
        const auto bin = std::min<std::size_t>(9, static_cast<std::size_t>(p * 10));
        predicted[bin].push_back(p);
        observed[bin].push_back(came_true ? 1 : 0);
    }
    out << "| " << name << " |";
    for (std::size_t bin = 0; bin < predicted.size(); ++bin) {
        out << ' '
            << (predicted[bin].empty()
                    ? "-"
                    : fixed(mean(predicted[bin]), 2) + " -> " + fixed(mean(observed[bin]), 2) +
                          " (" + std::to_string(predicted[bin].size()) + ')')
            << " |";
    }
    out << '\n';
}

} // namespace

const char* name_of_bucket(std::size_t bucket) noexcept
{
    constexpr std::array names{"0-15 min", "15-45 min", "45-90 min", "1.5-3 h",
                               "3-6 h",    "6-12 h",    "12 h on"};
    return names[bucket];
}

void print_buckets(std::ostream& out, const RunResult& run)
{
    out << "| age | posts | late | coverage | width, doublings | median APE | naive | MSLE "
           "| AUC threshold | count | AUC, still below | count | P at recall .5 | Brier "
           "| AUC doubles | half time off, factor | coverage before 300 were learned |\n"
           "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        const Scores scores = scores_of(run.made[bucket], true);
        const Scores before = scores_of(run.made[bucket], false);
        out << "| " << name_of_bucket(bucket) << " | " << scores.covered.size() << " | "
            << scores.late << " | " << fixed(mean(scores.covered), 3) << " | "
            << fixed(median(scores.widths), 2) << " | " << fixed(median(scores.errors), 3) << " | "
            << fixed(median(scores.naive_errors), 3) << " | " << fixed(mean(scores.squares), 2)
            << " | " << area(scores.threshold) << " | " << area(scores.by_count) << " | "
            << area(scores.open) << " | " << area(scores.open_by_count) << " | "
            << fixed(precision_at_half(scores.threshold), 3) << " | "
            << fixed(brier(scores.threshold), 4) << " | " << area(scores.doubling) << " | "
            << fixed(median(scores.half_factors), 2) << " | " << fixed(mean(before.covered), 3)
            << " (" << before.covered.size() << ") |\n";
    }
}

void print_alerts(std::ostream& out, const RunResult& run)
{
    std::size_t alerts = 0;
    std::size_t right = 0;
    std::size_t positives = 0;
    std::size_t ahead = 0;
    std::vector<double> leads_h;
    for (const Watched& one : run.watched) {
        if (!one.detectable) {
            continue;
        }
        positives += one.came_true ? 1 : 0;
        if (!one.alerted) {
            continue;
        }
        ++alerts;
        if (one.came_true) {
            ++right;
            const TimePoint crossed = one.crossed.value_or(*one.alerted);
            leads_h.push_back(std::chrono::duration<double>(crossed - *one.alerted).count() / 3600);
            ahead += leads_h.back() >= 2 ? 1 : 0;
        }
    }
    const auto share = [](std::size_t part, std::size_t whole) {
        return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
    };
    out << "Alerts (p >= 0.5 at two polls in a row) over " << fixed(run.days, 0) << " days, "
        << run.watched.size() << " posts, " << positives
        << " that reached the threshold: " << alerts << " alerts, precision "
        << fixed(share(right, alerts), 3) << ", recall " << fixed(share(right, positives), 3)
        << ", median lead " << fixed(median(leads_h), 1) << " h, at least 2 h ahead "
        << fixed(100 * share(ahead, right), 0) << " %, false a day "
        << fixed(run.days > 0 ? static_cast<double>(alerts - right) / run.days : 0, 2) << '\n';
}

void print_reliability(std::ostream& out, const RunResult& run)
{
    std::vector<Scored> threshold;
    std::vector<Scored> doubling;
    for (const std::vector<Made>& made : run.made) {
        const Scores scores = scores_of(made, true);
        threshold.insert(threshold.end(), scores.open.begin(), scores.open.end());
        doubling.insert(doubling.end(), scores.doubling.begin(), scores.doubling.end());
    }
    out << "| predicted -> observed (rows) | 0 | .1 | .2 | .3 | .4 | .5 | .6 | .7 | .8 | .9 |\n"
           "|---|---|---|---|---|---|---|---|---|---|---|\n";
    print_tenths(out, "reaches the threshold", threshold);
    print_tenths(out, "doubles", doubling);
}

void print_control(std::ostream& out, const RunResult& shuffled)
{
    out << "Control, ends dealt to other posts: AUC";
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        out << (bucket == 0 ? " " : ", ") << area(scores_of(shuffled.made[bucket], true).threshold);
    }
    out << " (0.5: nothing leaks)\n";
}

} // namespace empathd::spread_evaluation

#include "analysis/spread/simulate.hpp"

#include <algorithm>
#include <cmath>

namespace empathd::analysis {
namespace {

constexpr double pi = 3.14159265358979323846;

TimePoint at(TimePoint published_at, double seconds) noexcept
{
    return published_at + std::chrono::milliseconds{std::llround(1000 * seconds)};
}

/// Weibo and Twitter cascades of at least a hundred reactions: kernels of 180 s and 60 s with an
/// exponent of 0.8, 14.9 and 11.4 first reactions, branching Gamma(31.4, 32.5) and
/// Gamma(26.9, 26.6) (facts of the forecast, 1.7). Most posts are smaller: the half that is not
/// drawn from these has fewer first reactions and less branching.
Cascade microblog(Chance& chance)
{
    Cascade out;
    const bool large = chance.uniform() < 0.5;
    out.kernel_c_s = chance.lognormal(100, 0.5);
    if (large) {
        out.root = chance.lognormal(13, 0.8);
        out.branching = std::min(0.97, chance.gamma(29) / 30);
    } else {
        out.root = chance.lognormal(2, 1.2);
        out.branching = chance.beta(2, 2);
    }
    return out;
}

/// Shown to all on one page for some hours, if it gets that far.
Cascade board(Chance& chance)
{
    Cascade out;
    out.kernel_c_s = chance.lognormal(600, 0.5);
    out.root = chance.lognormal(3, 0.8);
    out.branching = chance.beta(2, 4);
    out.mark_sigma = 0.5;
    if (chance.uniform() < 0.6) {
        out.outside = chance.lognormal(30, 1.3);
        out.outside_c_s = chance.lognormal(6 * 3600.0, 0.6);
        out.outside_theta = 2.5;
        out.shown_after_s = chance.lognormal(900, 1);
    }
    return out;
}

Cascade general(Chance& chance)
{
    const double which = chance.uniform();
    if (which < 0.35) {
        return microblog(chance);
    }
    if (which < 0.7) {
        return board(chance);
    }
    Cascade out; // Neither: slower kernels of any shape.
    out.kernel_c_s = chance.lognormal(900, 1);
    out.kernel_theta = 0.3 + 0.9 * chance.uniform();
    out.root = chance.lognormal(4, 1.3);
    out.branching = chance.beta(2, 1.5);
    out.outside = chance.lognormal(4, 1.5);
    out.outside_c_s = chance.lognormal(12 * 3600.0, 0.8);
    return out;
}

} // namespace

std::uint64_t Chance::bits() noexcept
{
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

double Chance::uniform() noexcept
{
    return (static_cast<double>(bits() >> 11) + 0.5) / 9007199254740992.0;
}

double Chance::normal() noexcept
{
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * pi * uniform());
}

double Chance::lognormal(double median, double sigma) noexcept
{
    return median * std::exp(sigma * normal());
}

double Chance::gamma(double shape) noexcept
{
    const double d = shape - 1.0 / 3; // Marsaglia and Tsang 2000.
    const double c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = normal();
        const double v = (1 + c * x) * (1 + c * x) * (1 + c * x);
        if (v > 0 && std::log(uniform()) < x * x / 2 + d - d * v + d * std::log(v)) {
            return d * v;
        }
    }
}

double Chance::beta(double a, double b) noexcept
{
    const double x = gamma(a);
    return x / (x + gamma(b));
}

std::size_t Chance::poisson(double mean) noexcept
{
    std::size_t out = 0;
    while (mean > 20) { // Sums of Poissons are Poisson, and e^-mean stays well away from zero.
        out += poisson(20);
        mean -= 20;
    }
    const double end = std::exp(-mean);
    for (double product = uniform(); product > end; product *= uniform()) {
        ++out;
    }
    return out;
}

double Chance::lomax(double c, double theta) noexcept
{
    return c * (std::exp(-std::log(uniform()) / theta) - 1);
}

Cascade draw(PriorKind kind, Chance& chance)
{
    switch (kind) {
    case PriorKind::microblog: return microblog(chance);
    case PriorKind::board: return board(chance);
    case PriorKind::general: break;
    }
    return general(chance);
}

std::vector<double> simulate(const Cascade& cascade, Chance& chance)
{
    std::vector<double> events;
    const auto add = [&](double at_s) {
        if (at_s < simulated_life_s && events.size() < simulated_events_max) {
            events.push_back(at_s);
        }
    };
    for (std::size_t i = chance.poisson(cascade.root); i > 0; --i) {
        add(chance.lomax(cascade.kernel_c_s, cascade.kernel_theta));
    }
    for (std::size_t i = chance.poisson(cascade.outside); i > 0; --i) {
        add(cascade.shown_after_s + chance.lomax(cascade.outside_c_s, cascade.outside_theta));
    }
    const double mark_median = std::exp(-cascade.mark_sigma * cascade.mark_sigma / 2);
    for (std::size_t i = 0; i < events.size(); ++i) { // Grows while it is read.
        const double mark = chance.lognormal(mark_median, cascade.mark_sigma);
        for (std::size_t child = chance.poisson(cascade.branching * mark); child > 0; --child) {
            add(events[i] + chance.lomax(cascade.kernel_c_s, cascade.kernel_theta));
        }
    }
    std::sort(events.begin(), events.end());
    return events;
}

SimulatedPost poll(const std::vector<double>& events_s, Chance& chance)
{
    SimulatedPost out;
    out.first_s = std::min(7200.0, -600 * std::log(chance.uniform()));
    out.published_known = chance.uniform() < 0.5;
    out.pace_s = chance.uniform() < 0.7 ? 300 : chance.uniform() < 0.5 ? 600 : 1800;
    const double end_s = out.first_s + simulated_life_s;
    for (double at_s = out.first_s; at_s < end_s;) {
        out.polls_s.push_back(at_s);
        const double due_s = std::max(out.pace_s, at_s - out.first_s);
        at_s += due_s * (0.9 + 0.2 * chance.uniform());
    }
    out.polls_s.push_back(end_s);
    for (const double at_s : out.polls_s) {
        const auto after = std::upper_bound(events_s.begin(), events_s.end(), at_s);
        out.counts.push_back(static_cast<double>(after - events_s.begin()));
    }
    return out;
}

Track begin(const SimulatedPost& post, TimePoint published_at)
{
    return begin(post.counts.front(), at(published_at, post.first_s),
                 post.published_known ? published_at : TimePoint{},
                 std::chrono::seconds{std::llround(post.pace_s)});
}

void update(Track& track, const SimulatedPost& post, std::size_t poll, TimePoint published_at)
{
    update(track, post.counts[poll], at(published_at, post.polls_s[poll]));
}

} // namespace empathd::analysis

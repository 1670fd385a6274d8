#pragma once

#include "analysis/spread/prior.hpp"

#include <cstdint>
#include <vector>

namespace empathd::analysis {

/// Numbers that look random and are the same on every machine (splitmix64).
class Chance {
public:
    explicit Chance(std::uint64_t seed) noexcept : state_(seed) {}

    [[nodiscard]] std::uint64_t bits() noexcept;
    [[nodiscard]] double uniform() noexcept; ///< In (0, 1).
    [[nodiscard]] double normal() noexcept;
    [[nodiscard]] double lognormal(double median, double sigma) noexcept;
    [[nodiscard]] double gamma(double shape) noexcept;      ///< Of scale 1; shape >= 1.
    [[nodiscard]] double beta(double a, double b) noexcept; ///< a, b >= 1.
    [[nodiscard]] std::size_t poisson(double mean) noexcept;
    /// A delay of density (theta/c) (1 + t/c)^-(1 + theta), in the unit of c.
    [[nodiscard]] double lomax(double c, double theta) noexcept;

private:
    std::uint64_t state_;
};

/// A cascade's law: reactions bring reactions (Hawkes branching), and some come from outside.
///
/// The post itself brings Poisson(root) reactions, every reaction Poisson(branching * mark) more,
/// marks lognormal with mean 1, each after a Lomax delay. Outside ones are Poisson(outside), of
/// which the delays are Lomax with a law of their own, counted from when the post comes to be
/// shown.
struct Cascade {
    double kernel_c_s = 180;
    double kernel_theta = 0.8;
    double root = 0;
    double branching = 0; ///< Reactions that a reaction brings, in the mean; below 1.
    double mark_sigma = 1;
    double outside = 0;
    double outside_c_s = 7200;
    double outside_theta = 2;
    double shown_after_s = 0;
};

inline constexpr double simulated_life_s = 7 * 86'400.0;
inline constexpr std::size_t simulated_events_max = 20'000;

/// A law as posts of such a platform have them, each its own.
[[nodiscard]] Cascade draw(PriorKind kind, Chance& chance);

/// Seconds at which the reactions come, ascending, within a life; the first simulated_events_max
/// that were drawn.
[[nodiscard]] std::vector<double> simulate(const Cascade& cascade, Chance& chance);

/// A post as a poller sees it.
struct SimulatedPost {
    double first_s = 0; ///< First poll, after publication.
    bool published_known = true;
    double pace_s = 300;
    std::vector<double> polls_s; ///< Of which the first is first_s; the last is the life's end.
    std::vector<double> counts;  ///< At the polls.
};

/// Polled whenever its age since the first poll has doubled, not closer than the pace, a tenth
/// early or late.
[[nodiscard]] SimulatedPost poll(const std::vector<double>& events_s, Chance& chance);

/// The track after poll `last` (an index of polls_s) of a post published at `published_at`.
[[nodiscard]] Track begin(const SimulatedPost& post, TimePoint published_at);
void update(Track& track, const SimulatedPost& post, std::size_t poll, TimePoint published_at);

} // namespace empathd::analysis

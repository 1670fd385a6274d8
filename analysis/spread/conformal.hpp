#pragma once

#include "analysis/spread/ring.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace empathd::analysis {

/// Errors of the last forecasts, and where by them 80 % of the next ones will lie, whatever their
/// distribution: between the floor((m+1) * 0.1)-th and the ceil((m+1) * 0.9)-th of the last m
/// (split conformal prediction; Vovk, Gammerman and Shafer 2005). One of these for every platform
/// and age bucket; inside, errors are kept apart by thirds of the count forecast from, because
/// small posts err otherwise than large ones.
class Conformal {
public:
    static constexpr std::size_t group_size = 2'000; ///< Errors kept of each third, and of all.
    static constexpr std::size_t group_min = 50;     ///< With fewer, those of all thirds are asked.
    static constexpr std::size_t all_min = 20;       ///< With fewer of these there is no answer.

    /// Distances from the model's mean, in its units: low <= median <= high.
    struct Band {
        double low = 0;
        double median = 0;
        double high = 0;
    };

    /// For a post of `count` reactions now.
    [[nodiscard]] std::optional<Band> band(double count) const noexcept;

    /// A forecast from `count` was `error` (truth less mean) off.
    void learn(double count, double error);

    /// Errors of each third, then of all, then the counts of all, from which the thirds are cut.
    using Rings = std::array<Ring, 5>;
    [[nodiscard]] const Rings& rings() const noexcept { return rings_; }
    [[nodiscard]] Rings& rings() noexcept { return rings_; }

private:
    static constexpr std::size_t all = 3;
    static constexpr std::size_t counts = 4;

    [[nodiscard]] std::size_t third_of(float count) const noexcept;

    Rings rings_{Ring(group_size), Ring(group_size), Ring(group_size), Ring(group_size),
                 Ring(group_size)};
};

} // namespace empathd::analysis

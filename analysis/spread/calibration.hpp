#pragma once

#include "analysis/model/forecast.hpp"
#include "analysis/spread/features.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace empathd::analysis {

/// Probabilities between k/10 and (k+1)/10, and what became of them.
struct ReliabilityBin {
    std::size_t rows = 0;
    double predicted = 0; ///< Their mean; 0 without rows.
    double observed = 0;  ///< The share that came true; 0 without rows.
};
using Reliability = std::array<ReliabilityBin, 10>;

/// How well the forecasts of a platform have held. A row is one poll of a matured post, forecast
/// with what was known before the post was learned; of all rows the last `outcomes_max` count.
struct CalibrationReport {
    std::string platform;
    Calibration calibration = Calibration::nothing;
    std::uint64_t matured = 0; ///< Posts learned, all in all.
    std::size_t rows = 0;
    double coverage = 0;   ///< Share of final counts inside the 80 % interval; 0 without rows.
    double median_ape = 0; ///< Median of |median forecast - final| / final; 0 without rows.
    Reliability threshold; ///< Of p_threshold, posts that had reached it already left out,
    Reliability doubling;  ///< and of p_double.
    std::array<std::size_t, bucket_count> bucket_rows{};
    std::array<double, bucket_count> bucket_coverage{};
};

inline constexpr std::size_t outcomes_max = 4'000;

/// What became of one forecast.
struct Outcome {
    float p_threshold = 0;
    float p_double = 0;
    float ape = 0;
    std::uint8_t bucket = 0;
    bool covered = false;
    bool had_reached = false; ///< The threshold, when it was forecast.
    bool reached = false;
    bool doubled = false;
};

/// The last outcomes of a platform, oldest first, at most outcomes_max.
class Ledger {
public:
    void add(const Outcome& outcome);
    /// Share covered; 0 when empty.
    [[nodiscard]] double coverage() const noexcept;
    /// All but platform, calibration and matured.
    [[nodiscard]] CalibrationReport report() const;

    [[nodiscard]] const std::vector<Outcome>& ring() const noexcept { return ring_; }
    [[nodiscard]] std::size_t next() const noexcept { return next_; }
    /// What ring() and next() were. False, and nothing changes, when they cannot have been.
    [[nodiscard]] bool restore(std::vector<Outcome> ring, std::size_t next);

private:
    std::vector<Outcome> ring_;
    std::size_t next_ = 0;
    std::size_t covered_ = 0;
};

} // namespace empathd::analysis

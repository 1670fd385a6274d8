#pragma once

#include "analysis/model/exposure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::analysis {

/// A factor nobody knows exactly: a median, and how far the truth may be from it.
struct Factor {
    double median = 0; ///< > 0.
    double spread = 0; ///< Standard deviation of its natural logarithm, >= 0.
};

/// How reactions and followers become people who have seen it, and people who may be put off. The
/// user's settings: none of them is measured by Empathd but the view rate, where sources show both
/// views and followers.
struct ExposureFactors {
    Factor view_rate{0.1, 0.8};           ///< Views of a post for each follower of its author.
    Factor new_audience{0.7, 0.3};        ///< Share of viewers who have not seen it elsewhere.
    Factor carrier_followers{1'000, 0.6}; ///< Mean followers of an account that passes it on.
    double carriers = 0.2;                ///< Share of reactions that pass it on, 0..1.
    Factor customers{0.1, 0.7};           ///< Share of viewers who are or could be customers.
    Factor put_off{0.05, 1.0};            ///< Share of these whom it would keep away.
};

/// What is known of a story's reach now.
struct Reach {
    std::uint64_t views = 0;     ///< Sum where networks tell them; 0: nobody told.
    std::uint64_t followers = 0; ///< Of its authors where known, each once.
    double reactions = 0;        ///< So far.
};

/// What its forecast says of the reactions in the end.
struct Growth {
    double low = 0; ///< 80 % interval, total counts: reactions so far <= low <= median <= high.
    double median = 0;
    double high = 0;
};

/// Views where they are told: the views so far, and for reactions still to come as many views each
/// as up to now. Else v * u * followers so far, and v * u * carriers * carrier_followers for each
/// reaction to come. The interval takes the factors as lognormal and independent, the forecast's
/// own interval with them: exp(mu +- 1.2816 sqrt(sum of variances)). Pure.
[[nodiscard]] Exposure exposure_of(const Reach& reach, const Growth& growth,
                                   const ExposureFactors& factors);

/// People who may be put off: a scenario, never an estimate and never part of a ranking.
struct PutOffScenario {
    bool known = false;
    double low = 0; ///< 80 % interval.
    double middle = 0;
    double high = 0;
    std::vector<std::string> assumptions; ///< In words, with their figures; belongs to the figure.
};
[[nodiscard]] PutOffScenario put_off_scenario(const Exposure& exposure,
                                              const ExposureFactors& factors);

/// "about 3,000 (900 to 11,000)": two digits, for people.
[[nodiscard]] std::string range_in_words(double low, double middle, double high);

/// The view rate of one's own sources: mean and spread of ln(views / followers) over posts that
/// show both, beside the configured one, which counts as 10 posts.
class ViewRate {
public:
    /// A post whose life is over. Posts without either count teach nothing.
    void learn(std::uint64_t views, std::uint64_t followers) noexcept;

    [[nodiscard]] Factor factor(const Factor& configured) const noexcept;
    [[nodiscard]] std::uint64_t posts() const noexcept { return posts_; }

    /// 24 bytes, and back bit for bit; nothing for other lengths and numbers that cannot be.
    [[nodiscard]] std::string save() const;
    [[nodiscard]] static std::optional<ViewRate> load(std::string_view bytes);

private:
    std::uint64_t posts_ = 0;
    double mean_ = 0;    ///< Of ln(views / followers).
    double squares_ = 0; ///< Sum of squared differences from the mean (Welford).
};

} // namespace empathd::analysis

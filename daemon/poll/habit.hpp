#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace empathd {

/// Whether a source can be trusted to show what there is.
enum class SightState : std::uint8_t {
    sighted, ///< It answers as it usually does.
    silent,  ///< It answers, but has brought nothing for longer than it ever is quiet.
    failing, ///< It has answered with errors only for two poll intervals.
    stopped, ///< It refuses us, or its configuration is wrong: an operator must act.
};

/// The enumerator's own name.
[[nodiscard]] std::string_view to_string(SightState state) noexcept;

/// The state with what it rests on.
struct Sight {
    SightState state = SightState::sighted;
    TimePoint since{};    ///< Not sighted: the last news (silent) or good page (else); zero: never.
    bool learned = false; ///< The habit is known: a week was watched. Before, never silent.
    double gap = 0;       ///< Pages with news that were to be expected since the last.
    double gap_max = 0;   ///< Beyond this it is silent; 0 until learned.
    std::chrono::seconds usual_gap{}; ///< Usual time between pages with news in this hour.
    double error_rate = 0;            ///< Usual share of failed polls.
};

/// A source's own habit: how often it brings something new in each hour of the week (UTC), how far
/// that varies, and how often its polls fail. Pure: it is told what happened and when.
///
/// Rates. News (pages with at least one new post) and posts per watched hour: by hour of week over
/// about four weeks, shrunken to the hour of day (worth 2 events, up to 16 where posts
/// come in outbursts), and that to the overall rate.
/// Watched is the time between two good pages at most six polls (or an hour) apart. This is the
/// interval's inverse, and holds too for gaps that span hours of different rates.
///
/// Silence. A gap is measured in expected pages with news: the integral of the rate since the last
/// (time rescaling; E. N. Brown et al., Neural Computation 14, 2002). A night without posts is no
/// gap where nights have none. It is silence beyond
///     max(2, 99.5 % quantile of the own gaps, what happened more than once lately,
///         the gap met by chance once in 90 days),
/// the last from the tail beyond the own 90 % quantile, taken as geometric in poll intervals (peaks
/// over threshold). So a source as regular as a clock is found silent after two expected intervals;
/// one whose posts come by pure chance only after about -ln(p) of them, p being 1 / (pages with
/// news in 90 days): anything sooner would be a false alarm on every busy day. While it is silent
/// nothing is learned; when news come after all, the gap is.
///
/// Failure. No good page for two poll intervals, and more failures in a row than the usual error
/// rate brings by chance once in 30 days (at least 2, at most 8).
class Habit {
public:
    explicit Habit(std::chrono::seconds poll_interval);

    /// A good page with so many new posts. A time not after the last good page only counts news.
    void page(TimePoint at, std::uint64_t new_posts);

    /// A failed poll. `cancelled` is none.
    void failure(TimePoint at, ErrorKind kind);

    /// Judged by what was told so far; `now` only decides how long errors have lasted, so that a
    /// source nobody asked is not called silent.
    [[nodiscard]] Sight look(TimePoint now) const;

    /// Posts usual between two times, from the rates; 0 for an empty span or before the first page.
    [[nodiscard]] double expected_posts(TimePoint from, TimePoint to) const;

    /// All state. `load(save())` goes on to the last bit as this would.
    [[nodiscard]] std::string save() const;
    /// `malformed` for bytes that `save` did not write. `poll_interval` is today's, it may differ.
    [[nodiscard]] static Result<Habit> load(std::string_view bytes,
                                            std::chrono::seconds poll_interval);

private:
    static constexpr std::size_t hours_of_week = 168;
    static constexpr std::size_t hours_of_day = 24;
    static constexpr std::size_t gap_classes = 32;

    /// Fading sums over watched time.
    struct Rate {
        double hours = 0;
        double news = 0;
        double posts = 0;
    };
    /// Fading sums over gaps of about one length.
    struct GapClass {
        double weight = 0;
        double gaps = 0;  ///< Sum of lengths, in expected pages.
        double steps = 0; ///< Sum of one poll interval each, in expected pages.
    };

    [[nodiscard]] double unevenness() const noexcept;
    [[nodiscard]] double prior() const noexcept;
    [[nodiscard]] double news_per_hour(std::int64_t hour) const noexcept;
    [[nodiscard]] double posts_per_hour(std::int64_t hour) const noexcept;
    [[nodiscard]] double gap_max() const noexcept;
    [[nodiscard]] bool failing(TimePoint now) const noexcept;
    void watch(TimePoint from, TimePoint to, std::uint64_t new_posts);
    void learn_gap(TimePoint at) noexcept;
    void count_poll(bool failed) noexcept;

    std::chrono::seconds interval_;
    TimePoint last_page_{};
    TimePoint last_news_{};
    TimePoint first_failure_{}; ///< Of those in a row.
    std::uint64_t failures_in_a_row_ = 0;
    bool refused_ = false;
    double gap_ = 0; ///< Expected pages since the last news.
    bool learned_ = false;
    bool gap_watched_ = false; ///< All of it.
    double watched_hours_ = 0; ///< In all, not fading.
    double polls_ = 0;         ///< Fading, as the next.
    double errors_ = 0;
    Rate overall_;
    std::array<Rate, hours_of_day> by_day_{};
    std::array<Rate, hours_of_week> by_week_{};
    std::array<GapClass, gap_classes> gaps_{};
    double gap_squares_ = 0; ///< Fading sum.
};

} // namespace empathd

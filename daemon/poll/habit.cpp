#include "daemon/poll/habit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

using FineHours = std::chrono::duration<double, std::ratio<3600>>;

constexpr double weeks_remembered = 4;
constexpr double prior_news = 2; ///< What the next wider rate counts for, pages with news, where
                                 ///< these come by chance; more where they come in outbursts,
constexpr double prior_news_max = 16; ///< up to this.
constexpr double hours_to_learn = 168;
constexpr double gaps_to_learn = 10;
constexpr double gaps_remembered = 200; ///< At least, however long they take.
constexpr double gap_min = 2;           ///< Expected pages; fewer are never silence.
constexpr double own_quantile = 0.995;
constexpr double happened_before = 1.2; ///< Weight of gaps: more than once lately.
constexpr double uneven = 1.5;          ///< Beyond, such a gap may be half as long again.
constexpr double unjudged_weight = 2;   ///< A gap of the first week: nobody can call it an outage.
constexpr double tail_from = 0.10;      ///< The longest share of gaps that shows the tail.
constexpr double false_alarms_a_month = 1.0 / 3;
constexpr double hours_a_month = 720;
constexpr std::uint64_t failures_learned = 6; ///< In a row; an outage is not the usual.
constexpr double failures_min = 2;
constexpr double failures_max = 8;
constexpr double prior_polls = 10; ///< With an error rate of prior_errors / prior_polls.
constexpr double prior_errors = 0.05;
constexpr double lowest_rate = 1e-6; ///< Pages with news an hour.

/// Gap classes are half octaves, one of them around 1: [2^(-1/4), 2^(1/4)).
constexpr double class_of_one = 12;

double lower_edge(std::size_t index)
{
    return std::exp2((static_cast<double>(index) - class_of_one) / 2 - 0.25);
}

std::size_t class_of(double gap, std::size_t classes)
{
    const double at = std::floor((std::log2(std::max(gap, 1e-9)) + 0.25) * 2 + class_of_one);
    return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(classes - 1)));
}

std::int64_t hour_of(TimePoint time)
{
    return std::chrono::floor<hours>(time).time_since_epoch().count();
}

std::size_t wrapped(std::int64_t hour, std::size_t period)
{
    const auto size = static_cast<std::int64_t>(period);
    return static_cast<std::size_t>(((hour % size) + size) % size);
}

/// Mean of a gamma posterior whose prior has mean `wider` and is worth `prior` events.
double shrunken(double events, double watched_hours, double wider, double prior)
{
    return (events + prior) / (watched_hours + prior / wider);
}

} // namespace

std::string_view to_string(SightState state) noexcept
{
    switch (state) {
    case SightState::sighted: return "sighted";
    case SightState::silent: return "silent";
    case SightState::failing: return "failing";
    case SightState::stopped: return "stopped";
    }
    return "unknown";
}

Habit::Habit(seconds poll_interval) : interval_(std::max(poll_interval, seconds{1})) {}

/// Mean square of the own gaps as a multiple of that of pure chance (which is 2), at least 1.
double Habit::unevenness() const noexcept
{
    double weight = 0;
    for (const GapClass& one : gaps_) {
        weight += one.weight;
    }
    return std::max(1.0, (gap_squares_ + 2) / (weight + 1) / 2);
}

/// Events that come in outbursts tell as much as fewer that come by chance.
double Habit::prior() const noexcept
{
    return std::min(prior_news * unevenness(), prior_news_max);
}

double Habit::news_per_hour(std::int64_t hour) const noexcept
{
    const double all =
        std::max(lowest_rate, overall_.news / std::max(overall_.hours, 1.0)); // At first: low.
    const Rate& day = by_day_[wrapped(hour, hours_of_day)];
    const Rate& week = by_week_[wrapped(hour, hours_of_week)];
    const double worth = prior();
    const double daily = shrunken(day.news, day.hours, all, worth);
    return shrunken(week.news, week.hours, daily, worth);
}

double Habit::posts_per_hour(std::int64_t hour) const noexcept
{
    if (overall_.posts <= 0 || overall_.news <= 0) {
        return 0;
    }
    const double worth = prior() * overall_.posts / overall_.news;
    const Rate& day = by_day_[wrapped(hour, hours_of_day)];
    const Rate& week = by_week_[wrapped(hour, hours_of_week)];
    const double daily = shrunken(day.posts, day.hours, overall_.posts / overall_.hours, worth);
    return shrunken(week.posts, week.hours, daily, worth);
}

double Habit::gap_max() const noexcept
{
    double all = 0;
    for (const GapClass& one : gaps_) {
        all += one.weight;
    }
    double above = 0; // Weight, sum of lengths and of steps of the classes from `edge` up.
    double lengths = 0;
    double steps = 0;
    std::size_t edge = gap_classes;
    double quantile = 0;
    double longest = 0;
    const std::size_t margin = unevenness() > uneven ? 1 : 0;
    double weight = 0;
    for (std::size_t i = gap_classes; i > 0 && longest == 0; --i) {
        weight += gaps_[i - 1].weight;
        longest = weight >= happened_before ? lower_edge(i + margin) : 0;
    }
    while (edge > 0 && above + gaps_[edge - 1].weight <= tail_from * all) {
        --edge;
        above += gaps_[edge].weight;
        lengths += gaps_[edge].gaps;
        steps += gaps_[edge].steps;
        quantile = above <= (1 - own_quantile) * all ? lower_edge(edge) : quantile;
    }
    const double from = lower_edge(edge);
    const double a_month = hours_a_month * overall_.news / std::max(overall_.hours, 1.0);
    const double chance = std::min(1.0, false_alarms_a_month / std::max(a_month, 1e-9));
    const double exceeded = (above + 0.5) / (all + 1);
    // Excess in poll intervals, the first begun counted whole; the share that was not the last.
    const double overall_step =
        overall_.news / std::max(overall_.hours, 1.0) * FineHours(interval_).count();
    const double step = above > 0 ? steps / above : overall_step;
    const double counted = step > 0 ? above + std::max(0.0, lengths - above * from) / step : above;
    const double goes_on = (counted - above + 0.5) / (counted + 1);
    const double tail =
        exceeded > chance ? from + step * std::log(exceeded / chance) / -std::log(goes_on) : from;
    return std::max({gap_min, quantile, longest, tail});
}

void Habit::learn_gap(TimePoint at) noexcept
{
    const double since_h = FineHours(at - last_news_).count();
    const double fade =
        std::exp(-std::min(since_h / (weeks_remembered * hours_of_week), 1 / gaps_remembered));
    for (GapClass& one : gaps_) {
        one.weight *= fade;
        one.gaps *= fade;
        one.steps *= fade;
    }
    gap_squares_ *= fade;
    GapClass& own = gaps_[class_of(gap_, gap_classes)];
    const double counts = learned_ ? 1 : unjudged_weight;
    gap_squares_ += counts * gap_ * gap_;
    own.weight += counts;
    own.gaps += counts * gap_;
    own.steps += counts * news_per_hour(hour_of(at)) * FineHours(interval_).count();
}

/// Time between two good pages: an hour at a time, news shared out by length.
void Habit::watch(TimePoint from, TimePoint to, std::uint64_t new_posts)
{
    const bool silent = new_posts == 0 && learned_ && gap_ > gap_max();
    const double whole = FineHours(to - from).count();
    const auto add = [](Rate& rate, double span, double news, double posts, double memory_h) {
        const double fade = std::exp(-span / memory_h);
        rate.hours = rate.hours * fade + span;
        rate.news = rate.news * fade + news;
        rate.posts = rate.posts * fade + posts;
    };
    double expected = 0;
    for (TimePoint at = from; at < to;) {
        const std::int64_t hour = hour_of(at);
        const TimePoint end = std::min(to, TimePoint{hours{hour + 1}});
        const double span = FineHours(end - at).count();
        const double news = new_posts > 0 ? span / whole : 0;
        const double posts = static_cast<double>(new_posts) * span / whole;
        expected += span * news_per_hour(hour);
        if (!silent) {
            add(overall_, span, news, posts, weeks_remembered * hours_of_week);
            add(by_day_[wrapped(hour, hours_of_day)], span, news, posts, weeks_remembered * 7);
            add(by_week_[wrapped(hour, hours_of_week)], span, news, posts, weeks_remembered);
            watched_hours_ += span;
        }
        at = end;
    }
    gap_ += expected;
}

void Habit::count_poll(bool failed) noexcept
{
    const double fade = std::exp(-FineHours(interval_).count() / hours_of_week);
    polls_ = polls_ * fade + 1;
    errors_ = errors_ * fade + (failed ? 1 : 0);
}

void Habit::page(TimePoint at, std::uint64_t new_posts)
{
    for (std::uint64_t i = 0; i < std::min(failures_in_a_row_, failures_learned); ++i) {
        count_poll(true); // Only now: an outage must not be judged by itself.
    }
    failures_in_a_row_ = 0;
    refused_ = false;
    count_poll(false);
    const auto longest = std::max<seconds>(6 * interval_, hours{1});
    if (last_page_ != TimePoint{} && at > last_page_) {
        if (at - last_page_ <= longest) {
            watch(last_page_, at, new_posts);
        } else {
            gap_watched_ = false; // Nobody looked: neither silence nor habit.
            gap_ = 0;
        }
    }
    last_page_ = std::max(last_page_, at);
    if (new_posts > 0) {
        if (gap_watched_ && gap_ > 0) {
            learn_gap(at);
        }
        double gaps = 0;
        for (const GapClass& one : gaps_) {
            gaps += one.weight;
        }
        // Only here: a gap that began in the first week must end before one can be judged.
        learned_ = learned_ || (watched_hours_ >= hours_to_learn && gaps >= gaps_to_learn);
        last_news_ = std::max(last_news_, at);
        gap_ = 0;
        gap_watched_ = true;
    }
}

void Habit::failure(TimePoint at, ErrorKind kind)
{
    if (kind == ErrorKind::cancelled) {
        return;
    }
    if (failures_in_a_row_ == 0) {
        first_failure_ = at;
    }
    ++failures_in_a_row_;
    refused_ = kind == ErrorKind::unauthorized || kind == ErrorKind::refused ||
               kind == ErrorKind::invalid_config;
}

bool Habit::failing(TimePoint now) const noexcept
{
    const double rate = (errors_ + prior_errors) / (polls_ + prior_polls);
    const double polls_a_month = hours_a_month / FineHours(interval_).count();
    const double by_chance = std::log(polls_a_month) / -std::log(std::min(rate, 0.99));
    const double needed = std::clamp(std::ceil(by_chance), failures_min, failures_max);
    const TimePoint good = last_page_ == TimePoint{} ? first_failure_ : last_page_;
    return static_cast<double>(failures_in_a_row_) >= needed && now - good >= 2 * interval_;
}

Sight Habit::look(TimePoint now) const
{
    Sight sight;
    sight.learned = learned_;
    sight.gap = gap_;
    sight.gap_max = sight.learned ? gap_max() : 0;
    sight.error_rate = (errors_ + prior_errors) / (polls_ + prior_polls);
    const double usual_s = 3600 / news_per_hour(hour_of(now));
    sight.usual_gap = seconds{static_cast<std::int64_t>(std::min(usual_s, 1e9))};
    if (failures_in_a_row_ > 0 && refused_) {
        sight.state = SightState::stopped;
        sight.since = last_page_;
    } else if (failures_in_a_row_ > 0 && failing(now)) {
        sight.state = SightState::failing;
        sight.since = last_page_;
    } else if (sight.learned && gap_watched_ && gap_ > sight.gap_max) {
        sight.state = SightState::silent;
        sight.since = last_news_;
    }
    return sight;
}

double Habit::expected_posts(TimePoint from, TimePoint to) const
{
    double sum = 0;
    for (TimePoint at = from; at < to;) {
        const std::int64_t hour = hour_of(at);
        const TimePoint end = std::min(to, TimePoint{hours{hour + 1}});
        sum += FineHours(end - at).count() * posts_per_hour(hour);
        at = end;
    }
    return sum;
}

} // namespace empathd

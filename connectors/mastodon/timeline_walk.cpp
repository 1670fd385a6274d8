#include "connectors/mastodon/timeline_walk.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace empathd::connectors {
namespace {

using Ids = std::vector<std::string>;

/// How far created_at may disagree with the order of a timeline.
constexpr std::chrono::minutes time_tolerance{10};
constexpr std::size_t bottom_max = 4;

bool is_number(std::string_view id) noexcept
{
    return !id.empty() && id.find_first_not_of("0123456789") == std::string_view::npos;
}

bool less_number(std::string_view a, std::string_view b) noexcept
{
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

bool holds(const Ids& ids, const std::string& id)
{
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// Whether the entry lies below all of `to`.
bool is_older(const TimelineEntry& entry, const Ids& to, const std::optional<TimePoint>& to_time)
{
    if (!to.empty() && is_number(to.back()) && is_number(entry.id)) {
        return less_number(entry.id, to.back());
    }
    return to_time && entry.created && *entry.created + time_tolerance < *to_time;
}

Ids first_ids(std::span<const TimelineEntry> page)
{
    Ids ids;
    for (const TimelineEntry& entry : page.first(std::min(page.size(), timeline_known_max))) {
        ids.push_back(entry.id);
    }
    return ids;
}

/// The lowest entry of the page that is one of `ids`; the page's size when none is.
std::size_t lowest_of(std::span<const TimelineEntry> page, const Ids& ids)
{
    for (std::size_t i = page.size(); i > 0; --i) {
        if (holds(ids, page[i - 1].id)) {
            return i - 1;
        }
    }
    return page.size();
}

std::vector<std::size_t> all_before(std::size_t end)
{
    std::vector<std::size_t> indexes(end);
    for (std::size_t i = 0; i < end; ++i) {
        indexes[i] = i;
    }
    return indexes;
}

} // namespace

TimelineWalk::TimelineWalk(TimelineState& state) : state_(state)
{
    if (state_.backfill) {
        step_ = Step::backfill;
    } else if (state_.known.size() > 1) {
        step_ = Step::overlap;
    }
}

TimelineAsk TimelineWalk::ask() const
{
    using Where = TimelineAsk::Where;
    switch (step_) {
    case Step::overlap: return {Where::above, state_.known.back()};
    case Step::forward: return {Where::above, anchor_};
    case Step::backfill:
        return {Where::below, state_.backfill->bottom.at(state_.backfill->stand_in)};
    case Step::newest:
    case Step::done: break;
    }
    return {};
}

std::vector<std::size_t> TimelineWalk::take(std::span<const TimelineEntry> page,
                                            std::string_view link_below)
{
    Indexes fresh = step_ == Step::backfill ? take_below(page, link_below) : take_head(page);
    note_times(page, fresh);
    state_.page_max = std::max(state_.page_max, page.size());
    state_.started = true;
    return fresh;
}

std::vector<std::size_t> TimelineWalk::take_head(std::span<const TimelineEntry> page)
{
    if (page.empty()) {
        // Above a remembered status there must be the others: no answer means it is gone.
        step_ = step_ == Step::overlap ? Step::newest : Step::done;
        return {};
    }
    const std::size_t lowest_known = lowest_of(page, state_.known);
    return lowest_known < page.size() ? take_joined(page, lowest_known) : take_apart(page);
}

/// The page overlaps what is known: it joins without a hole. What stands among the known ones came
/// late; what stands below them was read long ago.
std::vector<std::size_t> TimelineWalk::take_joined(std::span<const TimelineEntry> page,
                                                   std::size_t lowest_known)
{
    Indexes fresh;
    Ids& known = state_.known;
    std::string next_known = page[lowest_known].id;
    for (std::size_t i = lowest_known + 1; i > 0; --i) {
        const std::string& id = page[i - 1].id;
        const auto below = std::find(known.begin(), known.end(), next_known);
        if (!holds(known, id)) {
            known.insert(below, id);
            fresh.push_back(i - 1);
        }
        next_known = id;
    }
    std::reverse(fresh.begin(), fresh.end());
    known.resize(std::min(known.size(), timeline_known_max));
    after_joined(page, !fresh.empty());
    return fresh;
}

void TimelineWalk::after_joined(std::span<const TimelineEntry> page, bool any_new)
{
    const bool was_overlap = step_ == Step::overlap;
    const bool shows_head = page.front().id == state_.known.front();
    // A page as large as any may have been cut off by the server at its upper end; after one more
    // step up, which shows the same again, it was not.
    const bool cut_off = was_overlap && page.size() >= state_.page_max;
    if (step_ == Step::newest || (!any_new && shows_head && !cut_off)) {
        step_ = Step::done;
    } else if (!any_new && !shows_head) {
        // The newest one is gone, or pages are so small that this one ends before it.
        step_ = was_overlap ? Step::newest : Step::done;
    } else {
        // One status below the page's newest, so that the next page shows that one again.
        const bool second = page.size() > 1 && (was_overlap || page[1].id != anchor_);
        anchor_ = page[second ? 1 : 0].id;
        step_ = Step::forward;
    }
}

/// The page shows nothing that is known.
std::vector<std::size_t> TimelineWalk::take_apart(std::span<const TimelineEntry> page)
{
    const bool first_read = !state_.started;
    const auto old = std::find_if(page.begin(), page.end(), [this](const TimelineEntry& entry) {
        return !state_.known.empty() && is_older(entry, state_.known, state_.newest);
    });
    const auto fresh = static_cast<std::size_t>(old - page.begin());
    if (!first_read && old == page.end()) {
        state_.backfill = Backfill{.to = state_.known, .to_time = state_.newest};
        if (state_.known.empty()) {
            state_.backfill->to_time.reset(); // It was empty before: all of it is new.
        }
        descend(page);
        step_ = Step::backfill;
    } else {
        step_ = Step::done;
    }
    if (fresh > 0) {
        state_.known = first_ids(page);
    }
    return all_before(fresh);
}

std::vector<std::size_t> TimelineWalk::take_below(std::span<const TimelineEntry> page,
                                                  std::string_view link_below)
{
    Backfill& hole = *state_.backfill;
    ++hole.pages;
    if (page.empty()) {
        nothing_below(link_below);
        return {};
    }
    const std::string& lowest = hole.bottom.front();
    const std::size_t overlap = lowest_of(page, hole.bottom);
    std::size_t start = overlap == page.size() ? 0 : overlap + 1;
    while (start < page.size() && is_number(page[start].id) && is_number(lowest) &&
           !less_number(page[start].id, lowest)) {
        ++start;
    }
    if (start == page.size()) {
        end_backfill(hole.to.empty()); // The server shows what was read, and nothing below.
        return {};
    }
    const bool shows_head = lowest_of(page, {state_.known.front()}) < page.size();
    if (shows_head && start == 0) {
        end_backfill(false); // The newest page again: the server does not read downwards.
        return {};
    }
    Indexes fresh;
    const std::size_t lowest_known = lowest_of(page, hole.to);
    std::size_t end = lowest_known;
    if (end == page.size()) {
        const auto old = std::find_if(
            page.begin() + static_cast<std::ptrdiff_t>(start), page.end(),
            [&hole](const TimelineEntry& entry) { return is_older(entry, hole.to, hole.to_time); });
        end = static_cast<std::size_t>(old - page.begin());
    }
    for (std::size_t i = start; i < end; ++i) {
        if (!holds(hole.to, page[i].id)) {
            fresh.push_back(i);
        }
    }
    if (end < page.size()) {
        end_backfill(true);
    } else if (hole.pages >= backfill_pages_max) {
        end_backfill(false);
    } else {
        descend(page);
    }
    return fresh;
}

void TimelineWalk::nothing_below(std::string_view link_below)
{
    Backfill& hole = *state_.backfill;
    const bool may_go_on = hole.pages < backfill_pages_max;
    if (may_go_on && !link_below.empty() && link_below != hole.bottom[hole.stand_in]) {
        hole.bottom.assign(1, std::string(link_below));
        hole.stand_in = 0;
    } else if (may_go_on && hole.stand_in + 1 < hole.bottom.size()) {
        ++hole.stand_in; // Some servers answer nothing below a status that was deleted since.
    } else {
        end_backfill(hole.to.empty());
    }
}

void TimelineWalk::descend(std::span<const TimelineEntry> page)
{
    Backfill& hole = *state_.backfill;
    hole.stand_in = 0;
    hole.bottom.clear();
    for (std::size_t i = page.size(); i > 0 && hole.bottom.size() < bottom_max; --i) {
        hole.bottom.push_back(page[i - 1].id);
    }
}

void TimelineWalk::end_backfill(bool reached)
{
    if (!reached) {
        lost_ = "the timeline could not be read back to the last status seen: statuses below " +
                state_.backfill->bottom.front() + " may be missing";
    }
    state_.backfill.reset();
    step_ = state_.known.size() > 1 ? Step::overlap : Step::newest;
}

void TimelineWalk::note_times(std::span<const TimelineEntry> page, const Indexes& fresh)
{
    for (const std::size_t i : fresh) {
        if (page[i].created && (!state_.newest || *state_.newest < *page[i].created)) {
            state_.newest = page[i].created;
        }
    }
}

bool TimelineWalk::refused()
{
    switch (step_) {
    case Step::overlap: step_ = Step::newest; return true;
    case Step::forward: step_ = Step::done; return true;
    case Step::backfill: nothing_below({}); return true;
    case Step::newest:
    case Step::done: break;
    }
    return false;
}

std::string TimelineWalk::take_lost()
{
    return std::exchange(lost_, {});
}

} // namespace empathd::connectors

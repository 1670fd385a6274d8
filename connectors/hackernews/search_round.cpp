#include "connectors/hackernews/search_round.hpp"

#include "analysis/model/time.hpp"
#include "connectors/transport/json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace empathd::connectors {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_state(Writer& json, const SearchState& state)
{
    json.StartObject();
    json.Key("from");
    json.Int64(state.from);
    if (state.next) {
        json.Key("next");
        json.Int64(*state.next);
        json.Key("end");
        json.Int64(state.end);
        json.Key("width");
        json.Int64(state.width);
        json.Key("until");
        json.Int64(state.until);
        json.Key("page");
        json.Uint64(state.page);
    }
    json.Key("newest");
    json.Int64(state.newest);
    json.Key("seen");
    json.StartObject();
    for (const auto& [id, created_s] : state.seen) {
        json.Key(id.c_str(), static_cast<rapidjson::SizeType>(id.size()));
        json.Int64(created_s);
    }
    json.EndObject();
    json.EndObject();
}

std::optional<SearchState> read_state(const Json& json)
{
    const auto from = integer_at(json, "from");
    const auto newest = integer_at(json, "newest");
    const Json* seen = object_at(json, "seen");
    if (!from || !newest || seen == nullptr) {
        return std::nullopt;
    }
    SearchState state{.from = *from, .next = integer_at(json, "next"), .newest = *newest};
    state.end = integer_at(json, "end").value_or(0);
    state.width = integer_at(json, "width").value_or(0);
    state.until = integer_at(json, "until").value_or(0);
    state.page = count_at(json, "page").value_or(0);
    for (const auto& item : seen->GetObject()) {
        if (!item.value.IsInt64()) {
            return std::nullopt;
        }
        state.seen.emplace(std::string(item.name.GetString(), item.name.GetStringLength()),
                           item.value.GetInt64());
    }
    return state;
}

std::string between(const SearchWindow& window)
{
    return to_rfc3339(from_unix_ms(window.from * 1000)) + " and " +
           to_rfc3339(from_unix_ms(window.until * 1000));
}

} // namespace

void enter_round(SearchState& state, std::int64_t now_s) noexcept
{
    state.next = state.from;
    state.end = now_s;
    state.width = 0;
    state.until = 0;
    state.page = 0;
}

SearchRound::SearchRound(SearchState& state, std::int64_t overlap_s,
                         std::uint64_t page_size) noexcept
    : state_(state), overlap_s_(overlap_s), page_size_(page_size)
{
}

SearchWindow SearchRound::window() const noexcept
{
    const std::int64_t from = state_.next.value_or(state_.from);
    if (state_.until != 0) {
        return {.from = from, .until = std::max(from, state_.until), .page = state_.page};
    }
    const std::int64_t end = std::max(from, state_.end);
    const bool whole = state_.width == 0 || state_.width > end - from;
    return {.from = from, .until = whole ? end : from + state_.width - 1, .page = 0};
}

void SearchRound::deliver(HackernewsHits& answer, Page& page)
{
    const std::int64_t from = window().from;
    std::vector<Post> posts;
    for (HackernewsHit& hit : answer.hits) {
        state_.newest = std::max(state_.newest, hit.created_s);
        if (!state_.seen.emplace(hit.id, std::max(hit.created_s, from)).second) {
            continue;
        }
        if (hit.post) {
            posts.push_back(std::move(*hit.post));
        } else if (hit.reject) {
            page.rejected.push_back(std::move(*hit.reject));
        }
    }
    std::move(posts.rbegin(), posts.rend(), std::back_inserter(page.posts));
}

Result<> SearchRound::take(HackernewsHits answer, Page& page)
{
    const SearchWindow asked = window();
    for (const HackernewsHit& hit : answer.hits) {
        if (hit.created_s != 0 && (hit.created_s < asked.from || hit.created_s > asked.until)) {
            return Error{ErrorKind::malformed,
                         "the search answers hits outside the time asked for: item " + hit.id};
        }
    }
    const std::uint64_t hits = answer.hits.size();
    const std::uint64_t size =
        answer.page_size == 0 ? page_size_ : std::min(answer.page_size, page_size_);
    const bool full = hits >= size;
    const std::uint64_t have = asked.page * size + hits;
    const bool complete = hits == 0 || (answer.total ? *answer.total <= have : !full);
    if (!complete && full && asked.page == 0 && asked.until > asked.from) {
        narrow(answer, size);
        return {};
    }
    deliver(answer, page);
    if (!complete && (asked.page + 1) * size < hackernews_results_max) {
        state_.until = asked.until;
        state_.page = asked.page + 1;
        return {};
    }
    if (!complete && full) {
        page.lost = "the search ends after " + std::to_string(have) + " hits between " +
                    between(asked) + ", the rest is not shown";
    }
    state_.until = asked.until;
    next_window(hits, size);
    return {};
}

void SearchRound::narrow(const HackernewsHits& answer, std::uint64_t size)
{
    const SearchWindow asked = window();
    const std::int64_t width = asked.until - asked.from + 1;
    std::int64_t narrower = width / 2;
    if (answer.total && *answer.total > size) {
        // The share of the window that one answer would hold if the hits lay evenly, less a third.
        const double share = 0.67 * static_cast<double>(size) / static_cast<double>(*answer.total);
        narrower =
            std::min(narrower, static_cast<std::int64_t>(static_cast<double>(width) * share));
    }
    state_.width = std::max<std::int64_t>(1, narrower);
}

void SearchRound::next_window(std::uint64_t hits, std::uint64_t size)
{
    const bool at_end = state_.until >= state_.end;
    state_.next = state_.until + 1;
    state_.until = 0;
    state_.page = 0;
    if (state_.width != 0 && hits * 2 < size) {
        state_.width = std::min<std::int64_t>(state_.width * 2, 10'000'000);
    }
    if (state_.newest != 0) {
        state_.from = std::max(state_.from, state_.newest - overlap_s_);
    }
    forget_old();
    if (at_end) {
        state_.next.reset();
    }
}

/// Hits before both the rest of this round and the beginning of the next one cannot come again.
void SearchRound::forget_old()
{
    const std::int64_t needed_from = std::min(state_.from, state_.next.value_or(state_.from));
    std::erase_if(state_.seen, [&](const auto& hit) { return hit.second < needed_from; });
    if (state_.seen.size() <= hackernews_seen_max) {
        return;
    }
    std::vector<std::int64_t> times;
    for (const auto& [id, created_s] : state_.seen) {
        times.push_back(created_s);
    }
    const auto oldest_kept = times.end() - static_cast<std::ptrdiff_t>(hackernews_seen_max);
    std::nth_element(times.begin(), oldest_kept, times.end());
    const std::int64_t limit = *oldest_kept;
    std::erase_if(state_.seen, [&](const auto& hit) { return hit.second < limit; });
}

std::string to_cursor(const SearchStates& states)
{
    rapidjson::StringBuffer buffer;
    Writer json(buffer);
    json.StartObject();
    json.Key("v");
    json.Int(1);
    json.Key("q");
    json.StartObject();
    for (const auto& [phrase, state] : states) {
        json.Key(phrase.c_str(), static_cast<rapidjson::SizeType>(phrase.size()));
        write_state(json, state);
    }
    json.EndObject();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

Result<SearchStates> states_from_cursor(const std::string& cursor)
{
    SearchStates states;
    if (cursor.empty()) {
        return states;
    }
    const Error unreadable{ErrorKind::malformed, "the cursor is not one of hackernews, version 1"};
    const auto document = parse_json(cursor);
    if (!document || integer_at(*document, "v") != 1) {
        return unreadable;
    }
    const Json* phrases = object_at(*document, "q");
    if (phrases == nullptr) {
        return unreadable;
    }
    for (const auto& item : phrases->GetObject()) {
        auto state = read_state(item.value);
        if (!state) {
            return unreadable;
        }
        states.emplace(std::string(item.name.GetString(), item.name.GetStringLength()),
                       std::move(*state));
    }
    return states;
}

} // namespace empathd::connectors

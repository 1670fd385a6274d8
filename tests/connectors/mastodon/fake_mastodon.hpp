#pragma once

#include "connectors/transport/http_client.hpp"

#include "analysis/model/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::testing {

/// A server with one timeline, which pages as well or as badly as it is told to.
class FakeMastodon final : public connectors::HttpClient {
public:
    enum class MinId : std::uint8_t {
        exact,      ///< The page just above.
        like_since, ///< The newest page, down to the status at most.
        ignored,    ///< The newest page.
    };
    enum class Unknown : std::uint8_t { empty, not_found }; ///< Answer when an id is not there.

    MinId min_id = MinId::exact;
    bool max_id_works = true;
    bool uuids = false;               ///< Ids tell nothing; numbers that grow otherwise.
    Unknown unknown = Unknown::empty; ///< Of a UUID; numbers compare, there or not.
    std::size_t page_limit = 40;
    std::size_t overlap = 0; ///< So many statuses above max_id come again.
    std::function<void()> before_answer;
    std::optional<std::size_t> fails_at; ///< The request, counted from 0, that breaks.
    std::size_t requests = 0;

    struct Status {
        std::string id;
        TimePoint created{};
    };

    const std::string& publish()
    {
        now_ += std::chrono::milliseconds{1 + (made_ * 7919) % 90'000};
        statuses_.push_back({.id = next_id(), .created = now_});
        return statuses_.back().id;
    }
    /// A status that reached the server late: `down` places below the newest.
    std::string publish_late(std::size_t down)
    {
        const std::string id = std::to_string(number_of(statuses_.size() - down - 1) + 1);
        const auto place = statuses_.end() - static_cast<std::ptrdiff_t>(down);
        const TimePoint created = std::prev(place)->created;
        statuses_.insert(place, {.id = id, .created = created});
        return id;
    }
    /// Deletes the status `down` places below the newest.
    void erase(std::size_t down)
    {
        if (down < statuses_.size()) {
            statuses_.erase(statuses_.end() - 1 - static_cast<std::ptrdiff_t>(down));
        }
    }
    [[nodiscard]] const std::vector<Status>& statuses() const noexcept { return statuses_; }

    boost::asio::awaitable<Result<connectors::HttpResponse>>
    send(connectors::HttpRequest request) override
    {
        if (before_answer) {
            before_answer();
        }
        if (requests++ == fails_at) {
            co_return Error{ErrorKind::unavailable, "broken on purpose"};
        }
        const auto page = page_of(request.url);
        if (!page) {
            co_return Error{ErrorKind::not_found, "no such status"};
        }
        connectors::HttpResponse response{.status = 200, .url = request.url};
        response.body = "[";
        for (const Status& status : *page) {
            response.body += (response.body.size() > 1 ? "," : "") + to_json(status);
        }
        response.body += "]";
        co_return response;
    }

private:
    using Page = std::vector<Status>;

    [[nodiscard]] std::uint64_t number_of(std::size_t place) const
    {
        return std::stoull(statuses_.at(place).id);
    }
    std::string next_id()
    {
        ++made_;
        if (!uuids) {
            return std::to_string(99'000 + made_ * 10); // Grows by a digit on the way.
        }
        const std::uint64_t mixed = made_ * 0x9E3779B97F4A7C15ULL;
        std::array<char, 40> text{};
        std::snprintf(text.data(), text.size(), "%08llx-0000-4000-8000-%012llx",
                      static_cast<unsigned long long>(mixed >> 32),
                      static_cast<unsigned long long>(mixed & 0xffffffffffffULL));
        return text.data();
    }
    static std::string parameter(std::string_view url, std::string_view key)
    {
        const std::size_t found = url.find(key);
        if (found == std::string_view::npos) {
            return {};
        }
        url.remove_prefix(found + key.size());
        return std::string(url.substr(0, url.find('&')));
    }
    /// How many statuses stand up to and including (or below) the id; nothing when it is unknown.
    [[nodiscard]] std::optional<std::size_t> count_to(const std::string& id, bool included) const
    {
        for (std::size_t i = 0; i < statuses_.size(); ++i) {
            const bool reached =
                uuids ? statuses_[i].id == id : std::stoull(statuses_[i].id) >= std::stoull(id);
            if (reached) {
                return i + (included && statuses_[i].id == id ? 1 : 0);
            }
        }
        return uuids ? std::nullopt : std::optional{statuses_.size()};
    }
    std::optional<Page> page_of(const std::string& url) const
    {
        const std::string above = parameter(url, "min_id=");
        const std::string below = parameter(url, "max_id=");
        std::size_t from = 0;
        std::size_t to = statuses_.size();
        if (!above.empty() && min_id != MinId::ignored) {
            const auto count = count_to(above, true);
            if (!count) {
                return unknown == Unknown::empty ? std::optional{Page()} : std::nullopt;
            }
            from = *count;
            if (min_id == MinId::exact) {
                to = std::min(to, from + page_limit);
            }
        }
        if (!below.empty() && max_id_works) {
            const auto count = count_to(below, false);
            if (!count) {
                return unknown == Unknown::empty ? std::optional{Page()} : std::nullopt;
            }
            to = std::min(to, *count + overlap);
        }
        from = std::max(from, to > page_limit ? to - page_limit : 0);
        Page page(statuses_.begin() + static_cast<std::ptrdiff_t>(from),
                  statuses_.begin() + static_cast<std::ptrdiff_t>(to));
        std::reverse(page.begin(), page.end());
        return page;
    }
    static std::string to_json(const Status& status)
    {
        return R"({"id":")" + status.id + R"(","uri":"https://m.example/users/a/statuses/)" +
               status.id + R"(","created_at":")" + to_rfc3339(status.created) +
               R"(","visibility":"public","content":"<p>words</p>","account":{"acct":"a"}})";
    }

    std::vector<Status> statuses_; ///< Oldest first.
    std::uint64_t made_ = 0;
    TimePoint now_{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
};

} // namespace empathd::testing

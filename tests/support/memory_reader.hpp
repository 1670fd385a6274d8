#pragma once

#include "daemon/store/store.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace empathd::testing {

/// A StoreReader over plain lists. Filters by what tests need (brand, incident, cursor, limit, seq)
/// and writes down what it was asked. Lists may be changed while it is asked from another thread,
/// through `change`.
class MemoryReader final : public StoreReader {
public:
    std::vector<StoredMention> all_mentions; ///< Newest first.
    std::vector<Observation> all_observations;
    std::vector<Incident> all_incidents;
    std::vector<StoredAlert> all_alerts; ///< Oldest first.
    std::vector<SourceRecord> all_sources;
    std::vector<JournalEntry> all_journal; ///< Oldest first.
    std::vector<HistoryItem> all_history;  ///< Oldest first.
    OutboxCounts outbox;
    std::optional<Error> failure; ///< Given to every question when set.
    std::vector<MentionFilter> mention_questions;
    std::vector<IncidentFilter> incident_questions;
    std::size_t alert_questions = 0;

    template <class Change>
    void change(Change how)
    {
        const std::lock_guard lock(mutex_);
        how(*this);
    }

    Result<std::vector<StoredMention>> mentions(const MentionFilter& filter) override
    {
        const std::lock_guard lock(mutex_);
        mention_questions.push_back(filter);
        if (failure) {
            return *failure;
        }
        std::vector<StoredMention> found;
        for (const StoredMention& mention : all_mentions) {
            const bool fits = (filter.brand.empty() || filter.brand == mention.brand) &&
                              (filter.incident.empty() || filter.incident == mention.incident) &&
                              (!filter.after || mention.id < filter.after->id);
            if (fits && found.size() < filter.limit) {
                found.push_back(mention);
            }
        }
        return found;
    }

    Result<std::optional<StoredMention>> mention(std::int64_t id) override
    {
        const std::lock_guard lock(mutex_);
        if (failure) {
            return *failure;
        }
        return find(all_mentions, [id](const StoredMention& mention) { return mention.id == id; });
    }

    Result<std::vector<Observation>> observations(const PostKey& key) override
    {
        const std::lock_guard lock(mutex_);
        std::vector<Observation> found;
        for (const Observation& observation : all_observations) {
            if (observation.key == key) {
                found.push_back(observation);
            }
        }
        return found;
    }

    Result<std::vector<Incident>> incidents(const IncidentFilter& filter) override
    {
        const std::lock_guard lock(mutex_);
        incident_questions.push_back(filter);
        if (failure) {
            return *failure;
        }
        return all_incidents;
    }

    Result<std::optional<Incident>> incident(const std::string& id) override
    {
        const std::lock_guard lock(mutex_);
        if (failure) {
            return *failure;
        }
        return find(all_incidents, [&id](const Incident& incident) { return incident.id == id; });
    }

    Result<std::vector<StoredAlert>> alerts(std::int64_t after, std::size_t limit,
                                            bool newest) override
    {
        const std::lock_guard lock(mutex_);
        ++alert_questions;
        if (failure) {
            return *failure;
        }
        std::vector<StoredAlert> found;
        for (const StoredAlert& alert : all_alerts) {
            if (alert.seq > after) {
                found.push_back(alert);
            }
        }
        if (newest) {
            std::reverse(found.begin(), found.end());
        }
        found.resize(std::min(found.size(), limit));
        return found;
    }

    Result<std::vector<JournalEntry>> journal(const JournalFilter& filter) override
    {
        const std::lock_guard lock(mutex_);
        if (failure) {
            return *failure;
        }
        std::vector<JournalEntry> found;
        for (const JournalEntry& entry : all_journal) {
            const bool fits = (filter.incident.empty() || filter.incident == entry.incident) &&
                              (filter.kind.empty() || filter.kind == entry.kind) &&
                              entry.seq > filter.after && found.size() < filter.limit;
            if (fits) {
                found.push_back(entry);
            }
        }
        return found;
    }

    Result<std::vector<HistoryItem>> history(TimePoint since, std::optional<MentionCursor> after,
                                             std::size_t limit) override
    {
        const std::lock_guard lock(mutex_);
        if (failure) {
            return *failure;
        }
        std::vector<HistoryItem> found;
        for (const HistoryItem& item : all_history) {
            const TimePoint at = item.mention.post.seen_at;
            const bool later =
                !after || std::pair(at, item.mention.id) > std::pair(after->at, after->id);
            if (at >= since && later && found.size() < limit) {
                found.push_back(item);
            }
        }
        return found;
    }

    Result<std::vector<SourceRecord>> sources() override
    {
        const std::lock_guard lock(mutex_);
        if (failure) {
            return *failure;
        }
        return all_sources;
    }
    Result<OutboxCounts> outbox_counts() override { return outbox; }
    Result<std::uint64_t> mention_count() override
    {
        const std::lock_guard lock(mutex_);
        return all_mentions.size();
    }

private:
    template <class Item, class Fits>
    static std::optional<Item> find(const std::vector<Item>& items, Fits fits)
    {
        const auto found = std::find_if(items.begin(), items.end(), fits);
        return found == items.end() ? std::nullopt : std::optional<Item>(*found);
    }

    std::mutex mutex_; ///< Between the reading thread and the test.
};

} // namespace empathd::testing

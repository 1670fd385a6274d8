#pragma once

#include "daemon/store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace empathd::testing {

/// A store whose updates fail as told; everything else is the real one's.
class FailingStore final : public Store {
public:
    explicit FailingStore(Store& real) : real_(real) {}

    std::vector<Error> failures; ///< Of the next updates, first first.

    Result<> outbox_update(const std::vector<OutboxUpdate>& updates) override
    {
        if (!failures.empty()) {
            const Error error = failures.front();
            failures.erase(failures.begin());
            return error;
        }
        return real_.outbox_update(updates);
    }
    Result<> commit(const std::vector<PageCommit>& pages) override { return real_.commit(pages); }
    Result<std::vector<KnownPost>> known(const std::vector<PostKey>& keys) override
    {
        return real_.known(keys);
    }
    Result<std::string> cursor(const std::string& source) override { return real_.cursor(source); }
    Result<> note(const LedgerEntry& entry) override { return real_.note(entry); }
    Result<TrackedState> tracked(TimePoint since, TimePoint resolved_since) override
    {
        return real_.tracked(since, resolved_since);
    }
    Result<std::optional<std::string>> receipt(const std::string& key) override
    {
        return real_.receipt(key);
    }
    Result<std::vector<OutboxRow>> outbox_due(const std::string& name, TimePoint now,
                                              std::size_t limit) override
    {
        return real_.outbox_due(name, now, limit);
    }
    Result<std::vector<OutboxRow>> outbox_published(const std::string& name, std::int64_t after,
                                                    std::size_t limit) override
    {
        return real_.outbox_published(name, after, limit);
    }
    Result<OutboxCounts> outbox_counts(const std::string& name) override
    {
        return real_.outbox_counts(name);
    }
    Result<std::uint64_t> outbox_replay(const std::string& name,
                                        std::optional<std::int64_t> row) override
    {
        return real_.outbox_replay(name, row);
    }
    Result<std::uint64_t> retain(TimePoint posts, TimePoint ledger) override
    {
        return real_.retain(posts, ledger);
    }

private:
    Store& real_;
};

} // namespace empathd::testing

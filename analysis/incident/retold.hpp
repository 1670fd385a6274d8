#pragma once

#include "analysis/incident/account.hpp"
#include "analysis/incident/story.hpp"
#include "analysis/model/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::analysis {

/// Why a post is thought to tell a story: natural logarithms of how much likelier each thing is if
/// it does than if it does not, bounded. The sum decides.
struct Likeness {
    float names = 0;    ///< Proper-looking names in common.
    float numbers = 0;  ///< Codes and numbers in common.
    float words = 0;    ///< Other words in common, less what it says that the story does not.
    float topics = 0;   ///< The same kind of thing happened.
    float labels = 0;   ///< Reason and need agree, or do not.
    float nearness = 0; ///< How many told it how long ago.
    float conflict = 0; ///< Another place or another flight: negative.

    [[nodiscard]] float total() const noexcept
    {
        return names + numbers + words + topics + labels + nearness + conflict;
    }
    /// What both say, without who says it when and where.
    [[nodiscard]] float in_common() const noexcept { return names + numbers + words + topics; }
    /// Name and points of each part that is not zero, in the order above.
    [[nodiscard]] std::vector<std::pair<std::string_view, float>> parts() const;
};

/// How much a post must have in common with a story of so many accounts, however near it is: more
/// than chance, which grows with the story, and more for what is no complaint.
[[nodiscard]] float in_common_min(std::size_t accounts, bool complaint) noexcept;

/// A post that may retell a story.
struct Retelling {
    const Account& account;
    std::string_view reason; ///< Label; empty, none and unsure say nothing.
    std::string_view need;
    TimePoint at{};
};

/// What the running stories of all brands say, and which of them a post retells.
///
/// A brand's own stories teach what is usual there: a word that many of them have says little.
/// Nothing but the members that are in counts, so whoever puts the same members in in the same
/// order gets the same answers. Stories must outlive their stay; their members must not change
/// while they are in.
class RetoldIndex {
public:
    RetoldIndex();
    ~RetoldIndex();
    RetoldIndex(RetoldIndex&&) noexcept;
    RetoldIndex& operator=(RetoldIndex&&) noexcept;

    /// Puts the story and its members that tell it in; nothing when it is in.
    void add(Story& story);
    /// Takes it and all its members out; nothing when it is not in.
    void remove(Story& story);
    /// A member more, of a story that is in. Nothing when the member does not tell it.
    void add(Story& story, const Member& member);

    struct Match {
        Story* story = nullptr;
        Likeness likeness;
    };

    /// The likeliest story of the brand told within `window` before `at`; of equals, the one told
    /// last. Nothing when no story comes into question. Looks at a bounded number of stories.
    [[nodiscard]] std::optional<Match> best(const std::string& brand, const Retelling& post,
                                            std::chrono::milliseconds window);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace empathd::analysis

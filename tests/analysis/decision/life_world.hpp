#pragma once

#include "analysis/decision/lifecycle.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace empathd::analysis::testing {

inline const TimePoint noon = from_unix_ms(1'772'539'200'000);

/// A complaint worth a warning that does not grow: 10 reactions, forecast to end with 12 to 40.
inline Look small_story()
{
    Look look;
    look.severity = Severity::warning;
    look.score = 50;
    look.reactions = 10;
    look.forecast = Band{12, 40};
    look.networks = {"chatter"};
    look.languages = {"en"};
    look.mentions = look.complaints = look.witnesses = 1;
    return look;
}

inline Look with_severity(Look look, Severity severity)
{
    look.severity = severity;
    return look;
}

inline Look withheld(Look look, SilenceReason why)
{
    look.withhold = why;
    look.severity = why == SilenceReason::budget_spent ? look.severity : Severity::info;
    return look;
}

/// 41 reactions are beyond the band of small_story().
inline Look grown(Look look, double reactions = 41)
{
    look.reactions = reactions;
    look.forecast = Band{reactions, 3 * reactions};
    return look;
}

/// One incident, driven event by event.
class LifeWorld {
public:
    explicit LifeWorld(Policy with = {}) : policy(std::move(with)) {}

    Step does(const Event& event)
    {
        last = step(life, event, policy, now);
        life = last.life;
        return last;
    }

    Step looks(const Look& look) { return does(Looked{look}); }

    template <class Duration>
    LifeWorld& later(Duration time)
    {
        now += time;
        return *this;
    }

    /// Told for the first time: a look, and the group wait.
    LifeWorld& told(const Look& look = small_story())
    {
        looks(look);
        if (life.revision == 0) {
            later(policy.group_wait).does(Tick{});
        }
        EXPECT_EQ(life.revision, 1u);
        return *this;
    }

    LifeWorld& taken_by(const std::string& owner)
    {
        does(Acknowledge{.owner = owner, .note = "", .until = {}});
        EXPECT_EQ(life.state, IncidentState::acknowledged);
        return *this;
    }

    Policy policy;
    TimePoint now = noon;
    Life life;
    Step last;
};

template <class Kind>
std::optional<Kind> act(const Step& step)
{
    for (const Act& one : step.acts) {
        if (const auto* found = std::get_if<Kind>(&one)) {
            return *found;
        }
    }
    return std::nullopt;
}

/// What people were told in the step; nothing: nothing.
inline std::optional<AlertReason> told_in(const Step& step)
{
    const auto notify = act<Notify>(step);
    return notify ? std::optional{notify->reason} : std::nullopt;
}

inline std::optional<SilenceReason> kept_back_in(const Step& step)
{
    const auto withheld = act<Withheld>(step);
    return withheld ? std::optional{withheld->reason} : std::nullopt;
}

} // namespace empathd::analysis::testing

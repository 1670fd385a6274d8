#include "daemon/pipeline/desk_command.hpp"

#include "daemon/pipeline/journal.hpp"
#include "daemon/pipeline/life_bytes.hpp"
#include "daemon/pipeline/story_desk.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace empathd {
namespace {

using Kind = DeskCommand::Kind;

/// What a person's command does to a life; nothing for those that concern no single life.
std::optional<analysis::Event> event_of(const DeskCommand& command)
{
    switch (command.kind) {
    case Kind::acknowledge:
        return analysis::Acknowledge{
            .owner = command.by, .note = command.note, .until = command.until};
    case Kind::unacknowledge: return analysis::Unacknowledge{.by = command.by};
    case Kind::resolve: return analysis::Resolve{.by = command.by, .outcome = command.outcome};
    case Kind::reopen: return analysis::Reopen{.by = command.by};
    case Kind::mark:
    case Kind::silence:
    case Kind::unsilence:
    case Kind::merge:
    case Kind::split: break;
    }
    return std::nullopt;
}

std::string matchers_of(const analysis::Silence& silence)
{
    std::string out;
    for (const analysis::Matcher& matcher : silence.matchers) {
        out += (out.empty() ? "" : ", ") + analysis::to_string(matcher);
    }
    return out;
}

/// What the journal says of a command, beside who and when.
std::string detail_of_command(const DeskCommand& command)
{
    const bool resolves = command.kind == Kind::resolve;
    return detail_of(
        {{"note", command.note},
         {"until", command.until ? to_rfc3339(*command.until) : ""},
         {"outcome", resolves ? std::string(to_string(command.outcome)) : ""},
         {"mark", command.mark},
         {"silence", command.silence.id},
         {"matchers", matchers_of(command.silence)},
         {"reason", command.silence.reason},
         {"ends_at",
          command.silence.ends_at != TimePoint{} ? to_rfc3339(command.silence.ends_at) : ""},
         {"other", command.other},
         {"posts", command.posts.empty() ? "" : std::to_string(command.posts.size())}});
}

} // namespace

std::string_view to_string(DeskCommand::Kind kind) noexcept
{
    switch (kind) {
    case Kind::acknowledge: return "acknowledge";
    case Kind::unacknowledge: return "unacknowledge";
    case Kind::resolve: return "resolve";
    case Kind::reopen: return "reopen";
    case Kind::mark: return "mark";
    case Kind::silence: return "silence";
    case Kind::unsilence: return "unsilence";
    case Kind::merge: return "merge";
    case Kind::split: return "split";
    }
    return "unknown";
}

Result<std::string> StoryDesk::obey(const DeskCommand& command, TimePoint at, DeskOutput& out)
{
    Changes changes;
    advance(at, changes);
    Result<std::string> done = std::string();
    if (command.by.empty()) {
        done = Error{ErrorKind::malformed, "by is missing: who asks for it"};
    } else if (command.kind == Kind::silence || command.kind == Kind::unsilence) {
        done = obey_silence(command, at, changes);
    } else if (command.kind == Kind::merge || command.kind == Kind::split) {
        done = obey_correction(command, at, changes);
    } else {
        done = obey_about_incident(command, at, changes);
    }
    if (done) {
        changes.journal.insert(changes.journal.begin(),
                               JournalEntry{.at = at,
                                            .kind = std::string(to_string(command.kind)),
                                            .incident = command.incident,
                                            .who = command.by,
                                            .detail = detail_of_command(command)});
    }
    finish(changes, out);
    return done;
}

Result<std::string> StoryDesk::obey_about_incident(const DeskCommand& command, TimePoint at,
                                                   Changes& changes)
{
    if (find(command.incident) == nullptr) {
        return Error{ErrorKind::not_found, "incident: there is none with this id, or no longer"};
    }
    if (command.kind == Kind::mark) {
        const bool known =
            std::find(std::begin(marks), std::end(marks), command.mark) != std::end(marks);
        return known ? Result<std::string>(std::string())
                     : Result<std::string>(
                           Error{ErrorKind::malformed,
                                 "as must be well_spotted, false_alarm or not_about_us"});
    }
    const std::string refused = live(command.incident, event_of(command), at, changes);
    if (!refused.empty()) {
        return Error{ErrorKind::refused, refused};
    }
    if (command.kind == Kind::resolve) {
        open_.erase(command.incident);
    }
    return std::string();
}

Result<std::string> StoryDesk::obey_silence(const DeskCommand& command, TimePoint at,
                                            Changes& changes)
{
    analysis::SilenceBook& book = lives_.silences();
    Result<> done;
    if (command.kind == Kind::silence) {
        analysis::Silence silence = command.silence;
        silence.author = command.by;
        done = book.put(std::move(silence), at);
    } else {
        done = book.end(command.silence.id, at);
    }
    if (!done) {
        return done.error();
    }
    changes.news.silences_changed = true;
    const std::set<std::string> open = open_;
    for (const std::string& id : open) { // What it hides, or hides no longer.
        judge(id, at, changes);
    }
    return command.silence.id;
}

Result<std::string> StoryDesk::obey_correction(const DeskCommand& command, TimePoint at,
                                               Changes& changes)
{
    std::string made = command.incident;
    if (command.kind == Kind::merge) {
        if (Result<> merged = tracker_.merge(command.incident, command.other); !merged) {
            return merged.error();
        }
        spread_.merge(command.incident, command.other);
        StoryFacts& facts = facts_[command.incident];
        const auto other = facts_.extract(command.other);
        if (!other.empty()) {
            const StoryFacts& more = other.mapped();
            facts.gravity.safety = facts.gravity.safety || more.gravity.safety;
            facts.gravity.legal = facts.gravity.legal || more.gravity.legal;
            facts.gravity.press = facts.gravity.press || more.gravity.press;
            for (const auto& [author, sure] : more.complainers) {
                facts.complainers[author] = std::max(facts.complainers[author], sure);
            }
            facts.stages.insert(more.stages.begin(), more.stages.end());
            facts.emotions.insert(more.emotions.begin(), more.emotions.end());
            facts.audiences.insert(more.audiences.begin(), more.audiences.end());
        }
        lives_.forget(command.other);
        changes.news.changed.insert(command.other); // Its life is forgotten in the store too.
        open_.erase(command.other);
        open_.insert(command.incident);
    } else {
        const Result<std::string> fresh = tracker_.split(command.incident, command.posts);
        if (!fresh) {
            return fresh.error();
        }
        spread_.split(command.incident, *fresh, command.posts);
        facts_[*fresh] = facts_[command.incident];
        open_.insert(*fresh);
        judge(*fresh, at, changes);
        made = *fresh;
    }
    changes.states.push_back({"corrections", corrections_bytes(tracker_.corrections())});
    judge(command.incident, at, changes);
    return made;
}

} // namespace empathd

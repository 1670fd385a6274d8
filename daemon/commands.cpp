#include "daemon/commands.hpp"

#include "analysis/model/digest.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace empathd {
namespace {

using Kind = DeskCommand::Kind;

Kind kind_of(CommandType type) noexcept
{
    switch (type) {
    case CommandType::acknowledge: return Kind::acknowledge;
    case CommandType::unacknowledge: return Kind::unacknowledge;
    case CommandType::resolve: return Kind::resolve;
    case CommandType::reopen: return Kind::reopen;
    case CommandType::silence: return Kind::silence;
    case CommandType::unsilence: return Kind::unsilence;
    case CommandType::merge: return Kind::merge;
    case CommandType::split: return Kind::split;
    case CommandType::mark: return Kind::mark;
    }
    return Kind::acknowledge;
}

/// There is no label for an incident's id: a silence must have matchers.
Result<> read_silence(const Command& command, TimePoint now, analysis::Silence& silence)
{
    if (command.matchers.empty()) {
        return Error{ErrorKind::malformed,
                     "matcher: at least one is needed, such as \"brand = Acme\"; to be quiet about "
                     "one incident acknowledge it"};
    }
    for (const std::string& text : command.matchers) {
        auto matcher = analysis::parse_matcher(text);
        if (!matcher) {
            return Error{ErrorKind::malformed, "matcher: " + matcher.error().message};
        }
        silence.matchers.push_back(std::move(*matcher));
    }
    silence.id = "s-" + digest({command.key}).substr(0, 12);
    silence.starts_at = now;
    silence.ends_at = command.until.value_or(TimePoint{});
    silence.author = command.by;
    silence.reason = command.note;
    return {};
}

} // namespace

Result<DeskCommand> desk_command(const Command& command, TimePoint now)
{
    DeskCommand out{.kind = kind_of(command.type),
                    .incident = command.incident,
                    .by = command.by,
                    .note = command.note,
                    .until = command.until};
    switch (command.type) {
    case CommandType::resolve:
        if (!command.outcome.empty()) {
            const auto outcome = outcome_from(command.outcome);
            if (!outcome || *outcome == Outcome::faded || *outcome == Outcome::deleted) {
                return Error{ErrorKind::malformed,
                             "outcome must be fixed, answered, false_alarm, not_about_us or other"};
            }
            out.outcome = *outcome;
        }
        break;
    case CommandType::silence:
        if (const Result<> read = read_silence(command, now, out.silence); !read) {
            return read.error();
        }
        break;
    case CommandType::unsilence: out.silence.id = command.silence; break;
    case CommandType::merge:
        out.incident = command.into;
        out.other = command.incident;
        break;
    case CommandType::split: out.posts = command.posts; break;
    case CommandType::mark: out.mark = command.as; break;
    case CommandType::acknowledge:
    case CommandType::unacknowledge:
    case CommandType::reopen: break;
    }
    return out;
}

boost::asio::awaitable<Result<CommandAnswer>> obey(Pipeline& pipeline, const Clock& clock,
                                                   Command command)
{
    auto wanted = desk_command(command, clock.now());
    if (!wanted) {
        co_return wanted.error();
    }
    const Result<Obeyed> done = co_await pipeline.obey(std::move(*wanted), std::move(command.key));
    if (!done) {
        co_return done.error();
    }
    if (!done->refused.empty()) {
        co_return Error{ErrorKind::refused, done->refused};
    }
    co_return CommandAnswer{.repeated = done->repeated, .detail = done->made};
}

} // namespace empathd

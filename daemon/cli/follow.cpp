#include "daemon/cli/follow.hpp"

#include "daemon/cli/event_stream.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/http/output.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ostream>

namespace empathd::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds wait_first{2'000};
constexpr milliseconds wait_max{30'000};

std::int64_t seq_of(const std::string& id)
{
    std::int64_t seq = 0;
    std::from_chars(id.data(), id.data() + id.size(), seq);
    return seq;
}

/// One following under way.
class Follower {
public:
    Follower(const Options& options, Context& context)
        : options_(options), context_(context), json_(options.json || !context.terminal.is_terminal)
    {
    }

    Exit run();

private:
    /// The newest ones; sets `after_`. Nothing: all is well.
    std::optional<Exit> show_newest();
    bool take(std::string_view bytes);
    void show(const wire::Alert& alert);
    void wait();

    const Options& options_;
    Context& context_;
    const bool json_;
    EventReader reader_;
    std::string after_;
    milliseconds wait_{wait_first};
    bool connected_ = false;
};

void Follower::show(const wire::Alert& alert)
{
    if (json_) {
        context_.out << (context_.terminal.is_terminal ? term_json(alert.json) : alert.json)
                     << '\n';
    } else {
        context_.out << followed_line(alert, context_.terminal);
    }
    context_.out.flush();
}

std::optional<Exit> Follower::show_newest()
{
    const auto answer =
        context_.api.get(target_of("/v1/alerts", {{"limit", std::to_string(options_.limit)}}));
    if (!answer) {
        return tell_failure(answer.error(), context_);
    }
    if (answer->status != 200) {
        return tell_refusal(*answer, context_);
    }
    auto page = wire::read_alert_page(answer->body);
    if (!page) {
        return tell_failure(page.error(), context_);
    }
    connected_ = true;
    std::reverse(page->items.begin(), page->items.end());
    for (const wire::Alert& alert : page->items) {
        show(alert);
    }
    after_ = page->items.empty() ? "0" : std::to_string(page->items.back().seq);
    return std::nullopt;
}

bool Follower::take(std::string_view bytes)
{
    connected_ = true;
    wait_ = reader_.retry().value_or(wait_first);
    for (const Event& event : reader_.take(bytes)) {
        if (event.type != "alert") {
            continue;
        }
        const auto alert = wire::read_alert(seq_of(event.id), event.data);
        if (alert) {
            show(*alert);
        } else {
            context_.err << "empathctl: alert " << term_text(event.id)
                         << " cannot be read: " << alert.error().message << '\n';
        }
    }
    return static_cast<bool>(context_.out);
}

void Follower::wait()
{
    context_.sleep(wait_);
    wait_ = std::min(wait_ * 2, wait_max);
}

Exit Follower::run()
{
    if (!json_) {
        context_.out << followed_head(context_.terminal);
    }
    for (const auto& [name, value] : options_.filters) {
        after_ = name == "after" ? value : after_;
    }
    if (after_.empty()) {
        if (const auto exit = show_newest()) {
            return *exit;
        }
    }
    const std::function<bool(std::string_view)> taking = [this](std::string_view bytes) {
        return take(bytes);
    };
    while (context_.out) {
        reader_.restart();
        const auto answer = context_.api.stream(target_of("/v1/alerts/stream", {{"after", after_}}),
                                                reader_.last_id(), taking);
        if (!context_.out) {
            break;
        }
        if (!answer && !connected_) {
            return tell_failure(answer.error(), context_);
        }
        const bool worth_trying = !answer || answer->status == 200 || answer->status >= 500;
        if (!worth_trying || (answer && answer->status != 200 && !connected_)) {
            return tell_refusal(*answer, context_);
        }
        wait();
    }
    return Exit::ok;
}

} // namespace

Exit follow_alerts(const Options& options, Context& context)
{
    return Follower(options, context).run();
}

} // namespace empathd::cli

#pragma once

#include "daemon/cli/commands.hpp"

#include <deque>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace empathd::cli {

/// One connection of a stream: the bytes it brings, then how it ends.
struct StreamScript {
    std::vector<std::string> bytes;
    Result<Answer> end = Answer{.status = 200, .body = {}};
};

/// An API that answers from tables and writes down what it was asked; output goes into strings.
class FakeApi {
public:
    FakeApi()
    {
        api.get = [this](const std::string& target) { return get(target); };
        api.stream = [this](const std::string& target, const std::string& last_event_id,
                            const std::function<bool(std::string_view)>& take) {
            return stream(target, last_event_id, take);
        };
    }
    FakeApi(const FakeApi&) = delete;
    FakeApi& operator=(const FakeApi&) = delete;

    void answer(std::string body, int status = 200)
    {
        answers.push_back(Answer{.status = status, .body = std::move(body)});
    }

    std::deque<Result<Answer>> answers; ///< Given in turn.
    std::deque<StreamScript> streams;   ///< One for each connection; then the output is closed.
    std::vector<std::string> asked;
    std::vector<std::string> resumed_with;
    std::vector<std::chrono::milliseconds> waits;
    Api api;
    std::ostringstream out;
    std::ostringstream err;
    Context context{.api = api,
                    .terminal = {},
                    .out = out,
                    .err = err,
                    .sleep = [this](std::chrono::milliseconds time) { waits.push_back(time); }};

private:
    Result<Answer> get(const std::string& target)
    {
        asked.push_back(target);
        if (answers.empty()) {
            return Error{ErrorKind::unavailable, "nothing prepared"};
        }
        Result<Answer> next = std::move(answers.front());
        answers.pop_front();
        return next;
    }

    Result<Answer> stream(const std::string& target, const std::string& last_event_id,
                          const std::function<bool(std::string_view)>& take)
    {
        asked.push_back(target);
        resumed_with.push_back(last_event_id);
        if (streams.empty()) {
            out.setstate(std::ios::badbit); // As when the reader of a pipe has gone.
            return Answer{.status = 200, .body = {}};
        }
        const StreamScript script = std::move(streams.front());
        streams.pop_front();
        for (const std::string& bytes : script.bytes) {
            if (!take(bytes)) {
                break;
            }
        }
        return script.end;
    }
};

} // namespace empathd::cli

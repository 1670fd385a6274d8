#pragma once

#include "daemon/cli/commands.hpp"
#include "daemon/http/output.hpp"

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace empathd::cli {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Items as JSON lines: verbatim for a program, without anything a terminal would obey for a
/// person.
template <class Item>
void print_json(const std::vector<Item>& items, const Context& context)
{
    for (const Item& item : items) {
        context.out << (context.terminal.is_terminal ? term_json(item.json) : item.json) << '\n';
    }
}

inline bool wants_json(const Options& options, const Context& context)
{
    return options.json || !context.terminal.is_terminal;
}

/// Asks and reads; nothing, with `exit` set, when there is nothing to show.
template <class Read>
auto ask(const std::string& target, Context& context, Exit& exit, Read read)
    -> std::optional<typename decltype(read(std::string_view{}))::value_type>
{
    auto answer = context.api.get(target);
    if (!answer) {
        exit = tell_failure(answer.error(), context);
        return std::nullopt;
    }
    if (answer->status != 200) {
        exit = tell_refusal(*answer, context);
        return std::nullopt;
    }
    auto found = read(answer->body);
    if (!found) {
        exit = tell_failure(found.error(), context);
        return std::nullopt;
    }
    return std::move(*found);
}

} // namespace empathd::cli

#include "daemon/notify/command.hpp"

#include "analysis/model/digest.hpp"
#include "connectors/transport/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace empathd {
namespace {

constexpr std::array<std::string_view, command_types> type_names{
    "acknowledge", "unacknowledge", "resolve", "reopen", "silence",
    "unsilence",   "merge",         "split",   "mark"};

using Types = std::uint32_t;

constexpr Types bit(CommandType type) noexcept
{
    return Types{1} << static_cast<unsigned>(type);
}

constexpr Types all_types = (Types{1} << command_types) - 1;
constexpr Types none = 0;

/// A field, the types it has a meaning for, and those that cannot be without it.
struct Rule {
    std::string_view name;
    Types allowed;
    Types required;
    bool repeats;
};

using enum CommandType;

constexpr std::array rules{
    Rule{"type", all_types, all_types, false},
    Rule{"id", all_types, none, false},
    Rule{"by", all_types, all_types, false},
    Rule{"note", all_types, bit(silence), false},
    Rule{"incident", all_types & ~bit(unsilence), all_types & ~bit(unsilence) & ~bit(silence),
         false},
    Rule{"into", bit(merge), bit(merge), false},
    Rule{"silence", bit(unsilence), bit(unsilence), false},
    Rule{"outcome", bit(resolve), none, false},
    Rule{"as", bit(mark), bit(mark), false},
    Rule{"match", bit(silence), none, true},
    Rule{"post", bit(split), bit(split), true},
    Rule{"until", bit(acknowledge) | bit(silence), bit(silence), false},
};

const Rule* rule_of(std::string_view name) noexcept
{
    const auto* const found = std::find_if(rules.begin(), rules.end(),
                                           [name](const Rule& rule) { return rule.name == name; });
    return found == rules.end() ? nullptr : found;
}

Error bad(std::string_view field, const std::string& why)
{
    return Error{ErrorKind::malformed, std::string(field) + ": " + why};
}

/// What a stranger wrote, short and fit for a message.
std::string shown(std::string_view text)
{
    constexpr std::size_t bytes_max = 40;
    std::string out(text.substr(0, bytes_max));
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return '"' + out + (text.size() > bytes_max ? "...\"" : "\"");
}

bool is_control(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

/// Text for people. Without `lines` it is one line.
Result<std::string> read_text(const CommandField& field, std::size_t bytes_max, bool lines)
{
    if (field.value.size() > bytes_max) {
        return bad(field.name, "longer than " + std::to_string(bytes_max) + " bytes");
    }
    if (connectors::repaired_utf8(field.value) != field.value) {
        return bad(field.name, "not UTF-8");
    }
    const bool controls = std::any_of(field.value.begin(), field.value.end(), [lines](char c) {
        return is_control(c) && !(lines && (c == '\n' || c == '\t'));
    });
    if (controls) {
        return bad(field.name, "holds control characters");
    }
    if (field.value.find_first_not_of(" \t\n") == std::string::npos) {
        return bad(field.name, "empty");
    }
    return field.value;
}

Result<std::string> read_id(const CommandField& field)
{
    if (field.value.empty()) {
        return bad(field.name, "empty");
    }
    if (field.value.size() > command_id_bytes_max) {
        return bad(field.name, "longer than " + std::to_string(command_id_bytes_max) + " bytes");
    }
    if (std::any_of(field.value.begin(), field.value.end(),
                    [](char c) { return c <= ' ' || c > '~'; })) {
        return bad(field.name, "must be printable ASCII without spaces");
    }
    return field.value;
}

Result<std::string> read_word(const CommandField& field)
{
    const bool good =
        !field.value.empty() && field.value.size() <= command_word_bytes_max &&
        field.value.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
    if (!good) {
        return bad(field.name, shown(field.value) + " is no word of the letters a to z and '_'");
    }
    return field.value;
}

/// "NETWORK ID": ids are opaque, networks have no spaces.
Result<PostKey> read_post(const CommandField& field)
{
    const auto text = read_text(field, command_post_bytes_max, false);
    if (!text) {
        return text.error();
    }
    const std::size_t space = text->find(' ');
    if (space == 0 || space == std::string::npos || space + 1 == text->size()) {
        return bad(field.name, shown(*text) + " is not \"NETWORK ID\"");
    }
    return PostKey{text->substr(0, space), text->substr(space + 1)};
}

Result<> keep(Result<std::string> value, std::string& place)
{
    if (!value) {
        return value.error();
    }
    place = std::move(*value);
    return {};
}

Result<> keep_matcher(const CommandField& field, Command& command)
{
    auto text = read_text(field, command_matcher_bytes_max, false);
    if (!text) {
        return text.error();
    }
    if (command.matchers.size() == command_matchers_max) {
        return bad(field.name, "more than " + std::to_string(command_matchers_max) + " of them");
    }
    command.matchers.push_back(std::move(*text));
    return {};
}

Result<> keep_post(const CommandField& field, Command& command)
{
    auto post = read_post(field);
    if (!post) {
        return post.error();
    }
    if (command.posts.size() == command_posts_max) {
        return bad(field.name, "more than " + std::to_string(command_posts_max) + " of them");
    }
    if (std::find(command.posts.begin(), command.posts.end(), *post) != command.posts.end()) {
        return bad(field.name, shown(field.value) + " is there twice");
    }
    command.posts.push_back(std::move(*post));
    return {};
}

Result<> keep_until(const CommandField& field, Command& command)
{
    command.until = parse_rfc3339(field.value);
    if (!command.until) {
        return bad(field.name,
                   shown(field.value) + " is no time such as 2024-05-01T12:00:00Z (RFC 3339)");
    }
    return {};
}

/// Every field but `type`.
Result<> keep_field(const CommandField& field, Command& command)
{
    if (field.name == "id") {
        return keep(read_id(field), command.id);
    }
    if (field.name == "by") {
        return keep(read_text(field, command_by_bytes_max, false), command.by);
    }
    if (field.name == "note") {
        return keep(read_text(field, command_note_bytes_max, true), command.note);
    }
    if (field.name == "incident") {
        return keep(read_id(field), command.incident);
    }
    if (field.name == "into") {
        return keep(read_id(field), command.into);
    }
    if (field.name == "silence") {
        return keep(read_id(field), command.silence);
    }
    if (field.name == "outcome") {
        return keep(read_word(field), command.outcome);
    }
    if (field.name == "as") {
        return keep(read_word(field), command.as);
    }
    if (field.name == "match") {
        return keep_matcher(field, command);
    }
    return field.name == "post" ? keep_post(field, command) : keep_until(field, command);
}

Result<CommandType> read_type(std::span<const CommandField> fields)
{
    const std::string_view word = command_field(fields, "type");
    if (word.empty()) {
        return bad("type", "missing");
    }
    const auto type = command_type_from(word);
    if (!type) {
        return bad("type", shown(word) + " is no command");
    }
    return *type;
}

/// Which fields there are, apart from what they say.
Result<> check_names(std::span<const CommandField> fields, CommandType type)
{
    const std::string of_type = " for " + std::string(to_string(type));
    std::array<bool, rules.size()> there{};
    for (const CommandField& field : fields) {
        const Rule* const rule = rule_of(field.name);
        if (rule == nullptr) {
            return bad(shown(field.name), "unknown field");
        }
        if ((rule->allowed & bit(type)) == 0) {
            return bad(rule->name, "has no meaning" + of_type);
        }
        bool& seen = there[static_cast<std::size_t>(rule - rules.data())];
        if (seen && !rule->repeats) {
            return bad(rule->name, "is there twice");
        }
        seen = true;
    }
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (!there[i] && (rules[i].required & bit(type)) != 0) {
            return bad(rules[i].name, "missing, required" + of_type);
        }
    }
    return {};
}

/// What takes two fields to see.
Result<> check_together(const Command& command)
{
    if (command.type == silence && command.incident.empty() == command.matchers.empty()) {
        return bad("match", "a silence has either an incident or matchers");
    }
    if (command.type == merge && command.into == command.incident) {
        return bad("into", "is the incident itself");
    }
    return {};
}

} // namespace

std::string_view to_string(CommandType type) noexcept
{
    return type_names.at(static_cast<std::size_t>(type));
}

std::optional<CommandType> command_type_from(std::string_view word) noexcept
{
    for (std::size_t i = 0; i < type_names.size(); ++i) {
        if (type_names[i] == word) {
            return static_cast<CommandType>(i);
        }
    }
    return std::nullopt;
}

std::string_view command_field(std::span<const CommandField> fields, std::string_view name) noexcept
{
    for (const CommandField& field : fields) {
        if (field.name == name) {
            return field.value;
        }
    }
    return {};
}

Result<Command> parse_command(std::span<const CommandField> fields)
{
    if (fields.size() > command_fields_max) {
        return Error{ErrorKind::malformed,
                     "the command has more than " + std::to_string(command_fields_max) + " fields"};
    }
    const auto type = read_type(fields);
    if (!type) {
        return type.error();
    }
    const auto named = check_names(fields, *type);
    if (!named) {
        return named.error();
    }
    Command command{.type = *type};
    for (const CommandField& field : fields) {
        const Result<> kept = field.name == "type" ? Result<>() : keep_field(field, command);
        if (!kept) {
            return kept.error();
        }
    }
    const auto together = check_together(command);
    if (!together) {
        return together.error();
    }
    return command;
}

std::string command_key_of_client(std::string_view id)
{
    return "client:" + std::string(id);
}

std::string command_key_of_place(std::string_view place, std::span<const CommandField> fields)
{
    std::string all;
    for (const CommandField& field : fields) {
        all += std::to_string(field.name.size()) + ':' + field.name;
        all += std::to_string(field.value.size()) + ':' + field.value;
    }
    return "entry:" + digest({place, all});
}

} // namespace empathd

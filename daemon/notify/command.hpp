#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/post.hpp"
#include "analysis/model/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace empathd {

// What people tell the daemon to do, wherever it comes from (a Redis Stream, the API). Pure.

enum class CommandType : std::uint8_t {
    acknowledge,   ///< I have it: be quiet about it, until then.
    unacknowledge, ///< I do not have it any more.
    resolve,       ///< It is over, with that outcome.
    reopen,        ///< It is not.
    silence,       ///< Be quiet about all that matches, until then.
    unsilence,     ///< End a silence early.
    merge,         ///< An incident is the same story as another.
    split,         ///< Posts of an incident are a story of their own.
    mark,          ///< Say what it is, to be learned from.
};
inline constexpr std::size_t command_types = 9;

/// The enumerator's own name.
[[nodiscard]] std::string_view to_string(CommandType type) noexcept;
/// Nothing for a word that is none of them.
[[nodiscard]] std::optional<CommandType> command_type_from(std::string_view word) noexcept;

inline constexpr std::size_t command_fields_max = 600;
inline constexpr std::size_t command_id_bytes_max = 128; ///< Of every id: client's, incident's, ...
inline constexpr std::size_t command_by_bytes_max = 200;
inline constexpr std::size_t command_note_bytes_max = 4'000;
inline constexpr std::size_t command_word_bytes_max = 64; ///< Of `outcome` and `as`.
inline constexpr std::size_t command_matchers_max = 20;
inline constexpr std::size_t command_matcher_bytes_max = 2'000;
inline constexpr std::size_t command_posts_max = 500;
inline constexpr std::size_t command_post_bytes_max = 2'000;

/// A name and its value, as they come; any bytes.
struct CommandField {
    std::string name;
    std::string value;

    friend bool operator==(const CommandField&, const CommandField&) = default;
};

/// One command, checked as far as it can be without knowing the incidents. Text is valid UTF-8.
struct Command {
    CommandType type = CommandType::acknowledge;
    /// What makes it this command and no other: the same however often it arrives. Set by who
    /// carries it; its receipt is kept under this.
    std::string key;
    std::string id; ///< As the client calls it; empty when it does not.
    std::string by; ///< Who says so; nobody has checked that. Never empty, one line.
    std::string note;
    std::string incident;              ///< Empty where a silence has matchers, and for unsilence.
    std::string into;                  ///< Of merge: `incident` becomes part of this one.
    std::string silence;               ///< Of unsilence: which one.
    std::string outcome;               ///< Of resolve: a word, such as "fixed"; empty: not told.
    std::string as;                    ///< Of mark: a word.
    std::vector<std::string> matchers; ///< Of silence, such as "brand = Acme"; not read here.
    std::vector<PostKey> posts;        ///< Of split: which of the incident's; each once.
    std::optional<TimePoint> until;    ///< Of silence (always there) and acknowledge. May have
                                       ///< passed: the clock is not asked here.

    friend bool operator==(const Command&, const Command&) = default;
};

/// What became of a command that was obeyed.
struct CommandAnswer {
    bool repeated = false; ///< It had been obeyed before, under the same key; nothing was done now.
    std::string detail;    ///< For the client: the id of what was made, or nothing.
};

/// Reads a command from its fields; daemon/notify/README.md lists them. Fails with `malformed` and
/// a message that begins with the field's name: one that is missing, unknown, twice there, too
/// long, not of its form, or without a meaning for this type. `key` is left empty.
[[nodiscard]] Result<Command> parse_command(std::span<const CommandField> fields);

/// The key of a command that the client gave an id: the same from every carrier.
[[nodiscard]] std::string command_key_of_client(std::string_view id);

/// The key of one without: of the place it came by (an entry's id) and of all that it says, so that
/// another one in the same place, after a server lost its data, is another command.
[[nodiscard]] std::string command_key_of_place(std::string_view place,
                                               std::span<const CommandField> fields);

/// The value of the first field of that name; empty when there is none.
[[nodiscard]] std::string_view command_field(std::span<const CommandField> fields,
                                             std::string_view name) noexcept;

} // namespace empathd

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace empathd {

/// Where a text is shown, which decides what must be escaped in it.
enum class Target : std::uint8_t {
    plain,  ///< Read as it is.
    html,   ///< Text or a quoted attribute of HTML.
    slack,  ///< mrkdwn of Slack; also harmless in the Markdown of Mattermost and Rocket.Chat.
    header, ///< One line of a mail header, before encoding.
};

/// Words of strangers as one line of valid UTF-8 that says what it shows: ill-formed bytes become
/// U+FFFD; runs of blanks, line ends and control characters one blank; marks that turn the
/// direction of what follows (U+202A..202E, U+2066..2069, U+200E, U+200F, U+061C), invisible
/// fillers (U+FEFF, U+2060..2064, U+FFF9..FFFB, tags U+E0000..E007F) are left out. At most
/// `bytes_max` bytes, cut between characters, with "..." when something was cut off.
/// Source of the marks: Unicode Standard Annex 9, section 2; Trojan Source, CVE-2021-42574.
[[nodiscard]] std::string plain_line(std::string_view text, std::size_t bytes_max = 2'000);

/// An address that may stand behind a link: http or https, with characters that could end it
/// anywhere it is put (blanks, controls, quotes, <, >, |, backslash, backquote, brackets) written
/// as %XX. Empty for anything else ("javascript:..."), for user names in it and beyond 2,000
/// bytes.
[[nodiscard]] std::string link_address(std::string_view url);

/// `text`, which is what plain_line or link_address gave, so that `target` shows it as it is.
///
/// For slack: `&`, `<`, `>` as entities, which disarms "<!channel>" and "<http://x|y>"; after every
/// '@' (Mattermost takes "@channel" bare), after "](" and inside "://" of a text a word joiner
/// (U+2060), which is not seen and makes no mention, no masked link and no link.
/// Source: Slack, "Formatting text for app surfaces", escaping text.
[[nodiscard]] std::string escaped(std::string_view text, Target target);

/// The same for an address: in slack its "://" stays.
[[nodiscard]] std::string escaped_link(std::string_view address, Target target);

} // namespace empathd

#pragma once

#include "analysis/model/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace empathd {

/// One message, before it is written as RFC 5322 has it. Texts are valid UTF-8.
struct MailText {
    std::string from; ///< Bare address; its host also stands in the ids. The name is "Empathd".
    std::vector<std::string> to; ///< Bare addresses.
    std::string subject;         ///< One line.
    std::string plain;           ///< Lines end with LF.
    std::string html;            ///< The same in HTML.
    TimePoint date{};
    std::string key;    ///< Of the alert: into Message-ID, the same whenever it is sent again.
    std::string thread; ///< What it belongs to: into References, so that programs group by it.
};

/// The whole message: headers, and multipart/alternative with both texts in UTF-8 as
/// quoted-printable. Lines end with CRLF and hold at most 76 characters; header lines with long
/// addresses may hold up to 270. The same input gives the same bytes.
///
/// Auto-Submitted keeps vacation replies away (RFC 3834), List-Id lets people sort (RFC 2919),
/// X-Empathd-Key lets programs drop repeats. Nobody ever sent the message that References names:
/// that programs group by it is RFC 5322 section 3.6.4.
[[nodiscard]] std::string mail_text(const MailText& mail);

/// A header's value: printable ASCII as it is, folded at blanks; anything else as encoded words
/// that each hold whole characters. `begun`: characters that stand before it on its line.
/// Source: RFC 2047 sections 2 and 5, encoding B.
[[nodiscard]] std::string header_value(std::string_view text, std::size_t begun);

/// Source: RFC 2045 section 6.7. Lines of the text end with LF; the result's with CRLF.
[[nodiscard]] std::string quoted_printable(std::string_view text);

/// "Mon, 02 Mar 2026 10:00:00 +0000". Source: RFC 5322 section 3.3.
[[nodiscard]] std::string mail_date(TimePoint time);

} // namespace empathd

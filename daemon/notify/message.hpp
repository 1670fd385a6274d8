#pragma once

#include "analysis/model/alert.hpp"
#include "config/config.hpp"
#include "daemon/notify/template.hpp"

#include <memory>
#include <string>
#include <vector>

namespace empathd {

/// Names of all fields that `fields_of` may give; README.md of this folder says what each holds.
[[nodiscard]] const std::vector<std::string>& field_names();

/// What can be told of an alert, made harmless: every text is a plain_line, every link a
/// link_address. `public_url`: where people reach the API; empty: no `incident_url`.
[[nodiscard]] Fields fields_of(const Alert& alert, const std::string& public_url);

/// The first value of a field; empty when it is absent.
[[nodiscard]] std::string value_of(const Fields& fields, std::string_view name);

/// The API's page of a story; empty without a public address.
[[nodiscard]] std::string incident_url(const Alert& alert, const std::string& public_url);

/// The first 240 bytes of an id, with '-' for what is no letter, digit, '.', '_' or '-': harmless
/// in a URL and in a mail's Message-ID.
[[nodiscard]] std::string id_text(std::string_view id);

/// "INCIDENT.EPISODE": what all alerts about one outbreak of a story share. At most 255 characters
/// of letters, digits, '.', '_' and '-'.
[[nodiscard]] std::string thread_of(const Alert& alert);

/// The texts that people get, by what they are for.
struct Templates {
    Template subject; ///< Of a mail: one line.
    Template plain;   ///< Of a mail.
    Template html;    ///< Of a mail.
    Template slack;   ///< Of a message in a room.
};

/// The built-in ones, each replaced by the file of its name in `folder` when that is not empty:
/// subject.txt, plain.txt, mail.html, slack.txt. What is wrong, files of other names included, is
/// added to `problems` with file and line; the templates are to be used only when nothing was.
/// Blocks for as long as a few small files take.
[[nodiscard]] std::shared_ptr<const Templates>
load_templates(const std::string& folder, std::vector<config::Problem>& problems);

} // namespace empathd

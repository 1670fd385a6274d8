#pragma once

#include <array>
#include <string_view>

namespace empathd {

struct BuiltInTemplate {
    std::string_view name; ///< Of the file that may replace it.
    std::string_view text;
};

/// The files of the folder templates/: subject.txt, plain.txt, mail.html and slack.txt, in this
/// order.
[[nodiscard]] const std::array<BuiltInTemplate, 4>& built_in_templates() noexcept;

} // namespace empathd

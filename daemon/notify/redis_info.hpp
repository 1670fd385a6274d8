#pragma once

#include "daemon/notify/resp.hpp"

#include <string>
#include <string_view>

namespace empathd {

/// The value of one line "name:value" of what INFO answers; empty when it is not there. Points into
/// `info`.
[[nodiscard]] std::string_view info_value(const std::string& info, std::string_view name) noexcept;

/// Of a list of descriptions, as XINFO GROUPS and XINFO CONSUMERS give, the one with that name;
/// nullptr when there is none. Points into `list`.
[[nodiscard]] const RespReply* item_named(const RespReply& list, std::string_view name) noexcept;

} // namespace empathd

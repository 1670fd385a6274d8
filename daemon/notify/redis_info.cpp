#include "daemon/notify/redis_info.hpp"

#include <algorithm>

namespace empathd {

std::string_view info_value(const std::string& info, std::string_view name) noexcept
{
    std::size_t at = 0;
    while (at < info.size()) {
        const std::size_t end = std::min(info.find("\r\n", at), info.size());
        const std::string_view line = std::string_view(info).substr(at, end - at);
        if (line.size() > name.size() && line.substr(0, name.size()) == name &&
            line[name.size()] == ':') {
            return line.substr(name.size() + 1);
        }
        at = end + 2;
    }
    return {};
}

const RespReply* item_named(const RespReply& list, std::string_view name) noexcept
{
    for (const RespReply& item : list.items) {
        const RespReply* const value = field(item, "name");
        if (value != nullptr && value->text == name) {
            return &item;
        }
    }
    return nullptr;
}

} // namespace empathd

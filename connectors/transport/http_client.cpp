#include "connectors/transport/http_client.hpp"

namespace empathd::connectors {

std::string_view header(const HttpResponse& response, std::string_view name) noexcept
{
    for (const auto& [known, value] : response.headers) {
        if (known == name) {
            return value;
        }
    }
    return {};
}

} // namespace empathd::connectors

#include "analysis/incident/link_identity.hpp"

#include <algorithm>
#include <array>

namespace empathd::analysis {
namespace {

bool is_tracking(std::string_view parameter) noexcept
{
    constexpr std::array<std::string_view, 7> prefixes{
        "utm_", "fbclid=", "gclid=", "mc_cid=", "mc_eid=", "igshid=", "ref_src="};
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [parameter](std::string_view p) { return parameter.starts_with(p); });
}

std::string kept_parameters(std::string_view query)
{
    std::string out;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view parameter = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (!parameter.empty() && !is_tracking(parameter)) {
            out += out.empty() ? '?' : '&';
            out += parameter;
        }
    }
    return out;
}

} // namespace

std::string link_identity(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return {};
    }
    url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find('#'));
    const std::size_t question = std::min(url.find('?'), url.size());
    std::string_view query = url.substr(question);
    query.remove_prefix(query.empty() ? 0 : 1);
    std::string_view place = url.substr(0, question);
    while (place.ends_with('/')) {
        place.remove_suffix(1);
    }
    const std::size_t slash = std::min(place.find('/'), place.size());
    std::string host(place.substr(0, slash));
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (host.starts_with("www.")) {
        host.erase(0, 4);
    }
    const std::string parameters = kept_parameters(query);
    if (host.empty() || (slash == place.size() && parameters.empty())) {
        return {};
    }
    return host + std::string(place.substr(slash)) + parameters;
}

} // namespace empathd::analysis

#include "connectors/transport/url_parts.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <new>
#include <string_view>

namespace empathd::connectors {
namespace {

using UrlHandle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

UrlHandle make_handle()
{
    UrlHandle handle(curl_url(), &curl_url_cleanup);
    if (!handle) {
        throw std::bad_alloc();
    }
    return handle;
}

/// One part of the URL; nothing when it has none.
std::optional<std::string> part_of(CURLU* handle, CURLUPart which, unsigned flags = 0)
{
    char* text = nullptr;
    if (curl_url_get(handle, which, &text, flags) != CURLUE_OK) {
        return std::nullopt;
    }
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return std::string(text);
}

Error refused(std::string message)
{
    return Error{ErrorKind::refused, std::move(message)};
}

/// Lower case, no brackets, no zone, no dot at the end.
std::string plain_host(std::string host)
{
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    if (host.size() > 1 && host.back() == '.') {
        host.pop_back();
    }
    std::transform(host.begin(), host.end(), host.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return host;
}

bool is_plain(std::string_view host) noexcept
{
    return std::all_of(host.begin(), host.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

Result<Target> target_of(CURLU* handle)
{
    const std::string scheme = part_of(handle, CURLUPART_SCHEME).value_or("");
    if (scheme != "http" && scheme != "https") {
        return refused("only http and https are asked");
    }
    if (part_of(handle, CURLUPART_USER) || part_of(handle, CURLUPART_PASSWORD)) {
        return refused("URL with user name or password");
    }
    const auto host = part_of(handle, CURLUPART_HOST);
    if (!host || host->empty()) {
        return refused("URL without a host");
    }
    if (!is_plain(*host)) { // libcurl would convert it by the process's locale.
        return refused("URL with a host that is not ASCII; its punycode (xn--...) is needed");
    }
    if (part_of(handle, CURLUPART_ZONEID)) {
        return refused("URL with an address zone");
    }
    const std::string port = part_of(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("");
    Target target{.scheme = scheme, .host = plain_host(*host)};
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), target.port);
    if (error != std::errc{} || end != port.data() + port.size() || target.port == 0) {
        return refused("URL with an impossible port");
    }
    curl_url_set(handle, CURLUPART_FRAGMENT, nullptr, 0);
    auto url = part_of(handle, CURLUPART_URL);
    if (!url) {
        return refused("not a URL");
    }
    target.url = std::move(*url);
    return target;
}

} // namespace

Result<Target> parse_target(const std::string& url)
{
    if (url.find('\0') != std::string::npos) {
        return refused("not a URL");
    }
    const UrlHandle handle = make_handle();
    const CURLUcode code =
        curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
    return code == CURLUE_OK ? target_of(handle.get()) : refused("not a URL");
}

Result<Target> parse_target(const Target& from, const std::string& reference)
{
    if (reference.find('\0') != std::string::npos) {
        return refused("not a URL");
    }
    const UrlHandle handle = make_handle();
    constexpr unsigned flags = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE;
    if (curl_url_set(handle.get(), CURLUPART_URL, from.url.c_str(), 0) != CURLUE_OK ||
        curl_url_set(handle.get(), CURLUPART_URL, reference.c_str(), flags) != CURLUE_OK) {
        return refused("not a URL");
    }
    return target_of(handle.get());
}

std::string url_for_log(const std::string& url)
{
    constexpr std::size_t key_size_min = 20;
    const Result<Target> target = parse_target(url);
    if (!target && target.error().message != "URL with user name or password") {
        return "(not a URL)";
    }
    const UrlHandle handle = make_handle();
    curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
    std::string out = part_of(handle.get(), CURLUPART_SCHEME).value_or("") + "://" +
                      part_of(handle.get(), CURLUPART_HOST).value_or("");
    if (const auto port = part_of(handle.get(), CURLUPART_PORT)) {
        out += ':' + *port;
    }
    const std::string path = part_of(handle.get(), CURLUPART_PATH).value_or("/");
    std::string_view rest = path;
    while (!rest.empty()) {
        rest.remove_prefix(1); // The slash.
        const std::string_view step = rest.substr(0, rest.find('/'));
        const bool key = step.size() >= key_size_min &&
                         step.find_first_of("0123456789") != std::string_view::npos;
        out += '/';
        out += key ? std::string_view("...") : step;
        rest.remove_prefix(step.size());
    }
    return out;
}

} // namespace empathd::connectors

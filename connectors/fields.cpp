#include "connectors/fields.hpp"

#include "analysis/text/normalize.hpp"
#include "connectors/transport/url.hpp"
#include "connectors/transport/utf8.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <utility>

namespace empathd::connectors {
namespace {

constexpr std::size_t language_bytes_max = 35; // RFC 5646 section 4.4.1

bool is_control(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

bool is_space(char c) noexcept
{
    return c == ' ' || c == '\n' || c == '\t';
}

bool is_alphanumeric(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string trimmed(const std::string& text)
{
    const std::size_t first = text.find_first_not_of(" \n\t");
    if (first == std::string::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \n\t") - first + 1);
}

} // namespace

std::string plain_text(std::string_view text)
{
    std::string kept;
    kept.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r') {
            if (i + 1 == text.size() || text[i + 1] != '\n') {
                kept += '\n';
            }
        } else if (c == '\n' || c == '\t' || !is_control(c)) {
            kept += c;
        }
    }
    return trimmed(analysis::to_nfc(kept));
}

std::string plain_line(std::string_view text)
{
    const std::string plain = plain_text(text);
    std::string line;
    line.reserve(plain.size());
    for (const char c : plain) {
        if (!is_space(c)) {
            line += c;
        } else if (!line.ends_with(' ')) {
            line += ' ';
        }
    }
    cut_at_character(line, name_bytes_max);
    return line;
}

void set_text(Post& post, std::string nfc)
{
    post.text = std::move(nfc);
    post.truncated = cut_at_character(post.text, post_text_bytes_max) || post.truncated;
}

std::string web_address(std::string_view text)
{
    const auto bad = [](char c) { return c == ' ' || is_control(c); };
    if (text.size() > url_bytes_max || !is_http_url(text) ||
        std::any_of(text.begin(), text.end(), bad)) {
        return {};
    }
    return std::string(text);
}

void add_link(Post& post, std::string_view address)
{
    std::string link = web_address(address);
    if (!link.empty() &&
        std::find(post.links.begin(), post.links.end(), link) == post.links.end()) {
        post.links.push_back(std::move(link));
    }
}

std::string language_tag(std::string_view text)
{
    const auto good = [](char c) { return is_alphanumeric(c) || c == '-'; };
    if (text.size() < 2 || text.size() > language_bytes_max ||
        !std::all_of(text.begin(), text.end(), good)) {
        return {};
    }
    return std::string(text);
}

std::string percent_encoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size() * 3);
    for (const char c : text) {
        if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

Rejected rejected(std::string reason, std::string_view item)
{
    // Four bytes more than kept, so that a character cut here is cut away whole below.
    std::string sample = repaired_utf8(item.substr(0, sample_bytes_max + 4));
    cut_at_character(sample, sample_bytes_max);
    return {.reason = std::move(reason), .sample = std::move(sample)};
}

Rejected rejected(std::string reason, const Json& item)
{
    return rejected(std::move(reason), std::string_view(to_text(item)));
}

std::string to_text(const Json& value)
{
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

} // namespace empathd::connectors

#include "connectors/transport/charset.hpp"

#include "connectors/transport/utf8.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace empathd::connectors {
namespace {

using Label = std::pair<std::string_view, const char*>; // Ours, and iconv's.

/// Sorted by label; letters and digits only. Only these reach iconv, which would otherwise load any
/// module a stranger names.
constexpr std::array<Label, 84> labels{{
    {"ascii", "CP1252"},
    {"big5", "BIG5-HKSCS"},
    {"big5hkscs", "BIG5-HKSCS"},
    {"cnbig5", "BIG5-HKSCS"},
    {"cp1250", "CP1250"},
    {"cp1251", "CP1251"},
    {"cp1252", "CP1252"},
    {"cp1253", "CP1253"},
    {"cp1254", "CP1254"},
    {"cp1255", "CP1255"},
    {"cp1256", "CP1256"},
    {"cp1257", "CP1257"},
    {"cp1258", "CP1258"},
    {"cp437", "CP437"},
    {"cp819", "CP1252"},
    {"cp850", "CP850"},
    {"cp866", "CP866"},
    {"cp874", "CP874"},
    {"cp932", "CP932"},
    {"cp936", "GB18030"},
    {"cp949", "UHC"},
    {"euccn", "GB18030"},
    {"eucjp", "EUC-JP-MS"},
    {"euckr", "UHC"},
    {"gb18030", "GB18030"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"ibm437", "CP437"},
    {"ibm850", "CP850"},
    {"ibm866", "CP866"},
    {"iso2022jp", "ISO-2022-JP"},
    {"iso88591", "CP1252"},
    {"iso885910", "ISO-8859-10"},
    {"iso885911", "CP874"},
    {"iso885913", "ISO-8859-13"},
    {"iso885914", "ISO-8859-14"},
    {"iso885915", "ISO-8859-15"},
    {"iso885916", "ISO-8859-16"},
    {"iso88592", "ISO-8859-2"},
    {"iso88593", "ISO-8859-3"},
    {"iso88594", "ISO-8859-4"},
    {"iso88595", "ISO-8859-5"},
    {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"},
    {"iso88598", "ISO-8859-8"},
    {"iso88599", "CP1254"},
    {"koi8", "KOI8-R"},
    {"koi8r", "KOI8-R"},
    {"koi8u", "KOI8-U"},
    {"ksc5601", "UHC"},
    {"ksc56011987", "UHC"},
    {"ksc56011989", "UHC"},
    {"latin1", "CP1252"},
    {"latin2", "ISO-8859-2"},
    {"latin5", "CP1254"},
    {"latin9", "ISO-8859-15"},
    {"mac", "MACINTOSH"},
    {"macintosh", "MACINTOSH"},
    {"mskanji", "CP932"},
    {"shiftjis", "CP932"},
    {"sjis", "CP932"},
    {"tcvn", "TCVN5712-1"},
    {"tcvn5712", "TCVN5712-1"},
    {"tcvn57121", "TCVN5712-1"},
    {"tis620", "CP874"},
    {"usascii", "CP1252"},
    {"viscii", "VISCII"},
    {"windows1250", "CP1250"},
    {"windows1251", "CP1251"},
    {"windows1252", "CP1252"},
    {"windows1253", "CP1253"},
    {"windows1254", "CP1254"},
    {"windows1255", "CP1255"},
    {"windows1256", "CP1256"},
    {"windows1257", "CP1257"},
    {"windows1258", "CP1258"},
    {"windows31j", "CP932"},
    {"windows874", "CP874"},
    {"windows949", "UHC"},
    {"xeucjp", "EUC-JP-MS"},
    {"xgbk", "GB18030"},
    {"xmacroman", "MACINTOSH"},
    {"xsjis", "CP932"},
    {"xxbig5", "BIG5-HKSCS"},
}};
static_assert(std::is_sorted(labels.begin(), labels.end(),
                             [](const Label& a, const Label& b) { return a.first < b.first; }));

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

std::string letters_of(std::string_view label)
{
    std::string out;
    for (const char c : label.substr(0, 64)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out += c;
        } else if (c >= 'A' && c <= 'Z') {
            out += static_cast<char>(c - 'A' + 'a');
        }
    }
    return out;
}

const char* iconv_name(const std::string& letters) noexcept
{
    const auto found = std::lower_bound(
        labels.begin(), labels.end(), letters,
        [](const Label& entry, const std::string& wanted) { return entry.first < wanted; });
    return found != labels.end() && found->first == letters ? found->second : nullptr;
}

/// One conversion of iconv, closed at the end.
class Converter {
public:
    explicit Converter(const char* from) noexcept : handle_(iconv_open("UTF-8", from)) {}
    ~Converter()
    {
        if (open()) {
            iconv_close(handle_);
        }
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    [[nodiscard]] bool open() const noexcept { return handle_ != reinterpret_cast<iconv_t>(-1); }

    /// Bytes that mean nothing become U+FFFD one by one.
    [[nodiscard]] std::string convert(std::string_view bytes)
    {
        std::string out;
        out.reserve(bytes.size() + bytes.size() / 2);
        std::array<char, 16 * 1024> buffer;
        char* in = const_cast<char*>(bytes.data()); // iconv does not write there.
        std::size_t left = bytes.size();
        while (left != 0) {
            char* to = buffer.data();
            std::size_t room = buffer.size();
            const std::size_t done = iconv(handle_, &in, &left, &to, &room);
            const int error = errno;
            out.append(buffer.data(), buffer.size() - room);
            if (done != static_cast<std::size_t>(-1) || error == E2BIG) {
                continue;
            }
            out += replacement;
            if (error == EINVAL) { // Cut off in the middle of a character.
                break;
            }
            ++in;
            --left;
        }
        char* to = buffer.data(); // Windows-1258 and TCVN hold a vowel back for its tone mark.
        std::size_t room = buffer.size();
        iconv(handle_, nullptr, nullptr, &to, &room);
        out.append(buffer.data(), buffer.size() - room);
        return repaired_utf8(out);
    }

private:
    iconv_t handle_;
};

std::string converted(std::string_view bytes, const char* from)
{
    Converter converter(from);
    return converter.open() ? converter.convert(bytes) : repaired_utf8(bytes);
}

struct Mark {
    std::string_view bytes;
    const char* encoding;
};

using namespace std::literals;

/// UTF-32 before UTF-16: the mark of one begins with that of the other.
constexpr std::array<Mark, 4> marks{{{"\xFF\xFE\0\0"sv, "UTF-32LE"},
                                     {"\0\0\xFE\xFF"sv, "UTF-32BE"},
                                     {"\xFF\xFE"sv, "UTF-16LE"},
                                     {"\xFE\xFF"sv, "UTF-16BE"}}};

/// Which Unicode encoding the zero bytes of the first four characters betray; nullptr for none.
const char* encoding_of_zeros(std::string_view bytes) noexcept
{
    if (bytes.size() < 4) {
        return nullptr;
    }
    unsigned zeros = 0;
    for (const char c : bytes.substr(0, 4)) {
        zeros = zeros * 2 + (c == '\0' ? 1 : 0);
    }
    switch (zeros) {
    case 0b0111: return "UTF-32LE";
    case 0b1110: return "UTF-32BE";
    case 0b0101: return "UTF-16LE";
    case 0b1010: return "UTF-16BE";
    default: return nullptr;
    }
}

std::size_t count(std::string_view text, std::string_view part) noexcept
{
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + part.size())) {
        ++n;
    }
    return n;
}

/// Whether damaged UTF-8 is still more likely UTF-8 than a one-byte encoding.
bool mostly_utf8(std::string_view bytes, std::string_view repaired) noexcept
{
    const std::size_t damaged = count(repaired, replacement) - count(bytes, replacement);
    const auto leads =
        static_cast<std::size_t>(std::count_if(repaired.begin(), repaired.end(), [](char c) {
            return static_cast<unsigned char>(c) >= 0xC0;
        }));
    return leads - damaged > damaged;
}

} // namespace

std::string_view charset_of(std::string_view content_type) noexcept
{
    constexpr std::string_view key = "charset";
    const auto same = [](char a, char b) {
        return a == b || (b >= 'A' && b <= 'Z' && b + 32 == a);
    };
    const auto* found = std::search(content_type.begin(), content_type.end(), key.begin(),
                                    key.end(), [&same](char b, char a) { return same(a, b); });
    if (found == content_type.end()) {
        return {};
    }
    content_type.remove_prefix(static_cast<std::size_t>(found - content_type.begin()) + key.size());
    const std::size_t begin = content_type.find_first_not_of(" =\"'");
    if (begin == std::string_view::npos) {
        return {};
    }
    content_type.remove_prefix(begin);
    return content_type.substr(0, content_type.find_first_of("\"'; \t"));
}

std::optional<std::string> to_utf8(std::string_view bytes, std::string_view label)
{
    const std::string letters = letters_of(label);
    if (letters == "utf8") {
        return repaired_utf8(bytes);
    }
    for (const char* name : {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
        if (letters == letters_of(name)) {
            return converted(bytes, name);
        }
    }
    const char* name = iconv_name(letters);
    return name == nullptr ? std::nullopt : std::optional(converted(bytes, name));
}

std::string decoded_document(std::string_view bytes, std::initializer_list<std::string_view> claims)
{
    for (const Mark& mark : marks) {
        if (bytes.starts_with(mark.bytes)) {
            return converted(bytes.substr(mark.bytes.size()), mark.encoding);
        }
    }
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.remove_prefix(3);
    }
    if (const char* encoding = encoding_of_zeros(bytes)) {
        return converted(bytes, encoding);
    }
    std::string repaired = repaired_utf8(bytes);
    const bool escapes = bytes.find('\x1B') != std::string_view::npos;
    if (repaired == bytes && !escapes) {
        return repaired;
    }
    for (const std::string_view claim : claims) {
        const char* name = iconv_name(letters_of(claim));
        if (name != nullptr && (repaired != bytes || std::string_view(name) == "ISO-2022-JP")) {
            return converted(bytes, name);
        }
    }
    return repaired == bytes || mostly_utf8(bytes, repaired) ? repaired
                                                             : converted(bytes, "CP1252");
}

} // namespace empathd::connectors

#include "daemon/doors/jsonl.hpp"

#include "analysis/text/normalize.hpp"
#include "connectors/fields.hpp"
#include "connectors/transport/json.hpp"

#include <utility>

namespace empathd {

Result<LineReader> LineReader::open(const std::string& path)
{
    if (path == "-") {
        return LineReader(stdin);
    }
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) {
        return Error{ErrorKind::not_found, path + " cannot be read"};
    }
    return LineReader(file);
}

LineReader::LineReader(LineReader&& other) noexcept
    : file_(std::exchange(other.file_, nullptr)), number_(other.number_)
{
}

LineReader::~LineReader()
{
    if (file_ != nullptr && file_ != stdin) {
        std::fclose(file_);
    }
}

bool LineReader::failed() const
{
    return std::ferror(file_) != 0;
}

bool LineReader::next(JsonLine& line)
{
    do {
        line.bytes.clear();
        line.too_long = false;
        ++number_;
        int c = std::getc(file_);
        if (c == EOF) {
            return false;
        }
        for (; c != EOF && c != '\n'; c = std::getc(file_)) {
            if (line.bytes.size() < jsonl_line_bytes_max) {
                line.bytes.push_back(static_cast<char>(c));
            } else {
                line.too_long = true;
            }
        }
        while (!line.bytes.empty() && (line.bytes.back() == '\r' || line.bytes.back() == ' ')) {
            line.bytes.pop_back();
        }
    } while (line.bytes.empty());
    line.number = number_;
    return true;
}

Result<TextLine> read_text_line(const std::string& bytes)
{
    const auto document = connectors::parse_json(bytes);
    if (!document) {
        return document.error();
    }
    if (!document->IsObject()) {
        return Error{ErrorKind::malformed, "not a JSON object"};
    }
    const connectors::Json& root = *document;
    const connectors::Json* text = connectors::member(root, "text");
    if (text == nullptr || !text->IsString()) {
        return Error{ErrorKind::malformed, "\"text\" is missing or no string"};
    }
    TextLine out;
    out.post.text = analysis::to_nfc(connectors::text_at(root, "text"));
    out.post.title = analysis::to_nfc(connectors::text_at(root, "title"));
    out.post.language = std::string(connectors::text_at(root, "lang"));
    const connectors::Json* id = connectors::member(root, "id");
    if (id != nullptr && (id->IsString() || id->IsNumber())) {
        out.id = connectors::to_text(*id);
    }
    return out;
}

} // namespace empathd

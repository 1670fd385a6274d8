#include "analysis/experience/model_file.hpp"

#include "analysis/experience/features.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace empathd::analysis {
namespace {

constexpr std::string_view magic = "EMPATHDM";
constexpr std::uint32_t heads_max = 32;
constexpr std::uint32_t labels_max = 64;
constexpr std::uint32_t name_bytes_max = 64;
constexpr std::uint32_t row_bits_min = 4;
constexpr std::uint32_t row_bits_max = 20;
constexpr std::size_t checksum_bytes = 8;

/// Eight bytes at a time; finds damage, not malice: a model file is trusted as the binary is.
std::uint64_t checksum(std::string_view bytes) noexcept
{
    std::uint64_t sum = 0x9ae16a3b2f90404fU ^ bytes.size();
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        std::uint64_t word = 0;
        const std::size_t count = std::min<std::size_t>(8, bytes.size() - at);
        for (std::size_t i = 0; i < count; ++i) {
            word |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
        }
        sum = (std::rotl(sum, 23) ^ word) * 0x9fb21c651e98df25U;
    }
    return sum ^ (sum >> 29);
}

class Writer {
public:
    void number(std::uint64_t value, std::size_t bytes)
    {
        for (std::size_t i = 0; i < bytes; ++i) {
            out_.push_back(static_cast<char>(value >> (8 * i)));
        }
    }
    void u32(std::size_t value) { number(value, 4); }
    void f32(float value) { number(std::bit_cast<std::uint32_t>(value), 4); }
    void floats(const std::vector<float>& values)
    {
        for (const float value : values) {
            f32(value);
        }
    }
    void text(std::string_view value)
    {
        u32(value.size());
        out_.append(value);
    }
    void raw(std::string_view bytes) { out_.append(bytes); }
    [[nodiscard]] std::string& out() noexcept { return out_; }

private:
    std::string out_;
};

/// Reads with a sticky failure: after the first one everything is zero and `error()` says why.
class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] std::uint64_t number(std::size_t count)
    {
        if (!has(count)) {
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            value |= std::uint64_t{static_cast<unsigned char>(bytes_[at_ + i])} << (8 * i);
        }
        at_ += count;
        return value;
    }
    [[nodiscard]] std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    [[nodiscard]] std::uint32_t u32_in(std::uint32_t low, std::uint32_t high, const char* what)
    {
        const std::uint32_t value = u32();
        if (error_.empty() && (value < low || value > high)) {
            fail(std::string(what) + " is " + std::to_string(value));
        }
        return error_.empty() ? value : low;
    }
    [[nodiscard]] float f32_in(float low, float high, const char* what)
    {
        const float value = std::bit_cast<float>(u32());
        if (error_.empty() && !(value >= low && value <= high)) { // Not for a NaN either.
            fail(std::string(what) + " out of range");
        }
        return error_.empty() ? value : low;
    }
    void floats(std::vector<float>& out, std::size_t count, const char* what)
    {
        if (!has(count * 4)) {
            return;
        }
        out.resize(count);
        for (float& value : out) {
            value = f32_in(-1e6F, 1e6F, what);
        }
    }
    [[nodiscard]] std::string_view raw(std::size_t count)
    {
        if (!has(count)) {
            return {};
        }
        at_ += count;
        return bytes_.substr(at_ - count, count);
    }
    [[nodiscard]] std::string name(const char* what)
    {
        const std::string_view text = raw(u32_in(1, name_bytes_max, what));
        const bool good = std::ranges::all_of(text, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_' || c == '-' || c == '.';
        });
        if (!good) {
            fail(std::string(what) + " holds a character that is not allowed");
        }
        return std::string(text);
    }
    void fail(std::string why)
    {
        if (error_.empty()) {
            error_ = std::move(why);
        }
    }
    [[nodiscard]] const std::string& error() const noexcept { return error_; }
    [[nodiscard]] std::size_t left() const noexcept { return bytes_.size() - at_; }

private:
    bool has(std::size_t count)
    {
        if (error_.empty() && bytes_.size() - at_ < count) {
            fail("cut short");
        }
        return error_.empty();
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    std::string error_;
};

Error refusal(std::string why)
{
    return Error{ErrorKind::malformed, "model file: " + std::move(why)};
}

void read_head(Reader& reader, ModelParts& parts)
{
    Head head;
    head.name = reader.name("head name");
    const std::uint32_t labels = reader.u32_in(2, labels_max, "count of labels");
    for (std::uint32_t i = 0; i < labels && reader.error().empty(); ++i) {
        head.labels.push_back(reader.name("label"));
    }
    head.outputs = reader.u32_in(1, labels_max, "outputs of a head");
    if (head.outputs != labels && head.outputs + 1 != labels) {
        reader.fail("outputs of head " + head.name + " do not fit its labels");
    }
    const std::size_t languages =
        parts.heads.empty() ? head.labels.size() : parts.heads.front().labels.size();
    for (std::size_t i = 0; i < languages && reader.error().empty(); ++i) {
        HeadLanguage language;
        const std::uint64_t answers = reader.number(1);
        if (answers > 1) {
            reader.fail("flag of head " + head.name + " is neither 0 nor 1");
        }
        language.answers = answers == 1;
        language.temperature = reader.f32_in(0.05F, 20, "temperature");
        language.threshold = reader.f32_in(0, 1, "threshold");
        language.score = reader.f32_in(0, 1, "score");
        reader.floats(language.bias, head.outputs, "bias");
        head.languages.push_back(std::move(language));
    }
    parts.heads.push_back(std::move(head));
}

} // namespace

std::uint32_t ModelParts::outputs() const noexcept
{
    std::uint32_t sum = 0;
    for (const Head& head : heads) {
        sum += head.outputs;
    }
    return sum;
}

std::string write_model(const ModelParts& parts)
{
    Writer writer;
    writer.raw(magic);
    writer.u32(model_format);
    writer.u32(feature_scheme);
    writer.text(parts.version);
    writer.u32(parts.row_bits);
    writer.u32(parts.outputs());
    writer.u32(rule_count);
    writer.u32(parts.heads.size());
    for (const Head& head : parts.heads) {
        writer.text(head.name);
        writer.u32(head.labels.size());
        for (const std::string& label : head.labels) {
            writer.text(label);
        }
        writer.u32(head.outputs);
        for (const HeadLanguage& language : head.languages) {
            writer.number(language.answers ? 1 : 0, 1);
            writer.f32(language.temperature);
            writer.f32(language.threshold);
            writer.f32(language.score);
            writer.floats(language.bias);
        }
    }
    writer.floats(parts.scale);
    writer.floats(parts.rules);
    for (const std::int8_t weight : parts.rows) {
        writer.number(static_cast<std::uint8_t>(weight), 1);
    }
    writer.number(checksum(writer.out()), checksum_bytes);
    return std::move(writer.out());
}

Result<ModelParts> read_model(std::string_view bytes)
{
    if (!bytes.starts_with(magic)) {
        return refusal("not a model");
    }
    if (bytes.size() > model_bytes_max) {
        return refusal("larger than " + std::to_string(model_bytes_max) + " bytes");
    }
    if (bytes.size() < magic.size() + checksum_bytes) {
        return refusal("cut short");
    }
    Reader reader(bytes.substr(magic.size(), bytes.size() - magic.size() - checksum_bytes));
    if (const std::uint32_t format = reader.u32(); format != model_format) {
        return refusal("format " + std::to_string(format) + ", this program reads " +
                       std::to_string(model_format));
    }
    if (const std::uint32_t scheme = reader.u32(); scheme != feature_scheme) {
        return refusal("feature scheme " + std::to_string(scheme) + ", this program computes " +
                       std::to_string(feature_scheme));
    }
    ModelParts parts;
    parts.version = reader.name("version");
    parts.row_bits = reader.u32_in(row_bits_min, row_bits_max, "row bits");
    const std::uint32_t outputs = reader.u32_in(1, model_outputs_max, "count of outputs");
    (void)reader.u32_in(rule_count, rule_count, "count of rules");
    const std::uint32_t heads = reader.u32_in(1, heads_max, "count of heads");
    for (std::uint32_t i = 0; i < heads && reader.error().empty(); ++i) {
        read_head(reader, parts);
    }
    if (!reader.error().empty()) {
        return refusal(reader.error());
    }
    if (parts.outputs() != outputs) {
        return refusal("heads have " + std::to_string(parts.outputs()) + " outputs, not " +
                       std::to_string(outputs));
    }
    if (parts.heads.front().name != "language") {
        return refusal("first head is not language");
    }
    if (std::ranges::count(parts.heads.front().labels, "und") != 1) {
        return refusal("language head has no label und");
    }
    reader.floats(parts.scale, outputs, "scale");
    reader.floats(parts.rules, rule_count * outputs, "rule weight");
    const std::string_view rows = reader.raw((std::size_t{1} << parts.row_bits) * outputs);
    if (!reader.error().empty()) {
        return refusal(reader.error());
    }
    if (reader.left() != 0) {
        return refusal("longer than it should be");
    }
    Reader tail(bytes.substr(bytes.size() - checksum_bytes));
    if (tail.number(checksum_bytes) != checksum(bytes.substr(0, bytes.size() - checksum_bytes))) {
        return refusal("wrong checksum");
    }
    parts.rows.resize(rows.size());
    std::memcpy(parts.rows.data(), rows.data(), rows.size());
    return parts;
}

} // namespace empathd::analysis

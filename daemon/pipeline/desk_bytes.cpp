#include "daemon/pipeline/byte_fields.hpp"
#include "daemon/pipeline/life_bytes.hpp"

#include <utility>

namespace empathd {
namespace {

using namespace bytes;

void put_matcher(ByteWriter& out, const analysis::Matcher& matcher)
{
    put(out, matcher.label);
    put(out, matcher.kind);
    put(out, matcher.values);
}

void get_matcher(ByteReader& in, analysis::Matcher& matcher)
{
    get(in, matcher.label);
    get(in, analysis::MatchKind::not_like, matcher.kind);
    get(in, matcher.values);
}

void get_hidden(ByteReader& in, analysis::Hidden& hidden)
{
    get(in, hidden.incident);
    hidden.episode = in.u32();
    get(in, Severity::critical, hidden.severity);
    get(in, hidden.at);
}

} // namespace

std::string silences_bytes(const analysis::SilenceBook& book)
{
    ByteWriter out;
    const std::vector<analysis::Silence> all = book.all();
    out.u32(all.size());
    for (const analysis::Silence& silence : all) {
        put(out, silence.id);
        out.u32(silence.matchers.size());
        for (const analysis::Matcher& matcher : silence.matchers) {
            put_matcher(out, matcher);
        }
        put(out, silence.starts_at);
        put(out, silence.ends_at);
        put(out, silence.author);
        put(out, silence.reason);
        const analysis::HiddenRecord hidden = book.hidden_by(silence.id);
        out.u64(hidden.count);
        out.u32(hidden.last.size());
        for (const analysis::Hidden& one : hidden.last) {
            put(out, one.incident);
            out.u32(one.episode);
            put(out, one.severity);
            put(out, one.at);
        }
    }
    return sealed(std::move(out));
}

Result<analysis::SilenceBook> silences_from(std::string_view bytes)
{
    const auto read = [](ByteReader& in, analysis::SilenceBook& book) {
        for (std::size_t left = in.count(items_max, 4); left > 0 && in.good(); --left) {
            analysis::Silence silence;
            analysis::HiddenRecord hidden;
            get(in, silence.id);
            silence.matchers.resize(in.count(items_max, 4));
            for (analysis::Matcher& matcher : silence.matchers) {
                get_matcher(in, matcher);
            }
            get(in, silence.starts_at);
            get(in, silence.ends_at);
            get(in, silence.author);
            get(in, silence.reason);
            hidden.count = in.u64();
            hidden.last.resize(in.count(items_max, 4));
            for (analysis::Hidden& one : hidden.last) {
                get_hidden(in, one);
            }
            book.restore(std::move(silence), std::move(hidden));
        }
    };
    return unsealed<analysis::SilenceBook>(bytes, "the silences", read);
}

std::string corrections_bytes(const analysis::Corrections& corrections)
{
    ByteWriter out;
    out.u32(corrections.aliases.size());
    for (const auto& alias : corrections.aliases) {
        put(out, alias.from);
        put(out, alias.into);
    }
    out.u32(corrections.moved.size());
    for (const auto& moved : corrections.moved) {
        put(out, moved.brand);
        put(out, moved.key.network);
        put(out, moved.key.id);
        put(out, moved.incident);
    }
    return sealed(std::move(out));
}

Result<analysis::Corrections> corrections_from(std::string_view bytes)
{
    const auto read = [](ByteReader& in, analysis::Corrections& corrections) {
        corrections.aliases.resize(in.count(items_max, 4));
        for (auto& alias : corrections.aliases) {
            get(in, alias.from);
            get(in, alias.into);
        }
        corrections.moved.resize(in.count(items_max, 4));
        for (auto& moved : corrections.moved) {
            get(in, moved.brand);
            get(in, moved.key.network);
            get(in, moved.key.id);
            get(in, moved.incident);
        }
    };
    return unsealed<analysis::Corrections>(bytes, "corrected stories", read);
}

} // namespace empathd

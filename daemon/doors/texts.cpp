#include "daemon/doors/doors.hpp"

#include "analysis/experience/model.hpp"
#include "analysis/experience/shipped_model.hpp"
#include "analysis/match/matcher.hpp"
#include "config/load.hpp"
#include "daemon/doors/jsonl.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <ostream>
#include <thread>
#include <utility>
#include <vector>

namespace empathd {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

/// Lines read, looked at side by side and written before the next ones: bounds the memory.
constexpr std::size_t batch_lines = 4'096;

void put(Writer& writer, std::string_view text)
{
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void put_key(Writer& writer, std::string_view key)
{
    writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
}

/// The id as it came; nothing when there was none.
void put_id(Writer& writer, const std::string& id)
{
    if (!id.empty()) {
        put_key(writer, "id");
        writer.RawValue(id.data(), id.size(),
                        id.front() == '"' ? rapidjson::kStringType : rapidjson::kNumberType);
    }
}

void put_span(Writer& writer, const std::string& text, const Span& span)
{
    put_key(writer, "text");
    put(writer, std::string_view(text).substr(span.offset, span.length));
    put_key(writer, "offset");
    writer.Uint(span.offset);
    put_key(writer, "length");
    writer.Uint(span.length);
}

std::string error_line(const JsonLine& line, const std::string& error)
{
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    put_key(writer, "line");
    writer.Uint64(line.number);
    put_key(writer, "error");
    put(writer, error);
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

/// A text as people read it: title and text together.
std::string words_of(const Post& post)
{
    return post.title.empty() ? post.text : post.title + '\n' + post.text;
}

void put_label(Writer& writer, const std::string& label, float probability)
{
    put_key(writer, "label");
    put(writer, label);
    put_key(writer, "probability");
    writer.Double(static_cast<double>(probability));
}

void put_answer(Writer& writer, const std::string& text, const Answer& answer)
{
    writer.StartObject();
    put_label(writer, answer.label, answer.probability);
    put_key(writer, "probabilities");
    writer.StartObject();
    for (const auto& [label, probability] : answer.probabilities) {
        put_key(writer, label);
        writer.Double(static_cast<double>(probability));
    }
    writer.EndObject();
    put_key(writer, "evidence");
    writer.StartArray();
    for (const Evidence& evidence : answer.evidence) {
        writer.StartObject();
        put_span(writer, text, evidence.span);
        put_key(writer, "weight");
        writer.Double(static_cast<double>(evidence.weight));
        writer.EndObject();
    }
    writer.EndArray();
    writer.EndObject();
}

std::string analysed_line(const TextLine& line, const analysis::Model& model,
                          analysis::Scratch& scratch)
{
    const std::string text = words_of(line.post);
    const Experience says = model.analyse(text, {}, scratch, true);
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.SetMaxDecimalPlaces(4);
    writer.StartObject();
    put_id(writer, line.id);
    put_key(writer, "language");
    writer.StartObject();
    put_label(writer, says.language, says.language_probability);
    writer.EndObject();
    for (const Facet facet : all_facets()) {
        put_key(writer, name_of(facet));
        put_answer(writer, text, says.of(facet));
    }
    put_key(writer, "model");
    put(writer, says.model);
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

std::string matched_line(const TextLine& line, const analysis::MatchSet& watches,
                         analysis::MatchScratch& scratch, std::vector<Mention>& mentions)
{
    mentions.clear();
    watches.match_post(line.post, scratch, mentions);
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    put_id(writer, line.id);
    put_key(writer, "matches");
    writer.StartArray();
    for (const Mention& mention : mentions) {
        const Watch& watch = watches.watches()[mention.watch];
        writer.StartObject();
        put_key(writer, "brand");
        put(writer, watch.brand);
        put_key(writer, "spans");
        writer.StartArray();
        for (std::size_t i = 0; i < mention.spans.size(); ++i) {
            writer.StartObject();
            put_span(writer, line.post.text, mention.spans[i]);
            put_key(writer, "term");
            put(writer, watch.terms[mention.terms[i]].text);
            writer.EndObject();
        }
        writer.EndArray();
        put_key(writer, "in_title_only");
        writer.Bool(mention.spans.empty());
        writer.EndObject();
    }
    writer.EndArray();
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

/// Runs `answer` over every line of the input, `threads` at a time, and writes the answers in the
/// order of the lines. `answer` makes one function for each thread, with buffers of its own.
template <class MakeAnswer>
int over_lines(const std::string& input, unsigned threads, const MakeAnswer& make_answer,
               std::ostream& out, std::ostream& err)
{
    auto reader = LineReader::open(input);
    if (!reader) {
        err << "empathd: " << reader.error().message << '\n';
        return exit_no_input;
    }
    std::vector<JsonLine> lines;
    std::vector<std::string> answers(batch_lines);
    std::vector<std::uint64_t> bad(threads, 0);
    bool more = true;
    while (more) {
        lines.clear();
        JsonLine line;
        while (lines.size() < batch_lines && (more = reader->next(line))) {
            lines.push_back(std::move(line));
        }
        const auto work = [&](unsigned thread) {
            auto answer = make_answer();
            for (std::size_t i = thread; i < lines.size(); i += threads) {
                const auto read =
                    lines[i].too_long
                        ? Result<TextLine>(Error{ErrorKind::malformed, "longer than 1 MiB"})
                        : read_text_line(lines[i].bytes);
                bad[thread] += read ? 0 : 1;
                answers[i] = read ? answer(*read) : error_line(lines[i], read.error().message);
            }
        };
        std::vector<std::thread> others;
        for (unsigned thread = 1; thread < threads; ++thread) {
            others.emplace_back(work, thread);
        }
        work(0);
        for (std::thread& other : others) {
            other.join();
        }
        for (std::size_t i = 0; i < lines.size(); ++i) {
            out << answers[i] << '\n';
        }
    }
    std::uint64_t all_bad = 0;
    for (const std::uint64_t n : bad) {
        all_bad += n;
    }
    if (reader->failed()) {
        err << "empathd: reading " << input << " failed\n";
        return exit_no_input;
    }
    if (all_bad != 0) {
        err << "empathd: " << all_bad << " lines could not be read; their answers say why\n";
        return exit_data;
    }
    return 0;
}

} // namespace

int analyse_texts(const std::string& input, unsigned threads, std::ostream& out, std::ostream& err)
{
    const auto model = analysis::Model::from_bytes(analysis::shipped_model());
    if (!model) {
        err << "empathd: the shipped model: " << model.error().message << '\n';
        return exit_unavailable;
    }
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const auto make = [&model] {
        return [&model, scratch = analysis::Scratch{}](const TextLine& line) mutable {
            return analysed_line(line, **model, scratch);
        };
    };
    return over_lines(input, threads == 0 ? cores : threads, make, out, err);
}

int match_texts(const std::string& config_path, const std::string& input, std::ostream& out,
                std::ostream& err)
{
    const config::Config config = config::load(config_path);
    for (const config::Problem& problem : *config.problems) {
        err << to_string(problem) << '\n';
    }
    if (!config.problems->empty()) {
        return exit_config;
    }
    const auto watches = analysis::MatchSet::build(config.watches);
    if (!watches) {
        err << config_path << ": " << watches.error().message << '\n';
        return exit_config;
    }
    const auto make = [&watches] {
        return [&watches, scratch = analysis::MatchScratch{},
                mentions = std::vector<Mention>{}](const TextLine& line) mutable {
            return matched_line(line, **watches, scratch, mentions);
        };
    };
    return over_lines(input, 1, make, out, err);
}

} // namespace empathd

#include "analysis/training/files.hpp"

#include "analysis/training/records.hpp"

#include <array>
#include <string>
#include <string_view>

namespace empathd::training {
namespace {

constexpr std::array corpus_files = {"en.jsonl", "fr.jsonl", "vi.jsonl"};
constexpr std::array measures = {"absa_restaurants_any_negative_en",
                                 "absa_restaurants_any_negative_fr",
                                 "aivivn_sentiment",
                                 "complaints",
                                 "semeval_sentiment",
                                 "visfd_any_negative",
                                 "vlsp_hotel_any_negative",
                                 "vsfc_sentiment"};

/// Appends what `to_sample(record, line)` makes of every line of the file.
template <class ToSample>
Result<> append_file(const std::filesystem::path& file, std::vector<Sample>& samples,
                     ToSample to_sample)
{
    const Result<std::vector<Record>> records = read_records(file);
    if (!records) {
        return records.error();
    }
    for (std::size_t line = 0; line < records->size(); ++line) {
        if (std::optional<Sample> sample = to_sample((*records)[line], line)) {
            samples.push_back(std::move(*sample));
        }
    }
    return {};
}

} // namespace

Result<std::vector<Sample>> load_corpus(const std::filesystem::path& folder)
{
    std::vector<Sample> samples;
    for (const char* file : corpus_files) {
        const Result<> done =
            append_file(folder / file, samples,
                        [](const Record& record, std::size_t) { return sample_of_corpus(record); });
        if (!done) {
            return done.error();
        }
    }
    const Result<> done =
        append_file(folder / "languages.jsonl", samples,
                    [](const Record& record, std::size_t) { return sample_of_language(record); });
    if (!done) {
        return done.error();
    }
    return samples;
}

Result<std::vector<Sample>> load_sets(const std::filesystem::path& folder)
{
    std::vector<Sample> samples;
    for (const Source& source : sources()) {
        const Result<> done = append_file(folder / (std::string(source.set) + ".jsonl"), samples,
                                          [&](const Record& record, std::size_t line) {
                                              return sample_of_set(source, record, line);
                                          });
        if (!done) {
            return done.error();
        }
    }
    return samples;
}

Result<std::vector<Sample>> load_measures(const std::filesystem::path& folder)
{
    std::vector<Sample> samples;
    for (const char* set : measures) {
        const std::filesystem::path file = folder / (std::string(set) + ".jsonl");
        if (!std::filesystem::exists(file)) {
            continue;
        }
        const Result<> done = append_file(file, samples, [&](const Record& record, std::size_t) {
            return sample_of_measure(set, record);
        });
        if (!done) {
            return done.error();
        }
    }
    return samples;
}

} // namespace empathd::training

#include "analysis/training/files.hpp"

#include "analysis/training/records.hpp"
#include "analysis/training/refit.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace empathd::training {
namespace {

constexpr std::array corpus_files = {"en.jsonl", "fr.jsonl", "vi.jsonl"};
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
    std::vector<std::filesystem::path> files;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (entry.path().extension() == ".jsonl") {
            files.push_back(entry.path());
        }
    }
    if (failed) {
        return Error{ErrorKind::not_found,
                     "cannot read the folder " + folder.string() + ": " + failed.message()};
    }
    std::ranges::sort(files);
    std::vector<Sample> samples;
    for (const std::filesystem::path& file : files) {
        const std::string set = file.stem().string();
        const Result<> done = append_file(file, samples, [&](const Record& record, std::size_t) {
            return sample_of_measure(set, record);
        });
        if (!done) {
            return done.error();
        }
    }
    return samples;
}

Result<std::vector<Sample>> load_corrections(const std::filesystem::path& file)
{
    const Result<std::vector<Record>> records = read_records(file);
    if (!records) {
        return records.error();
    }
    std::vector<Sample> samples;
    for (const Record& record : *records) {
        Result<Sample> sample = sample_of_correction(record);
        if (!sample) {
            return Error{sample.error().kind, file.string() + ", record " +
                                                  std::to_string(samples.size() + 1) + ": " +
                                                  sample.error().message};
        }
        samples.push_back(*std::move(sample));
    }
    return samples;
}

Result<> replace_file(const std::filesystem::path& file, std::string_view bytes)
{
    std::filesystem::path fresh = file;
    fresh += ".new";
    std::ofstream stream(fresh, std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream) {
        return Error{ErrorKind::storage, "cannot write " + fresh.string()};
    }
    std::error_code failed;
    if (std::filesystem::exists(file, failed)) {
        std::filesystem::path old = file;
        old += ".old";
        std::filesystem::rename(file, old, failed);
    }
    if (!failed) {
        std::filesystem::rename(fresh, file, failed);
    }
    return failed ? Error{ErrorKind::storage,
                          "cannot replace " + file.string() + ": " + failed.message()}
                  : Result<>{};
}

} // namespace empathd::training

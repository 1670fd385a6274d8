// empathd-spread: fits the prior that ships, measures the forecast.
//
//     empathd-spread prior    --out FILE
//     empathd-spread evaluate --data FOLDER

#include "analysis/spread/evaluation/fit_prior.hpp"
#include "analysis/spread/evaluation/prequential.hpp"
#include "analysis/spread/evaluation/report.hpp"
#include "analysis/spread/evaluation/series.hpp"
#include "analysis/spread/evaluation/volumes.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace empathd::spread_evaluation;
using empathd::Error;
using empathd::ErrorKind;
using empathd::Result;

constexpr std::uint64_t control_seed = 11;

/// A file that a set may hold, and how it is read.
struct Known {
    const char* file;
    std::function<SeriesSet(std::string_view)> read;
};

const std::vector<Known>& known()
{
    static const std::vector<Known> files{
        {"hn_frontpage_series.tsv.gz", read_front_page},
        {"ced_cascades.tsv.gz",
         [](std::string_view text) {
             return read_cascades(text, {.published = 2, .delays = 13}, "weibo");
         }},
        {"tw1516_cascades.tsv.gz",
         [](std::string_view text) {
             const CascadeColumns columns{
                 .published = 3, .delays = 5, .between = ';', .unit_s = 60};
             return read_cascades(text, columns, "twitter");
         }},
    };
    return files;
}

void measure(const std::string& name, const SeriesSet& set)
{
    const std::clock_t start = std::clock();
    const RunResult result = run(set);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::cout << "\n## " << name << "\n\n"
              << set.series.size() << " posts, platform " << set.platform;
    if (set.unread > 0) {
        std::cout << "; " << set.unread << " lines left out: unreadable, or of no known time";
    }
    std::cout << ". Lived through in " << seconds << " s of processor time. In the end "
              << to_string(result.report.calibration) << ", coverage of the last "
              << result.report.rows << " rows " << result.report.coverage << ".\n\n";
    print_buckets(std::cout, result);
    std::cout << '\n';
    print_reliability(std::cout, result);
    std::cout << '\n';
    print_alerts(std::cout, result);
    print_control(std::cout, run(set, control_seed));
}

/// Counts of how often brands were spoken of, if the folder holds some.
Result<bool> measure_volumes(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with("Twitter_volume_")) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    if (!files.empty()) {
        std::cout << "\n## " << folder.filename().string() << "\n\n";
    }
    for (const fs::path& file : files) {
        const Result<std::string> text = read_file(file.string());
        if (!text) {
            return text.error();
        }
        print_volume(std::cout, file.filename().string(), read_volume(*text));
    }
    return !files.empty();
}

Result<> measure_folder(const fs::path& folder)
{
    const Result<bool> volumes = measure_volumes(folder);
    if (!volumes) {
        return volumes.error();
    }
    bool found = *volumes;
    for (const Known& one : known()) {
        const fs::path file = folder / one.file;
        if (!fs::exists(file)) {
            continue;
        }
        found = true;
        const Result<std::string> text = read_file(file.string());
        if (!text) {
            return text.error();
        }
        measure(folder.filename().string() + '/' + one.file, one.read(*text));
    }
    if (!found) {
        std::cout << "\n## " << folder.filename().string() << "\n\n"
                  << "Nothing here that this program reads.\n";
    }
    return {};
}

Result<> evaluate(const std::string& data)
{
    std::error_code error;
    std::vector<fs::path> folders;
    for (const fs::directory_entry& entry : fs::directory_iterator(data, error)) {
        if (entry.is_directory()) {
            folders.push_back(entry.path());
        }
    }
    if (error || folders.empty()) {
        return Error{ErrorKind::not_found, "no folders of data in " + data};
    }
    std::sort(folders.begin(), folders.end());
    for (const fs::path& folder : folders) {
        if (const Result<> done = measure_folder(folder); !done) {
            return done;
        }
    }
    return {};
}

Result<> write_prior(const std::string& out)
{
    std::ofstream file(out, std::ios::binary | std::ios::trunc);
    file << prior_source();
    file.close();
    return file ? Result<>{} : Error{ErrorKind::storage, "cannot write " + out};
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Fits and measures the forecast of how far posts go"};
    app.require_subcommand(1);
    std::string out;
    std::string data;
    CLI::App* const prior = app.add_subcommand("prior", "Fit the prior that ships");
    prior->add_option("--out", out, "The source file to write")->required();
    CLI::App* const measured = app.add_subcommand("evaluate", "Measure on sets of cascades");
    measured->add_option("--data", data, "Folder of folders of sets")->required();
    CLI11_PARSE(app, argc, argv);

    const Result<> done = prior->parsed() ? write_prior(out) : evaluate(data);
    if (!done) {
        std::cerr << "empathd-spread: " << done.error().message << '\n';
        return 1;
    }
    return 0;
}

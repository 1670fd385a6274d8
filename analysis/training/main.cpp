// empathd-train: fits the model that ships, fits it again with a user's corrections, measures it.
//
//     empathd-train model    --corpus FOLDER --sets FOLDER --out FILE
//     empathd-train refit    --corpus FOLDER --corrections FILE --model FILE --out FILE [--sets
//     FOLDER] empathd-train evaluate --model FILE [--corpus FOLDER --sets FOLDER] [--data FOLDER]

#include "analysis/experience/model.hpp"
#include "analysis/experience/shipped_model.hpp"
#include "analysis/training/card.hpp"
#include "analysis/training/evaluate.hpp"
#include "analysis/training/files.hpp"
#include "analysis/training/refit.hpp"
#include "analysis/training/trainer.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <mutex>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace training = empathd::training;
using empathd::Error;
using empathd::ErrorKind;
using empathd::Result;
using Samples = std::vector<training::Sample>;

constexpr const char* shipped_version = "2026.2";

struct Options {
    std::string corpus;
    std::string sets;
    std::string data;
    std::string model;
    std::string corrections;
    std::string out;
    std::string card;
    unsigned workers = 2;
};

void append(Samples& to, Samples&& from)
{
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// The corpus, and the sets where a folder is named.
Result<Samples> load_all(const Options& options)
{
    Result<Samples> samples = training::load_corpus(options.corpus);
    if (!samples || options.sets.empty()) {
        return samples;
    }
    Result<Samples> sets = training::load_sets(options.sets);
    if (!sets) {
        return Error{sets.error().kind,
                     sets.error().message + " (the labelled sets belong in " + options.sets + ")"};
    }
    append(*samples, std::move(*sets));
    return samples;
}

/// Side by side on `workers` threads.
void run_jobs(std::span<const std::function<void()>> jobs, unsigned workers)
{
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < workers; ++i) {
        threads.emplace_back([&] {
            for (std::size_t job = next++; job < jobs.size(); job = next++) {
                jobs[job]();
            }
        });
    }
}

training::Trained train(const Samples& samples, const std::string& version, const Options& options)
{
    std::mutex mutex;
    training::Tools tools;
    tools.progress = [&mutex](const std::string& line) {
        const std::lock_guard lock(mutex);
        std::cerr << line << '\n';
    };
    tools.run = [&options](std::span<const std::function<void()>> jobs) {
        run_jobs(jobs, std::max(1U, options.workers));
    };
    return training::train(samples, training::shipped_plan(version), tools);
}

Result<std::string> read_file(const std::string& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return Error{ErrorKind::not_found, "cannot open " + file};
    }
    return std::string{std::istreambuf_iterator<char>(stream), {}};
}

/// Both tables, as they stand in the model card.
std::string tables(std::span<const training::Line> lines)
{
    std::ostringstream out;
    training::print(out, lines);
    out << "\nMacro-F1 of the same posts, typed otherwise:\n\n";
    training::print_typings(out, lines);
    return out.str();
}

Result<> write_checked(const std::string& file, const empathd::analysis::ModelParts& parts)
{
    const std::string bytes = empathd::analysis::write_model(parts);
    if (const auto model = empathd::analysis::Model::from_bytes(bytes); !model) {
        return model.error();
    }
    return training::replace_file(file, bytes);
}

Result<> make_model(const Options& options)
{
    const Result<Samples> samples = load_all(options);
    if (!samples) {
        return samples.error();
    }
    const training::Trained trained = train(*samples, shipped_version, options);
    std::cout << tables(training::summarize(*samples, trained.results));
    return write_checked(options.out, trained.parts);
}

/// Fits again with the corrections; the old model stays where the new one would be worse.
Result<> refit(const Options& options)
{
    const Result<std::string> bytes =
        options.model.empty() ? Result<std::string>(std::string(empathd::analysis::shipped_model()))
                              : read_file(options.model);
    if (!bytes) {
        return bytes.error();
    }
    const Result<empathd::analysis::ModelParts> old = empathd::analysis::read_model(*bytes);
    if (!old) {
        return old.error();
    }
    Result<Samples> samples = load_all(options);
    if (!samples) {
        return samples.error();
    }
    Result<Samples> corrections = training::load_corrections(options.corrections);
    if (!corrections) {
        return corrections.error();
    }
    const std::size_t count = corrections->size();
    append(*samples, std::move(*corrections));
    const std::string version = std::string(shipped_version) + "-own-" + std::to_string(count);
    const training::Trained trained = train(*samples, version, options);
    std::cout << tables(training::summarize(*samples, trained.results));
    const std::vector<std::string> worse = training::what_is_worse(*old, trained.parts);
    if (!worse.empty()) {
        std::string why = "the old model stays, because on posts neither was taught";
        for (const std::string& line : worse) {
            why += "\n  " + line;
        }
        return Error{ErrorKind::malformed, why + "\nLook for wrong labels among the corrections."};
    }
    const Result<> written = write_checked(options.out, trained.parts);
    if (written) {
        std::cout << "\nModel " << version << " with " << count << " corrections: " << options.out
                  << '\n';
    }
    return written;
}

/// Prints a section, and renews it in the model card where there is one.
Result<> report(const Options& options, std::string_view section, const std::string& body)
{
    std::cout << '\n' << body;
    if (options.card.empty()) {
        return {};
    }
    const Result<std::string> card = read_file(options.card);
    if (!card) {
        return card.error();
    }
    const Result<std::string> renewed = training::with_section(*card, section, body);
    if (!renewed) {
        return renewed.error();
    }
    std::ofstream stream(options.card, std::ios::binary | std::ios::trunc);
    stream << *renewed;
    return stream ? Result<>{} : Error{ErrorKind::storage, "cannot write " + options.card};
}

Result<> measure_sets(const Options& options)
{
    const Result<std::string> bytes = read_file(options.model);
    if (!bytes) {
        return bytes.error();
    }
    const auto model = empathd::analysis::Model::from_bytes(*bytes);
    if (!model) {
        return model.error();
    }
    const Result<Samples> measures = training::load_measures(options.data);
    if (!measures) {
        return measures.error();
    }
    std::ostringstream meanings;
    training::print(meanings, training::measured_meanings());
    return report(options, "sets",
                  "Model " + (*model)->version() + ". What the labels of the sets mean:\n\n" +
                      meanings.str() + '\n' + tables(training::evaluate(**model, *measures)));
}

Result<> measure_corpus(const Options& options)
{
    const Result<Samples> samples = load_all(options);
    if (!samples) {
        return samples.error();
    }
    const training::Trained trained = train(*samples, shipped_version, options);
    return report(options, "corpus", tables(training::summarize(*samples, trained.results)));
}

Result<> evaluate_model(const Options& options)
{
    const Result<> sets = options.data.empty() ? Result<>{} : measure_sets(options);
    return !sets || options.corpus.empty() ? sets : measure_corpus(options);
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Fits and measures the model that says what a post means"};
    app.require_subcommand(1);
    Options options;
    const auto add = [&](CLI::App* command, const char* name, std::string& to, const char* help) {
        return command->add_option(name, to, help);
    };
    CLI::App* const model = app.add_subcommand("model", "Fit the model that ships");
    add(model, "--corpus", options.corpus, "Folder of our own posts")->required();
    add(model, "--sets", options.sets, "Folder of the permissive sets")->required();
    add(model, "--out", options.out, "File to write")->required();
    CLI::App* const again = app.add_subcommand("refit", "Fit again with a user's corrections");
    add(again, "--corpus", options.corpus, "Folder of our own posts")->required();
    add(again, "--sets", options.sets, "Folder of the permissive sets, if at hand");
    add(again, "--corrections", options.corrections, "JSON lines: lang, text, labels")->required();
    add(again, "--model", options.model, "The model in use; else the one that ships");
    add(again, "--out", options.out, "File to write; what was there stays as FILE.old")->required();
    CLI::App* const evaluate = app.add_subcommand("evaluate", "Measure a model file");
    add(evaluate, "--model", options.model, "Model file")->required();
    add(evaluate, "--data", options.data, "Folder of sets that only measure");
    add(evaluate, "--corpus", options.corpus,
        "Folder of our own posts: cross-validates the method");
    add(evaluate, "--sets", options.sets, "Folder of the permissive sets");
    add(evaluate, "--card", options.card, "Model card whose tables are renewed");
    for (CLI::App* const command : {model, again, evaluate}) {
        command->add_option("--workers", options.workers, "Fits at a time, 1 GB each");
    }
    CLI11_PARSE(app, argc, argv);

    const Result<> done = model->parsed()   ? make_model(options)
                          : again->parsed() ? refit(options)
                                            : evaluate_model(options);
    if (!done) {
        std::cerr << "empathd-train: " << done.error().message << '\n';
        return 1;
    }
    return 0;
}

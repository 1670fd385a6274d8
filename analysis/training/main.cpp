// empathd-train: fits the model that ships, and measures it.
//
//     empathd-train model --corpus FOLDER --sets FOLDER --out FILE
//     empathd-train evaluate --model FILE --corpus FOLDER [--sets FOLDER] [--dev FOLDER]

#include "analysis/experience/model.hpp"
#include "analysis/training/evaluate.hpp"
#include "analysis/training/files.hpp"
#include "analysis/training/trainer.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

namespace training = empathd::training;
using empathd::Error;
using empathd::ErrorKind;
using empathd::Result;

constexpr const char* shipped_version = "2026.1";

struct Options {
    std::string corpus;
    std::string sets;
    std::string dev;
    std::string model;
    std::string out;
};

Result<std::vector<training::Sample>> load_all(const Options& options)
{
    Result<std::vector<training::Sample>> samples = training::load_corpus(options.corpus);
    if (!samples) {
        return samples.error();
    }
    Result<std::vector<training::Sample>> sets = training::load_sets(options.sets);
    if (!sets) {
        return Error{sets.error().kind,
                     sets.error().message + " (the labelled sets belong in " + options.sets + ")"};
    }
    samples->insert(samples->end(), std::make_move_iterator(sets->begin()),
                    std::make_move_iterator(sets->end()));
    return samples;
}

training::Trained train_shipped(const std::vector<training::Sample>& samples)
{
    return training::train(samples, training::shipped_plan(shipped_version),
                           [](const std::string& line) { std::cerr << line << '\n'; });
}

Result<> write_file(const std::string& file, std::string_view bytes)
{
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    return stream ? Result<>{} : Error{ErrorKind::storage, "cannot write " + file};
}

Result<> make_model(const Options& options)
{
    const auto samples = load_all(options);
    if (!samples) {
        return samples.error();
    }
    const training::Trained trained = train_shipped(*samples);
    const std::string bytes = empathd::analysis::write_model(trained.parts);
    if (const auto model = empathd::analysis::Model::from_bytes(bytes); !model) {
        return model.error();
    }
    training::print(std::cout, training::summarize(*samples, trained.results));
    return write_file(options.out, bytes);
}

Result<> evaluate_model(const Options& options)
{
    std::ifstream stream(options.model, std::ios::binary);
    if (!stream) {
        return Error{ErrorKind::not_found, "cannot open " + options.model};
    }
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    const auto model = empathd::analysis::Model::from_bytes(bytes);
    if (!model) {
        return model.error();
    }
    if (!options.dev.empty()) {
        const auto measures = training::load_measures(options.dev);
        if (!measures) {
            return measures.error();
        }
        std::cout << "\nMeasuring sets, model " << (*model)->version() << ":\n\n";
        training::print(std::cout, training::evaluate(**model, *measures));
    }
    if (options.sets.empty()) {
        std::cout << "\nWithout --sets no cross-validation on the corpus: the model has seen it.\n";
        return {};
    }
    const auto samples = load_all(options);
    if (!samples) {
        return samples.error();
    }
    std::cout << "\nCross-validation, whole industries held out:\n\n";
    training::print(std::cout, training::summarize(*samples, train_shipped(*samples).results));
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Fits and measures the model that ships"};
    app.require_subcommand(1);
    Options options;
    CLI::App* const model = app.add_subcommand("model", "Fit the model on the corpus and the sets");
    model->add_option("--corpus", options.corpus, "Folder of our own posts")->required();
    model->add_option("--sets", options.sets, "Folder of the permissive sets")->required();
    model->add_option("--out", options.out, "File to write")->required();
    CLI::App* const evaluate = app.add_subcommand("evaluate", "Measure a model file");
    evaluate->add_option("--model", options.model, "Model file")->required();
    evaluate->add_option("--corpus", options.corpus, "Folder of our own posts")->required();
    evaluate->add_option("--sets", options.sets,
                         "Folder of the sets: cross-validates on the corpus");
    evaluate->add_option("--dev", options.dev, "Folder of the measuring sets");
    CLI11_PARSE(app, argc, argv);

    const Result<> done = model->parsed() ? make_model(options) : evaluate_model(options);
    if (!done) {
        std::cerr << "empathd-train: " << done.error().message << '\n';
        return 1;
    }
    return 0;
}

#include "daemon/cli/train.hpp"

#include "daemon/http/output.hpp"

#include <array>
#include <filesystem>
#include <ostream>

#include <unistd.h>

namespace empathd::cli {
namespace {

constexpr const char* trainer_name = "empathd-train";

std::string find_corpus(const std::filesystem::path& folder)
{
    for (const char* place : {"../share/empathd/corpus", "../../../analysis/corpus"}) {
        std::error_code ignored;
        const auto found = std::filesystem::weakly_canonical(folder / place, ignored);
        if (std::filesystem::exists(found / "en.jsonl", ignored)) {
            return found.string();
        }
    }
    return {};
}

} // namespace

std::variant<std::vector<std::string>, std::string> refit_command(const Options& options,
                                                                  const std::string& self)
{
    const std::filesystem::path folder = std::filesystem::path(self).parent_path();
    const std::string trainer = (folder / trainer_name).string();
    if (::access(trainer.c_str(), X_OK) != 0) {
        return "There is no " + trainer + ". Build it: cmake --build ... --target empathd-train";
    }
    const std::string corpus = options.corpus.empty() ? find_corpus(folder) : options.corpus;
    if (corpus.empty()) {
        return std::string("The shipped posts are not where they should be. "
                           "Name their folder with --corpus (analysis/corpus of the sources).");
    }
    std::vector<std::string> line = {trainer, "refit",     "--corrections", options.file,
                                     "--out", options.out, "--corpus",      corpus};
    if (!options.model.empty()) {
        line.insert(line.end(), {"--model", options.model});
    }
    if (!options.sets.empty()) {
        line.insert(line.end(), {"--sets", options.sets});
    }
    return line;
}

Exit train(const Options& options, std::ostream& err)
{
    std::array<char, 4096> self{};
    if (::readlink("/proc/self/exe", self.data(), self.size() - 1) <= 0) {
        err << "Cannot tell where this program is.\n";
        return Exit::refused;
    }
    const auto command = refit_command(options, self.data());
    if (const auto* const missing = std::get_if<std::string>(&command)) {
        err << term_text(*missing) << '\n';
        return Exit::usage;
    }
    std::vector<std::string> line = std::get<std::vector<std::string>>(command);
    std::vector<char*> arguments;
    for (std::string& argument : line) {
        arguments.push_back(argument.data());
    }
    arguments.push_back(nullptr);
    ::execv(arguments.front(), arguments.data());
    err << "Cannot run " << term_text(line.front()) << ".\n";
    return Exit::refused;
}

} // namespace empathd::cli

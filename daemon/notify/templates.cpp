// The built-in templates, and those of the operator in their place: the loading half of
// message.hpp.
#include "daemon/notify/built_in_templates.hpp"
#include "daemon/notify/message.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

namespace empathd {
namespace {

/// Nothing when it cannot be read; one byte more than a template may have at most.
std::optional<std::string> content_of(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text(template_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (!file.eof() && file.fail())) {
        return std::nullopt;
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return file.is_open() ? std::optional(std::move(text)) : std::nullopt;
}

/// The folder's file of this name, or the built-in text where there is none.
Template load_one(const std::filesystem::path& folder, const BuiltInTemplate& built_in,
                  std::vector<config::Problem>& problems)
{
    const std::string_view name = built_in.name;
    std::error_code ignored;
    std::string source(built_in.text);
    std::string file = "built-in " + std::string(name);
    if (!folder.empty() && std::filesystem::exists(folder / name, ignored)) {
        file = (folder / name).string();
        auto own = content_of(file);
        if (!own) {
            problems.push_back({.file = file, .message = "cannot be read"});
        } else {
            source = std::move(*own);
        }
    }
    std::vector<TemplateProblem> found;
    Template made(source, field_names(), found);
    for (TemplateProblem& problem : found) {
        problems.push_back({.file = file,
                            .line = problem.line,
                            .column = 1,
                            .message = std::move(problem.message)});
    }
    return made;
}

/// A misspelt name would be a template that nobody uses.
void look_for_others(const std::string& folder, std::vector<config::Problem>& problems)
{
    std::error_code error;
    std::vector<std::string> others;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        const bool looks_like_one = name.ends_with(".txt") || name.ends_with(".html");
        const auto& all = built_in_templates();
        const bool is_one = std::any_of(all.begin(), all.end(),
                                        [&name](const auto& known) { return known.name == name; });
        if (looks_like_one && !is_one) {
            others.push_back(entry.path().string());
        }
    }
    if (error) {
        problems.push_back(
            {.file = folder,
             .message = "the folder of templates cannot be read: " + error.message()});
    }
    std::sort(others.begin(), others.end());
    for (std::string& other : others) {
        problems.push_back({.file = std::move(other),
                            .message = "is no template: they are subject.txt, plain.txt, "
                                       "mail.html, slack.txt"});
    }
}

} // namespace

std::shared_ptr<const Templates> load_templates(const std::string& folder,
                                                std::vector<config::Problem>& problems)
{
    if (!folder.empty()) {
        look_for_others(folder, problems);
    }
    const auto& all = built_in_templates();
    return std::make_shared<const Templates>(
        Templates{.subject = load_one(folder, all[0], problems),
                  .plain = load_one(folder, all[1], problems),
                  .html = load_one(folder, all[2], problems),
                  .slack = load_one(folder, all[3], problems)});
}

} // namespace empathd

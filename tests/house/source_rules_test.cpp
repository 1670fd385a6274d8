// Rules about the text of the sources that a reader would rather not check by eye.

#include "tests/house/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace empathd::house {
namespace {

constexpr std::size_t line_bytes_max = 120;
constexpr std::size_t function_lines_max = 70;
constexpr std::size_t file_lines_max = 400;

/// The code of a line: without what stands after //, and without what stands in quotes.
std::string code_of(const std::string& line)
{
    std::string out;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != 0) {
            if (c == '\\') {
                ++i;
            } else if (c == quote) {
                quote = 0;
            }
            continue;
        }
        const bool digit_separator = c == '\'' && i > 0 && line[i - 1] >= '0' && line[i - 1] <= '9';
        if ((c == '"' || c == '\'') && !digit_separator) {
            quote = c;
        } else if (c == '/' && i + 1 < line.size() && line[i + 1] == '/') {
            break;
        } else {
            out += c;
        }
    }
    return out;
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Where the word next stands from `at` on, as a word of its own; npos when it does not.
std::size_t find_word(const std::string& code, std::string_view word, std::size_t at)
{
    for (at = code.find(word, at); at != std::string::npos; at = code.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_letter(code[at - 1])) &&
            (end == code.size() || !is_letter(code[end]))) {
            return at;
        }
    }
    return std::string::npos;
}

/// g++ 12 destroys temporaries of a co_await expression twice when it holds braces (a braced
/// initialiser, a capturing lambda). From co_await to the ';' that ends the statement, or to the
/// parenthesis that closes the condition it stands in, there may be none.
std::vector<std::size_t> braces_in_co_await(const std::vector<std::string>& lines)
{
    std::vector<std::size_t> found;
    bool inside = false;
    int depth = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string code = code_of(lines[i]);
        for (std::size_t at = 0; at < code.size(); ++at) {
            if (!inside) {
                at = find_word(code, "co_await", at);
                if (at == std::string::npos) {
                    break;
                }
                inside = true;
                depth = 0;
                at += std::string_view("co_await").size() - 1;
                continue;
            }
            depth += code[at] == '(' ? 1 : code[at] == ')' ? -1 : 0;
            if (code[at] == '{') {
                found.push_back(i + 1);
            }
            inside = code[at] != ';' && code[at] != '{' && depth >= 0;
        }
    }
    return found;
}

/// Lines of each function longer than the bound: its body begins with a brace alone on its line.
std::vector<std::size_t> long_functions(const std::vector<std::string>& lines)
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t indent = lines[i].find_first_not_of(' ');
        if (indent == std::string::npos || lines[i].substr(indent) != "{") {
            continue;
        }
        const std::string end = std::string(indent, ' ') + '}';
        std::size_t last = i + 1;
        while (last < lines.size() && !lines[last].starts_with(end)) {
            ++last;
        }
        if (last - i - 1 > function_lines_max) {
            found.push_back(i + 1);
        }
    }
    return found;
}

/// The reason a file gives at its top for being longer than the bound.
bool gives_a_reason(const SourceFile& file)
{
    const std::size_t top = std::min<std::size_t>(file.lines.size(), 12);
    return std::any_of(
        file.lines.begin(), file.lines.begin() + static_cast<std::ptrdiff_t>(top),
        [](const std::string& line) { return line.find("// Long because") != std::string::npos; });
}

TEST(SourceRules, NoBracesInsideCoAwait)
{
    for (const SourceFile& file : source_tree()) {
        for (const std::size_t line : braces_in_co_await(file.lines)) {
            ADD_FAILURE() << file.path << ':' << line
                          << ": name the argument on the line before; see tests/house";
        }
    }
}

TEST(SourceRules, SeeBracesInsideCoAwait)
{
    EXPECT_EQ(braces_in_co_await({"co_await f({1});"}), (std::vector<std::size_t>{1}));
    EXPECT_EQ(braces_in_co_await({"x = co_await f(", "    Request{.a = 1});"}),
              (std::vector<std::size_t>{2}));
    EXPECT_EQ(braces_in_co_await({"co_await f([s] { return s; });"}),
              (std::vector<std::size_t>{1}));
    EXPECT_TRUE(braces_in_co_await({"co_await f(a);", "g({1});"}).empty());
    EXPECT_TRUE(braces_in_co_await({"if (!co_await f(a)) {", "}"}).empty());
    EXPECT_TRUE(braces_in_co_await({"log(\"co_await {\"); // co_await {"}).empty());
}

TEST(SourceRules, FunctionsFitAScreen)
{
    for (const SourceFile& file : source_tree()) {
        for (const std::size_t line : long_functions(file.lines)) {
            ADD_FAILURE() << file.path << ':' << line << ": more than " << function_lines_max
                          << " lines";
        }
    }
}

TEST(SourceRules, LinesFitASideBySideView)
{
    for (const SourceFile& file : source_tree()) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto characters =
                std::count_if(file.lines[i].begin(), file.lines[i].end(), [](char c) {
                    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
                });
            EXPECT_LE(static_cast<std::size_t>(characters), line_bytes_max)
                << file.path << ':' << i + 1;
        }
    }
}

TEST(SourceRules, FilesHoldOneIdea)
{
    for (const SourceFile& file : source_tree()) {
        const bool test = file.path.starts_with("tests/");
        if (!test && !gives_a_reason(file)) {
            EXPECT_LE(file.lines.size(), file_lines_max)
                << file.path << ": split it, or say at the top: // Long because ...";
        }
    }
}

TEST(SourceRules, NoClockThreadOrEnvironmentInAnalysis)
{
    for (const SourceFile& file : source_tree()) {
        if (!file.path.starts_with("analysis/") || file.path.starts_with("analysis/training/") ||
            file.path.starts_with("analysis/spread/evaluation/")) {
            continue;
        }
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string code = code_of(file.lines[i]);
            for (const char* word : {"_clock::now", "std::thread", "getenv", "std::ifstream",
                                     "std::random_device", "std::regex"}) {
                EXPECT_EQ(code.find(word), std::string::npos)
                    << file.path << ':' << i + 1 << ": " << word;
            }
        }
    }
}

} // namespace
} // namespace empathd::house

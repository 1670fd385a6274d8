#include "config/section.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace empathd::config {
namespace {

std::string_view kind_of(const Value& value) noexcept
{
    switch (value.data.index()) {
    case 0: return "true or false";
    case 1: return "a whole number";
    case 2: return "a number";
    case 3: return "a text";
    case 4: return "a list";
    default: return "a table";
    }
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one word into the other.
/// Optimal string alignment distance.
std::size_t distance(std::string_view a, std::string_view b)
{
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> cost((a.size() + 1) * width);
    const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& {
        return cost[i * width + j];
    };
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                at(i, j) = i + j;
                continue;
            }
            const std::size_t replace = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
            at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
            }
        }
    }
    return at(a.size(), b.size());
}

/// The known word nearest to a mistyped one; empty when none is near enough to be meant.
std::string nearest(std::string_view word, const std::set<std::string, std::less<>>& known)
{
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 2) + 1;
    for (const std::string& candidate : known) {
        const std::size_t d = distance(word, candidate);
        if (d < best_distance) {
            best_distance = d;
            best = candidate;
        }
    }
    return best;
}

std::string quoted(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

void print(const Value& value, std::string& out);

void print(const Table& table, std::string& out)
{
    out += '{';
    for (const auto& [key, value] : table) {
        out += quoted(key) + '=';
        print(value, out);
    }
    out += '}';
}

/// Kind, length and content of a value, so that different values never print the same.
void print(const Value& value, std::string& out)
{
    out += std::to_string(value.data.index()) + ':';
    if (const auto* text = std::get_if<std::string>(&value.data)) {
        out += std::to_string(text->size()) + ':' + *text;
    } else if (const auto* list = std::get_if<std::vector<Value>>(&value.data)) {
        out += std::to_string(list->size()) + '[';
        for (const Value& item : *list) {
            print(item, out);
        }
        out += ']';
    } else if (const auto* table = std::get_if<Table>(&value.data)) {
        print(*table, out);
    } else if (const auto* flag = std::get_if<bool>(&value.data)) {
        out += *flag ? 't' : 'f';
    } else if (const auto* whole = std::get_if<std::int64_t>(&value.data)) {
        out += std::to_string(*whole);
    } else {
        out += std::to_string(std::get<double>(value.data));
    }
    out += ';';
}

std::string short_number(double value)
{
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) {
        text.pop_back();
    }
    return text;
}

} // namespace

std::string to_string(const Problem& problem)
{
    std::string out = problem.file;
    if (problem.line != 0) {
        out += ':' + std::to_string(problem.line) + ':' + std::to_string(problem.column);
    }
    return out + ": " + problem.message;
}

Section::Section(const Table& table, std::string file, std::string where, std::uint32_t line,
                 std::vector<Problem>& problems)
    : table_(&table), file_(std::move(file)), where_(std::move(where)), line_(line),
      problems_(&problems)
{
}

const Value* Section::find(std::string_view key)
{
    asked_.emplace(key);
    const auto found = table_->find(key);
    return found == table_->end() ? nullptr : &found->second;
}

void Section::problem(std::string_view key, std::string message)
{
    const auto found = table_->find(key);
    const bool present = found != table_->end();
    good_ = false;
    problems_->push_back({.file = file_,
                          .line = present ? found->second.line : line_,
                          .column = present ? found->second.column : 1,
                          .message = where_ + ": " + std::move(message)});
}

std::string Section::text(std::string_view key, std::string_view otherwise)
{
    const Value* value = find(key);
    if (value == nullptr) {
        return std::string(otherwise);
    }
    if (const auto* text = std::get_if<std::string>(&value->data)) {
        return *text;
    }
    problem(key,
            std::string(key) + " must be a text in quotes, not " + std::string(kind_of(*value)));
    return std::string(otherwise);
}

std::string Section::text_required(std::string_view key)
{
    if (find(key) == nullptr) {
        problem(key, std::string(key) + " is missing");
        return {};
    }
    std::string value = text(key, "");
    if (value.empty() && std::holds_alternative<std::string>(find(key)->data)) {
        problem(key, std::string(key) + " must not be empty");
    }
    return value;
}

std::string Section::choice(std::string_view key, std::string_view otherwise,
                            const std::vector<std::string>& choices)
{
    std::string value = text(key, otherwise);
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) {
        return value;
    }
    std::string list;
    for (const std::string& one : choices) {
        list += (list.empty() ? "" : ", ") + quoted(one);
    }
    problem(key, std::string(key) + " is " + quoted(value) + ", must be one of " + list);
    return std::string(otherwise);
}

std::vector<std::string> Section::texts(std::string_view key)
{
    std::vector<std::string> out;
    const Value* value = find(key);
    if (value == nullptr) {
        return out;
    }
    const auto* list = std::get_if<std::vector<Value>>(&value->data);
    if (list == nullptr) {
        problem(key,
                std::string(key) + " must be a list of texts, not " + std::string(kind_of(*value)));
        return out;
    }
    for (const Value& item : *list) {
        if (const auto* text = std::get_if<std::string>(&item.data)) {
            out.push_back(*text);
        } else {
            good_ = false;
            problems_->push_back({file_, item.line, item.column,
                                  where_ + ": " + std::string(key) + " holds " +
                                      std::string(kind_of(item)) + ", must be texts only"});
        }
    }
    return out;
}

std::int64_t Section::integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most)
{
    const Value* value = find(key);
    if (value == nullptr) {
        return otherwise;
    }
    const auto* number = std::get_if<std::int64_t>(&value->data);
    if (number == nullptr) {
        problem(key,
                std::string(key) + " must be a whole number, not " + std::string(kind_of(*value)));
        return otherwise;
    }
    if (*number < least || *number > most) {
        problem(key, std::string(key) + " is " + std::to_string(*number) + ", must be " +
                         std::to_string(least) + " to " + std::to_string(most));
        return otherwise;
    }
    return *number;
}

double Section::number(std::string_view key, double otherwise, double least, double most)
{
    const Value* value = find(key);
    if (value == nullptr) {
        return otherwise;
    }
    double number = 0;
    if (const auto* real = std::get_if<double>(&value->data)) {
        number = *real;
    } else if (const auto* whole = std::get_if<std::int64_t>(&value->data)) {
        number = static_cast<double>(*whole);
    } else {
        problem(key, std::string(key) + " must be a number, not " + std::string(kind_of(*value)));
        return otherwise;
    }
    if (!(number >= least && number <= most)) {
        problem(key, std::string(key) + " is " + short_number(number) + ", must be " +
                         short_number(least) + " to " + short_number(most));
        return otherwise;
    }
    return number;
}

bool Section::flag(std::string_view key, bool otherwise)
{
    const Value* value = find(key);
    if (value == nullptr) {
        return otherwise;
    }
    if (const auto* flag = std::get_if<bool>(&value->data)) {
        return *flag;
    }
    problem(key, std::string(key) + " must be true or false, not " + std::string(kind_of(*value)));
    return otherwise;
}

std::string Section::base_url(std::string_view key, std::string_view otherwise)
{
    std::string value = text(key, otherwise);
    if (value.empty()) {
        return value;
    }
    const bool has_scheme = value.starts_with("https://") || value.starts_with("http://");
    const std::size_t host = value.find("://") + 3;
    if (!has_scheme || host >= value.size() || value[host] == '/' ||
        value.find_first_of(" \t\r\n#") != std::string::npos) {
        problem(key, std::string(key) + " is " + quoted(value) +
                         ", must be an address such as \"https://example.org\"");
        return std::string(otherwise);
    }
    while (value.ends_with('/')) {
        value.pop_back();
    }
    return value;
}

std::vector<Section> Section::tables(std::string_view key, std::string_view where)
{
    std::vector<Section> out;
    const Value* value = find(key);
    if (value == nullptr) {
        return out;
    }
    const auto* list = std::get_if<std::vector<Value>>(&value->data);
    if (list == nullptr) {
        problem(key, std::string(key) + " must be written as [[" + std::string(key) + "]]");
        return out;
    }
    for (const Value& item : *list) {
        const auto* table = std::get_if<Table>(&item.data);
        if (table == nullptr) {
            problem(key, std::string(key) + " must be written as [[" + std::string(key) + "]]");
            return out;
        }
        std::string name = std::string(where) + ' ' + std::to_string(out.size() + 1);
        const auto named = table->find("name");
        if (named != table->end()) {
            if (const auto* text = std::get_if<std::string>(&named->second.data)) {
                name = std::string(where) + " '" + *text + '\'';
            }
        }
        out.emplace_back(*table, file_, name, item.line, *problems_);
    }
    return out;
}

Section Section::table(std::string_view key)
{
    static const Table empty;
    const Value* value = find(key);
    if (value != nullptr) {
        if (const auto* table = std::get_if<Table>(&value->data)) {
            return Section(*table, file_, '[' + std::string(key) + ']', value->line, *problems_);
        }
        problem(key, std::string(key) + " must be written as [" + std::string(key) + "]");
    }
    return Section(empty, file_, '[' + std::string(key) + ']', line_, *problems_);
}

std::string Section::fingerprint() const
{
    std::string out;
    print(*table_, out);
    return out;
}

void Section::finish()
{
    for (const auto& [key, value] : *table_) {
        if (asked_.contains(key)) {
            continue;
        }
        const std::string meant = nearest(key, asked_);
        problem(key, "unknown option " + quoted(key) +
                         (meant.empty() ? std::string() : ", did you mean " + quoted(meant) + "?"));
    }
}

} // namespace empathd::config

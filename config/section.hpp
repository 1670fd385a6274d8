#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace empathd::config {

/// Something the operator must mend, and where. Shown as "file:line:column: message".
struct Problem {
    std::string file;
    std::uint32_t line = 0; ///< From 1; 0 when the file as a whole is meant.
    std::uint32_t column = 0;
    std::string message;
};

[[nodiscard]] std::string to_string(const Problem& problem);

struct Value;
using Table = std::map<std::string, Value, std::less<>>;

/// One value of the file with its place. Free of the TOML library, which only load.cpp knows.
struct Value {
    std::variant<bool, std::int64_t, double, std::string, std::vector<Value>, Table> data;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// A typed view of one table. Each option is asked for once, with its default and range; what is
/// wrong is written to `problems` and the default returned, so that all errors come out at once.
/// `finish()` then reports every key nobody asked for, with the nearest known one.
/// The table and the problems must outlive the section.
class Section {
public:
    /// `where`: what this table is called in messages, e.g. "source 'acme-forum'".
    Section(const Table& table, std::string file, std::string where, std::uint32_t line,
            std::vector<Problem>& problems);

    /// Whether the key is there at all: for options whose absence means something of its own.
    [[nodiscard]] bool has(std::string_view key) const { return table_->contains(key); }
    [[nodiscard]] std::string text(std::string_view key, std::string_view otherwise);
    [[nodiscard]] std::string text_required(std::string_view key);
    /// One of `choices`.
    [[nodiscard]] std::string choice(std::string_view key, std::string_view otherwise,
                                     const std::vector<std::string>& choices);
    [[nodiscard]] std::vector<std::string> texts(std::string_view key);
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t otherwise,
                                       std::int64_t least, std::int64_t most);
    [[nodiscard]] double number(std::string_view key, double otherwise, double least, double most);
    [[nodiscard]] bool flag(std::string_view key, bool otherwise);
    /// An http(s) address without trailing slash; `otherwise` may be empty.
    [[nodiscard]] std::string base_url(std::string_view key, std::string_view otherwise);

    /// Tables of an array of tables ([[x]]), each as a section of its own; the caller finishes
    /// them.
    [[nodiscard]] std::vector<Section> tables(std::string_view key, std::string_view where);
    /// A sub-table ([x]); an empty one when absent.
    [[nodiscard]] Section table(std::string_view key);

    /// Reports a problem at the key's place (at the table's when it is absent).
    void problem(std::string_view key, std::string message);
    void finish();

    /// All keys and values as one text: equal for two sections that say the same.
    [[nodiscard]] std::string fingerprint() const;
    /// No problem was reported through this section so far.
    [[nodiscard]] bool good() const noexcept { return good_; }
    [[nodiscard]] const std::string& where() const noexcept { return where_; }
    /// Every key asked for so far: what samples_test compares the shipped samples with.
    [[nodiscard]] const std::set<std::string, std::less<>>& asked() const noexcept
    {
        return asked_;
    }

private:
    const Value* find(std::string_view key);

    const Table* table_;
    std::string file_;
    std::string where_;
    std::uint32_t line_;
    std::vector<Problem>* problems_;
    std::set<std::string, std::less<>> asked_;
    bool good_ = true;
};

} // namespace empathd::config

#pragma once

#include "analysis/model/error.hpp"
#include "analysis/model/time.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace empathd::sqlite {

/// How long a statement waits for a lock that another connection holds.
inline constexpr std::chrono::milliseconds busy_wait{5'000};
/// Prepared statements kept by one connection; beyond, the next operation prepares them again.
inline constexpr std::size_t statements_max = 128;
/// The write-ahead log is cut to this size after a checkpoint.
inline constexpr std::int64_t journal_bytes_max = 64 * 1024 * 1024;

class Connection;

/// Bytes that are no text: stored as they are.
struct Blob {
    std::string_view bytes;
};

/// One prepared statement. Failures are kept by the connection (see Connection): a statement of a
/// failed connection does nothing and gives no rows.
class Statement {
public:
    Statement(Connection& connection, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    /// Starts anew with these values for ?1, ?2, ...; every parameter must get one. Text is not
    /// copied: it must live until the last row was read. Bytes that are not UTF-8 are repaired,
    /// and NUL becomes a space, so that no reader of the file is misled.
    template <class... Values>
    Statement& bind(const Values&... values)
    {
        reset();
        (bind_next(values), ...);
        return *this;
    }
    /// The same for a number of values that only the run knows: reset(), then one call each.
    void reset();
    void bind_next(std::string_view text);
    void bind_next(const std::string& text) { bind_next(std::string_view(text)); }
    void bind_next(const char* text) { bind_next(std::string_view(text)); }
    void bind_next(Blob blob);
    void bind_next(double number);
    void bind_next(std::nullptr_t);
    void bind_next(TimePoint time) { bind_integer(to_unix_ms(time)); }
    void bind_next(std::integral auto number) { bind_integer(static_cast<std::int64_t>(number)); }
    template <class T>
    void bind_next(const std::optional<T>& value)
    {
        value ? bind_next(*value) : bind_next(nullptr);
    }

    /// True: a row can be read. False: there is none left, or the connection has failed.
    bool next();
    /// Runs to the end; false when the connection has failed.
    bool run();

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    /// Text that is not UTF-8 means a damaged file: the connection fails.
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::string bytes(int column) const;
    [[nodiscard]] TimePoint time(int column) const { return from_unix_ms(integer(column)); }
    template <class T>
    [[nodiscard]] std::optional<T> optional(int column) const
    {
        return is_null(column) ? std::nullopt : std::optional<T>(static_cast<T>(integer(column)));
    }

private:
    void bind_integer(std::int64_t number);
    void check(int code);

    Connection& connection_;
    sqlite3_stmt* handle_ = nullptr;
    int bound_ = 0;
    std::list<std::string> repaired_; ///< Texts that had to be changed; bound by address.
};

enum class Access : std::uint8_t { write, read };

/// One database connection, for one thread at a time.
///
/// Failures are sticky, like a stream's: the first one of an operation is kept, everything after it
/// does nothing, and status() is asked once at the end. A failure that leaves the state of the file
/// unknown (I/O, corruption) stays for good: no later operation runs.
class Connection {
public:
    /// `write` creates the file when there is none (readable by its owner only). Nothing of the
    /// schema is touched.
    static Result<std::unique_ptr<Connection>> open(const std::string& path, Access access);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Begins an operation: forgets an earlier failure unless it stays for good. `name` stands in
    /// error messages and must outlive the operation.
    void begin(std::string_view name);
    [[nodiscard]] Result<> status() const;
    [[nodiscard]] bool ok() const { return !failure_; }

    /// Kept, by its text; the reference lives until the operation's end.
    Statement& prepared(std::string_view sql);
    /// Runs a prepared statement with these values.
    template <class... Values>
    bool run(std::string_view sql, const Values&... values)
    {
        return prepared(sql).bind(values...).run();
    }
    /// The first column of the first row; nothing without a row.
    template <class... Values>
    std::optional<std::int64_t> number(std::string_view sql, const Values&... values)
    {
        Statement& statement = prepared(sql).bind(values...);
        std::optional<std::int64_t> found;
        if (statement.next()) {
            found = statement.integer(0);
        }
        statement.reset();
        return found;
    }
    /// Statements without values, several at once.
    bool execute(const std::string& sql);

    [[nodiscard]] std::int64_t last_id() const;
    [[nodiscard]] std::int64_t changes() const;

    /// Keeps the failure with SQLite's code, unless there is one already.
    void fail(int code);
    /// Keeps a failure of our own.
    void fail(Error error);

    /// From now on: read only, no schema change, no attached file, and every operation ends with
    /// `unavailable` when it takes longer than `deadline`.
    void confine(std::chrono::milliseconds deadline);

    [[nodiscard]] sqlite3* handle() const { return handle_; }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    explicit Connection(std::string path) : path_(std::move(path)) {}
    [[nodiscard]] Error error_of(int code) const;
    static int over_deadline(void* connection);

    std::string path_;
    sqlite3* handle_ = nullptr;
    std::string_view operation_ = "open";
    std::optional<Error> failure_;
    bool for_good_ = false;
    std::chrono::milliseconds deadline_{0};
    std::chrono::steady_clock::time_point cut_at_{};
    std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;
    std::unique_ptr<Statement> inert_; ///< Stands for one that could not be prepared.
};

/// A write transaction (BEGIN IMMEDIATE): undone unless commit() is reached and succeeds.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// False, and everything undone, when anything in it has failed.
    bool commit();

private:
    Connection& connection_;
    bool open_ = false;
};

/// UTF-8 without NUL: what the file may hold.
[[nodiscard]] bool storable(std::string_view text) noexcept;
/// The nearest text that may be stored.
[[nodiscard]] std::string made_storable(std::string_view text);

} // namespace empathd::sqlite

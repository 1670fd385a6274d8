#include "daemon/store/sqlite_connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace empathd::sqlite {
namespace {

/// A step of the progress handler, in instructions of SQLite's machine: some microseconds.
constexpr int instructions_per_look = 1'000;

bool stays_for_good(int code) noexcept
{
    const int primary = code & 0xFF;
    return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

/// What a reader's statement may do: read, and call functions that touch nothing outside.
int allow_reading(void*, int action, const char* first, const char* second, const char*,
                  const char*)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_FUNCTION:
        return second != nullptr && std::strcmp(second, "load_extension") == 0 ? SQLITE_DENY
                                                                               : SQLITE_OK;
    case SQLITE_PRAGMA: // FTS5 asks for it to notice that its index has changed.
        return first != nullptr && std::strcmp(first, "data_version") == 0 && second == nullptr
                   ? SQLITE_OK
                   : SQLITE_DENY;
    case SQLITE_UPDATE: // Asked for, but not done, to connect FTS5's table. The schema itself is
                        // closed to everyone by SQLITE_DBCONFIG_DEFENSIVE.
        return std::strcmp(first, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
    default: return SQLITE_DENY;
    }
}

/// Only when there is none: closing a second descriptor of a file in use would drop its locks.
void create_private(const std::string& path)
{
    if (const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        file >= 0) {
        ::close(file);
    }
}

} // namespace

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection)
{
    if (!connection_.ok()) {
        return;
    }
    check(sqlite3_prepare_v3(connection_.handle(), sql.data(), static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
}

Statement::~Statement()
{
    sqlite3_finalize(handle_);
}

void Statement::check(int code)
{
    if (code != SQLITE_OK) {
        connection_.fail(code);
    }
}

void Statement::reset()
{
    if (handle_ != nullptr) {
        sqlite3_reset(handle_); // Repeats the failure of the last step: known already.
    }
    bound_ = 0;
    repaired_.clear();
}

void Statement::bind_integer(std::int64_t number)
{
    if (connection_.ok()) {
        check(sqlite3_bind_int64(handle_, ++bound_, number));
    }
}

void Statement::bind_next(Blob blob)
{
    if (handle_ != nullptr) {
        check(sqlite3_bind_blob64(handle_, ++bound_, blob.bytes.data(), blob.bytes.size(),
                                  SQLITE_STATIC));
    }
}

void Statement::bind_next(double number)
{
    if (connection_.ok()) {
        check(sqlite3_bind_double(handle_, ++bound_, number));
    }
}

void Statement::bind_next(std::nullptr_t)
{
    if (connection_.ok()) {
        check(sqlite3_bind_null(handle_, ++bound_));
    }
}

void Statement::bind_next(std::string_view text)
{
    if (!connection_.ok()) {
        return;
    }
    if (!storable(text)) {
        text = repaired_.emplace_back(made_storable(text));
    }
    const char* data = text.data() == nullptr ? "" : text.data(); // A null pointer would be NULL.
    check(sqlite3_bind_text64(handle_, ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

bool Statement::next()
{
    if (!connection_.ok() || handle_ == nullptr) {
        return false;
    }
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        connection_.fail(code);
    }
    sqlite3_reset(handle_);
    return false;
}

bool Statement::run()
{
    while (next()) {
    }
    return connection_.ok();
}

bool Statement::is_null(int column) const
{
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(handle_, column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(handle_, column);
}

std::string Statement::bytes(int column) const
{
    const auto* const data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    const int size = sqlite3_column_bytes(handle_, column);
    return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(size));
}

std::string Statement::text(int column) const
{
    const void* data = sqlite3_column_text(handle_, column);
    const int size = sqlite3_column_bytes(handle_, column);
    if (data == nullptr || size <= 0) {
        return {};
    }
    std::string value(static_cast<const char*>(data), static_cast<std::size_t>(size));
    if (!storable(value)) {
        connection_.fail(SQLITE_CORRUPT);
        return {};
    }
    return value;
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access)
{
    std::unique_ptr<Connection> connection(new Connection(path));
    if (access == Access::write && path != ":memory:") {
        create_private(path);
    }
    const int how =
        access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    // NOMUTEX: one thread at a time is our own promise.
    const int code = sqlite3_open_v2(path.c_str(), &connection->handle_,
                                     how | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (code != SQLITE_OK) {
        return Error{ErrorKind::storage,
                     "cannot open " + path + ": " + sqlite3_errstr(code) +
                         "; its folder must exist and this user must be allowed to write there"};
    }
    if (access == Access::write && sqlite3_db_readonly(connection->handle_, "main") == 1) {
        return Error{ErrorKind::storage, "cannot open " + path + ": this user may not write it"};
    }
    sqlite3_busy_timeout(connection->handle_, static_cast<int>(busy_wait.count()));
    sqlite3_db_config(connection->handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection->handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(connection->handle_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    return connection;
}

Connection::~Connection()
{
    statements_.clear();
    inert_.reset();
    sqlite3_close(handle_);
}

void Connection::begin(std::string_view name)
{
    operation_ = name;
    if (statements_.size() > statements_max) { // Here alone: nobody holds one now.
        statements_.clear();
    }
    if (!for_good_) {
        failure_.reset();
    }
    cut_at_ = std::chrono::steady_clock::now() + deadline_;
}

Result<> Connection::status() const
{
    if (failure_) {
        return *failure_;
    }
    return {};
}

Statement& Connection::prepared(std::string_view sql)
{
    std::string key(sql);
    if (const auto found = statements_.find(key); found != statements_.end()) {
        return *found->second;
    }
    auto statement = std::make_unique<Statement>(*this, sql);
    if (!ok()) { // It could not be prepared: it must not be found again.
        inert_ = std::move(statement);
        return *inert_;
    }
    return *statements_.emplace(std::move(key), std::move(statement)).first->second;
}

bool Connection::execute(const std::string& sql)
{
    if (ok()) {
        if (const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
            code != SQLITE_OK) {
            fail(code);
        }
    }
    return ok();
}

std::int64_t Connection::last_id() const
{
    return sqlite3_last_insert_rowid(handle_);
}

std::int64_t Connection::changes() const
{
    return sqlite3_changes64(handle_);
}

Error Connection::error_of(int code) const
{
    const std::string where = std::string(operation_) + ": ";
    const std::string detail =
        std::string(sqlite3_errmsg(handle_)) + " (" + std::to_string(code) + ")";
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return {ErrorKind::storage, where + "no space left on the disk that holds " + path_};
    case SQLITE_INTERRUPT:
        return {ErrorKind::unavailable, where + "the query took longer than " +
                                            std::to_string(deadline_.count()) +
                                            " ms; narrow it by brand or time"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {ErrorKind::storage,
                where + path_ + " is damaged: " + detail +
                    "; stop the daemon, move the file and its -wal aside, put a backup in its "
                    "place or start with an empty file"};
    case SQLITE_READONLY:
        return {ErrorKind::storage, where + path_ + " cannot be written: " + detail};
    case SQLITE_BUSY:
        return {ErrorKind::storage, where + path_ + " is held by another process: " + detail};
    default: return {ErrorKind::storage, where + detail};
    }
}

void Connection::fail(int code)
{
    if (failure_) {
        return;
    }
    failure_ = error_of(code);
    for_good_ = stays_for_good(code);
}

void Connection::fail(Error error)
{
    if (!failure_) {
        failure_ = std::move(error);
    }
}

int Connection::over_deadline(void* connection)
{
    const auto* self = static_cast<const Connection*>(connection);
    return std::chrono::steady_clock::now() >= self->cut_at_ ? 1 : 0;
}

void Connection::confine(std::chrono::milliseconds deadline)
{
    deadline_ = deadline;
    cut_at_ = std::chrono::steady_clock::now() + deadline_;
    sqlite3_set_authorizer(handle_, allow_reading, nullptr);
    sqlite3_progress_handler(handle_, instructions_per_look, over_deadline, this);
}

Transaction::Transaction(Connection& connection)
    : connection_(connection), open_(connection.run("BEGIN IMMEDIATE"))
{
}

Transaction::~Transaction()
{
    // After some failures SQLite has undone it by itself.
    if (open_ && sqlite3_get_autocommit(connection_.handle()) == 0) {
        sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

bool Transaction::commit()
{
    if (!open_ || !connection_.run("COMMIT")) {
        return false;
    }
    open_ = false;
    return true;
}

} // namespace empathd::sqlite

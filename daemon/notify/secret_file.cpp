#include "daemon/notify/secret_file.hpp"

#include <openssl/crypto.h>

#include <array>
#include <fstream>
#include <utility>

namespace empathd {

FileSecret::FileSecret(std::string value) noexcept : value_(std::move(value)) {}

FileSecret::FileSecret(FileSecret&& other) noexcept : value_(std::move(other.value_))
{
    OPENSSL_cleanse(other.value_.data(), other.value_.size()); // Short strings are copied.
    other.value_.clear();
}

FileSecret::~FileSecret()
{
    OPENSSL_cleanse(value_.data(), value_.size());
}

Result<FileSecret> read_secret_file(const std::string& path, const std::string& what)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return Error{ErrorKind::unauthorized, what + ": the file " + path + " cannot be opened"};
    }
    std::array<char, secret_bytes_max + 1> buffer{};
    file.read(buffer.data(), buffer.size());
    const auto length = static_cast<std::size_t>(file.gcount());
    std::string value(buffer.data(), length);
    OPENSSL_cleanse(buffer.data(), buffer.size());
    FileSecret secret(std::move(value));
    if (file.bad()) {
        return Error{ErrorKind::unauthorized, what + ": the file " + path + " cannot be read"};
    }
    if (length > secret_bytes_max) {
        return Error{ErrorKind::unauthorized, what + ": the file " + path + " is too long"};
    }
    std::size_t end = length;
    while (end > 0 && (secret.reveal()[end - 1] == '\n' || secret.reveal()[end - 1] == '\r')) {
        --end;
    }
    if (end == 0) {
        return Error{ErrorKind::unauthorized, what + ": the file " + path + " is empty"};
    }
    return FileSecret(secret.reveal().substr(0, end));
}

} // namespace empathd

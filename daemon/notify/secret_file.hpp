#pragma once

#include "analysis/model/error.hpp"

#include <cstddef>
#include <string>

namespace empathd {

inline constexpr std::size_t secret_bytes_max = 4096;

/// A secret that wipes itself when it goes.
class FileSecret {
public:
    explicit FileSecret(std::string value) noexcept;
    ~FileSecret();
    FileSecret(FileSecret&& other) noexcept;
    FileSecret& operator=(FileSecret&& other) = delete;

    /// For the one call that needs it; never for a message or a log.
    [[nodiscard]] const std::string& reveal() const noexcept { return value_; }

private:
    std::string value_;
};

/// Reads a secret from a file, without the line end that editors leave behind it. Fails with
/// `unauthorized`, naming the file and `what` it is for, when it cannot be read, is empty or is
/// longer than `secret_bytes_max`. Blocks for as long as a small local file takes.
[[nodiscard]] Result<FileSecret> read_secret_file(const std::string& path, const std::string& what);

} // namespace empathd

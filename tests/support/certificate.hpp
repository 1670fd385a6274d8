#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace empathd::testing {

/// A certificate authority of a test, and what it signs. Keys are P-256; nothing leaves the folder.
class CertificateAuthority {
public:
    /// Writes its own certificate to `folder`. Throws std::runtime_error when OpenSSL fails.
    explicit CertificateAuthority(std::filesystem::path folder);

    struct Files {
        std::string certificate;
        std::string key;
    };

    /// A server's certificate for `name` ("host" or "IP:127.0.0.1"), valid from now + `from` to
    /// now + `until`.
    [[nodiscard]] Files issue(const std::string& name, std::chrono::seconds from,
                              std::chrono::seconds until) const;

    [[nodiscard]] const std::string& certificate() const { return own_.certificate; }

private:
    std::filesystem::path folder_;
    Files own_;
};

} // namespace empathd::testing

#pragma once

#include "tests/support/certificate.hpp"
#include "tests/support/temporary_folder.hpp"

#include <string>
#include <vector>

namespace empathd::testing {

/// A real Postfix of this test alone, on an unprivileged port of loopback, with a configuration and
/// a queue of its own: STARTTLS, log-in as "empathd@acme.test" after it only, and the mailbox
/// care@acme.test. It is stopped when the test ends.
class PostfixServer {
public:
    /// Whether Postfix, saslpasswd2 and the rights that Postfix needs (root) are there. Tests that
    /// need it skip themselves when not.
    [[nodiscard]] static bool usable();

    /// Starts it and waits until it takes connections. Throws std::runtime_error when it does not
    /// start.
    PostfixServer();
    ~PostfixServer();
    PostfixServer(const PostfixServer&) = delete;
    PostfixServer& operator=(const PostfixServer&) = delete;

    [[nodiscard]] std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] const std::string& ca_file() const { return authority_.certificate(); }
    /// A file that holds the log-in's password.
    [[nodiscard]] std::string password_file() const { return folder_.file("password"); }

    /// What lies in care@acme.test.
    [[nodiscard]] std::vector<std::string> mails() const;
    [[nodiscard]] std::string log() const;

private:
    TemporaryFolder folder_;
    CertificateAuthority authority_;
    int port_;
};

} // namespace empathd::testing

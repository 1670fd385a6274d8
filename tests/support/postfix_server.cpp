#include "tests/support/postfix_server.hpp"

#include "tests/support/process.hpp"
#include "tests/support/write_file.hpp"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace empathd::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* main_cf = R"(compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
myhostname = mail.acme.test
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = acme.test
virtual_mailbox_maps = inline:{ { care@acme.test = care/ } }
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = acme.test
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
)";

constexpr const char* services = R"(pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
)";

std::string content_of(const std::filesystem::path& path)
{
    std::ifstream in(path);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

void must(const std::string& command)
{
    const Ran ran = run_program({"sh", "-c", command});
    if (ran.code != 0) {
        throw std::runtime_error(command + ": " + ran.output);
    }
}

} // namespace

bool PostfixServer::usable()
{
    return ::geteuid() == 0 && has_program("postfix") && has_program("saslpasswd2");
}

PostfixServer::PostfixServer() : authority_(folder_.path()), port_(free_port())
{
    const std::string root = folder_.path().string();
    const auto tls = authority_.issue("IP:127.0.0.1", -1h, 1h);
    must("cd " + root +
         " && chmod 755 . && mkdir -p etc/sasl queue data mail && chown postfix data && "
         "chown nobody mail");
    write_file(folder_.file("etc/main.cf"),
               std::string(main_cf) + "queue_directory = " + root +
                   "/queue\ndata_directory = " + root + "/data\nmaillog_file = " + root +
                   "/log\nmaillog_file_prefixes = " + root + "\nvirtual_mailbox_base = " + root +
                   "/mail\nsmtpd_tls_cert_file = " + tls.certificate +
                   "\nsmtpd_tls_key_file = " + tls.key + '\n');
    write_file(folder_.file("etc/master.cf"),
               "127.0.0.1:" + std::to_string(port_) + " inet n - n - - smtpd\n" + services);
    write_file(folder_.file("etc/dynamicmaps.cf"), "");
    write_file(folder_.file("etc/sasl/smtpd.conf"),
               "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: " + root +
                   "/users\nmech_list: PLAIN LOGIN\n");
    write_file(password_file(), "s3cret\n");
    must("printf s3cret | saslpasswd2 -p -c -f " + root +
         "/users -u acme.test empathd && chmod 644 " + root + "/users && postfix -c " + root +
         "/etc start");
    if (!eventually(10s, [this] { return log().find("daemon started") != std::string::npos; })) {
        throw std::runtime_error("Postfix does not start: " + log());
    }
}

PostfixServer::~PostfixServer()
{
    (void)run_program({"postfix", "-c", folder_.file("etc"), "stop"});
}

std::vector<std::string> PostfixServer::mails() const
{
    std::vector<std::string> found;
    std::error_code none_yet;
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_.path() / "mail/care/new", none_yet)) {
        found.push_back(content_of(entry.path()));
    }
    return found;
}

std::string PostfixServer::log() const
{
    return content_of(folder_.path() / "log");
}

} // namespace empathd::testing

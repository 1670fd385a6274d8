#include "tests/support/certificate.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace empathd::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

void require(bool good, const char* what)
{
    if (!good) {
        throw std::runtime_error(std::string("OpenSSL: ") + what);
    }
}

File open_file(const std::string& path, const char* mode)
{
    File file(std::fopen(path.c_str(), mode), &std::fclose);
    require(file != nullptr, path.c_str());
    return file;
}

void add_extension(X509* certificate, X509* issuer, int which, const std::string& value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, which, value.c_str());
    require(extension != nullptr, "extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// An unsigned certificate for `key` with that common name.
Certificate draft(EVP_PKEY* key, const std::string& name, std::chrono::seconds from,
                  std::chrono::seconds until)
{
    static long serial = 1;
    Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), static_cast<long>(from.count()));
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), static_cast<long>(until.count()));
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return certificate;
}

CertificateAuthority::Files write(const std::filesystem::path& folder, const std::string& stem,
                                  X509* certificate, EVP_PKEY* key)
{
    CertificateAuthority::Files files{(folder / (stem + ".crt")).string(),
                                      (folder / (stem + ".key")).string()};
    require(PEM_write_X509(open_file(files.certificate, "w").get(), certificate) == 1, "write");
    require(PEM_write_PrivateKey(open_file(files.key, "w").get(), key, nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1,
            "write");
    return files;
}

} // namespace

CertificateAuthority::CertificateAuthority(std::filesystem::path folder)
    : folder_(std::move(folder))
{
    const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Certificate own =
        draft(key.get(), "Test authority", std::chrono::hours{-48}, std::chrono::hours{48});
    X509_set_issuer_name(own.get(), X509_get_subject_name(own.get()));
    add_extension(own.get(), own.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own.get(), own.get(), NID_key_usage, "critical,keyCertSign");
    require(X509_sign(own.get(), key.get(), EVP_sha256()) > 0, "sign");
    own_ = write(folder_, "authority", own.get(), key.get());
}

CertificateAuthority::Files CertificateAuthority::issue(const std::string& name,
                                                        std::chrono::seconds from,
                                                        std::chrono::seconds until) const
{
    const Certificate issuer(
        PEM_read_X509(open_file(own_.certificate, "r").get(), nullptr, nullptr, nullptr),
        &X509_free);
    const Key signing(
        PEM_read_PrivateKey(open_file(own_.key, "r").get(), nullptr, nullptr, nullptr),
        &EVP_PKEY_free);
    const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Certificate certificate = draft(key.get(), name, from, until);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
    const bool address = name.rfind("IP:", 0) == 0;
    add_extension(certificate.get(), issuer.get(), NID_subject_alt_name,
                  address ? name : "DNS:" + name);
    require(X509_sign(certificate.get(), signing.get(), EVP_sha256()) > 0, "sign");
    const long serial = ASN1_INTEGER_get(X509_get_serialNumber(certificate.get()));
    return write(folder_, "server-" + std::to_string(serial), certificate.get(), key.get());
}

} // namespace empathd::testing

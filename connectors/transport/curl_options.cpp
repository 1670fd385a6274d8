// What a transfer tells libcurl before it starts: the options half of curl_transfer.hpp.
#include "connectors/transport/curl_transfer.hpp"

#include "connectors/transport/header_text.hpp"

#include <algorithm>
#include <new>

namespace empathd::connectors {

using std::chrono::milliseconds;

/// Everything that is the same for all requests, and the limits that libcurl keeps by itself.
void CurlTransfer::set_up_easy(milliseconds total_max)
{
    CURL* const easy = easy_.get();
    const auto set = [easy](CURLoption option, auto value) {
        curl_easy_setopt(easy, option, value);
    };
    set(CURLOPT_URL, target_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L); // Redirects are decided by the policy, hop by hop.
    set(CURLOPT_PROXY, "");          // Not even the environment's.
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_NOSIGNAL, 1L);
    // A resolver's thread that is stuck is left behind; waiting for it would hold up the loop.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_USERAGENT, policy_.user_agent.c_str());
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!policy_.ca_file.empty()) {
        set(CURLOPT_CAINFO, policy_.ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    set(CURLOPT_MAXLIFETIME_CONN, static_cast<long>(policy_.connection_lifetime_max.count()));
    set(CURLOPT_BUFFERSIZE, static_cast<long>(curl_buffer_bytes));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(policy_.connect_max.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(1, total_max.count())));
}

void CurlTransfer::set_up_request(const HttpRequest& request)
{
    CURL* const easy = easy_.get();
    const bool carries =
        !request.body.empty() || request.method == "POST" || request.method == "PUT";
    const auto add = [this](const std::string& line) {
        curl_slist* const longer = curl_slist_append(headers_sent_.get(), line.c_str());
        if (longer == nullptr) {
            throw std::bad_alloc();
        }
        static_cast<void>(
            headers_sent_.release()); // The list's head stays the same once it exists.
        headers_sent_.reset(longer);
    };
    bool typed = false;
    for (const auto& [name, value] : request.headers) {
        typed = typed || lower(name) == "content-type";
        add(trimmed(value).empty() ? name + ";" : name + ": " + value); // ';': sent empty.
    }
    if (carries) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(body_sent_.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body_sent_.data());
        add("Expect:"); // No waiting for "100 Continue".
        if (!typed) {
            add("Content-Type:"); // Rather none than libcurl's guess of a form.
        }
    }
    if (request.method != "GET" || carries) {
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_sent_.get());
}

void CurlTransfer::set_up_callbacks()
{
    CURL* const easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::on_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
    // The connection may outlive this transfer, so closing it belongs to the loop.
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlLoop::close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, &loop_);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &CurlTransfer::on_connected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
}

} // namespace empathd::connectors

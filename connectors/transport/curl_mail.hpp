#pragma once

#include "connectors/transport/fetch_policy.hpp"
#include "connectors/transport/mail_client.hpp"

#include <cstddef>
#include <memory>

namespace empathd::connectors {

/// The production MailClient: libcurl's SMTP, under the fetch policy's rule for addresses, its
/// connect limit and its certificates.
///
/// On threads of its own, up to `threads` messages at a time, because libcurl waits inside a call
/// for the answer to a message and to QUIT, in its multi interface as well: one slow server would
/// hold up the whole event loop. A message that waits for a thread waits without limit; give as
/// many threads as there are callers. Every message has a connection of its own.
///
/// `send` may be called from any loop that outlives the client. Cancelling ends a message under way
/// within about a second, with `cancelled`; whether the server took it is then unknown. The
/// destructor does the same to all of them and waits for the threads.
[[nodiscard]] std::unique_ptr<MailClient> make_curl_mail_client(FetchPolicy policy,
                                                                std::size_t threads);

} // namespace empathd::connectors

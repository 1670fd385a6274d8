#pragma once

#include <cstdint>
#include <string>

namespace empathd::http {

/// What a path asks of who calls it.
enum class Scope : std::uint8_t {
    none,     ///< Anybody.
    read,     ///< To look.
    write,    ///< To act: take, resolve, silence, correct.
    push,     ///< To bring posts.
    admin,    ///< To hand out tokens; has all the others.
    internal, ///< To see what employees say.
};

/// Who calls, as far as is known.
struct Caller {
    std::string name;      ///< Of the token; empty: none was shown, and none was needed.
    std::uint8_t scopes{}; ///< Bits, `1 << Scope`.

    [[nodiscard]] bool may(Scope scope) const noexcept
    {
        const auto bit = [](Scope one) { return 1U << static_cast<unsigned>(one); };
        return scope == Scope::none || (scopes & (bit(scope) | bit(Scope::admin))) != 0;
    }
    /// Somebody at this machine, where no token is asked for.
    [[nodiscard]] static Caller with_every_scope() { return {.name = {}, .scopes = 0xFF}; }
};

} // namespace empathd::http

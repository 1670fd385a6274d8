#pragma once

#include "analysis/model/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace empathd {

/// Writes learned state as bytes that another start of the program reads back to the last bit:
///     4 letters of a name | version, 4 bytes | 8 bytes for each value | FNV-1a of all before, 8
/// all little endian, numbers as their IEEE 754 bits. Same values, same bytes on every machine.
class StateWriter {
public:
    /// `name` has four letters and says whose state this is.
    StateWriter(std::string_view name, std::uint32_t version);

    void whole(std::uint64_t value);
    void time_ms(std::int64_t value) { whole(static_cast<std::uint64_t>(value)); }
    void number(double value);

    /// The bytes with their check sum. Call once.
    [[nodiscard]] std::string finish() &&;

private:
    std::string bytes_;
};

/// Reads what StateWriter wrote. The bytes must outlive it. They may come from a damaged disk or
/// from another program: nothing in them can make a read go out of bounds.
class StateReader {
public:
    /// `malformed` when the bytes are cut, changed, another's or of another version.
    [[nodiscard]] static Result<StateReader> open(std::string_view bytes, std::string_view name,
                                                  std::uint32_t version);

    /// The next value; 0 when there is none left, and the state is bad from then on.
    [[nodiscard]] std::uint64_t whole() noexcept;
    [[nodiscard]] std::int64_t time_ms() noexcept { return static_cast<std::int64_t>(whole()); }
    /// As `whole`; a value that is not finite or is outside [least, most] is bad and reads as
    /// `least`.
    [[nodiscard]] double number(double least, double most) noexcept;
    /// As `whole` for a count of at most `most`.
    [[nodiscard]] std::uint64_t whole_up_to(std::uint64_t most) noexcept;

    /// Everything was read, nothing was missing, all was in range.
    [[nodiscard]] bool complete() const noexcept { return good_ && rest_.empty(); }

private:
    explicit StateReader(std::string_view rest) noexcept : rest_(rest) {}

    std::string_view rest_;
    bool good_ = true;
};

} // namespace empathd

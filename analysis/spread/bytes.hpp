#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace empathd::analysis {

/// Numbers to bytes, little endian, floats as IEEE 754 has them.
class ByteWriter {
public:
    void u8(std::uint8_t value) { number(value, 1); }
    void u32(std::size_t value) { number(value, 4); }
    void u64(std::uint64_t value) { number(value, 8); }
    void f32(float value);
    void f64(double value);
    /// At most 2^32 - 1 bytes.
    void text(std::string_view value);
    void raw(std::string_view bytes) { out_.append(bytes); }

    [[nodiscard]] std::string& out() noexcept { return out_; }

private:
    void number(std::uint64_t value, std::size_t bytes);

    std::string out_;
};

/// And back. A failure sticks: from then on every number is 0 and good() is false. Floats that are
/// not finite are a failure. The bytes outlive the reader.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) noexcept : bytes_(bytes) {}

    [[nodiscard]] std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(number(1)); }
    [[nodiscard]] std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(number(4)); }
    [[nodiscard]] std::uint64_t u64() noexcept { return number(8); }
    [[nodiscard]] float f32() noexcept;
    [[nodiscard]] double f64() noexcept;
    /// Longer than `bytes_max`: a failure.
    [[nodiscard]] std::string text(std::size_t bytes_max);
    /// A count of things of `bytes_each` that follow: a failure above `max` or beyond the end.
    [[nodiscard]] std::size_t count(std::size_t max, std::size_t bytes_each) noexcept;

    void fail() noexcept { good_ = false; }
    [[nodiscard]] bool good() const noexcept { return good_; }
    [[nodiscard]] bool at_end() const noexcept { return at_ == bytes_.size(); }

private:
    [[nodiscard]] std::uint64_t number(std::size_t bytes) noexcept;

    std::string_view bytes_;
    std::size_t at_ = 0;
    bool good_ = true;
};

/// Finds damage, not malice.
[[nodiscard]] std::uint64_t checksum(std::string_view bytes) noexcept;

} // namespace empathd::analysis

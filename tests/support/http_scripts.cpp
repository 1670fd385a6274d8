// The misbehaviour of tests/support/http_server.hpp.
#include "tests/support/http_server.hpp"

#include <array>

namespace empathd::testing {
namespace {

constexpr std::chrono::hours for_ever{1};

/// Writes bits as Deflate wants them. Source: RFC 1951 section 3.1.1.
class BitWriter {
public:
    /// Numbers: least significant bit first.
    void number(std::uint32_t value, int bits)
    {
        for (int i = 0; i < bits; ++i) {
            bit((value >> i) & 1U);
        }
    }
    /// Huffman codes: most significant bit first.
    void code(std::uint32_t value, int bits)
    {
        for (int i = bits - 1; i >= 0; --i) {
            bit((value >> i) & 1U);
        }
    }
    [[nodiscard]] std::string take()
    {
        while (used_ != 0) {
            bit(0);
        }
        return std::move(out_);
    }

private:
    void bit(std::uint32_t value)
    {
        if (used_ == 0) {
            out_ += '\0';
        }
        out_.back() = static_cast<char>(static_cast<unsigned char>(out_.back()) | (value << used_));
        used_ = (used_ + 1) % 8;
    }

    std::string out_;
    int used_ = 0;
};

/// One letter below 144 by the fixed code. Source: RFC 1951 section 3.2.6.
void write_letter(BitWriter& bits, char letter)
{
    bits.code(0x30U + static_cast<unsigned char>(letter), 8);
}

/// "The last `length` bytes once more, from one byte back"; `length` 3 to 10 or 258.
void write_run(BitWriter& bits, unsigned length)
{
    if (length == 258) {
        bits.code(0xC5, 8); // Length code 285.
    } else {
        bits.code(length - 2, 7); // Length codes 257 to 264.
    }
    bits.code(0, 5); // Distance 1.
}

std::uint32_t crc32_of(char letter, std::size_t size)
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int k = 0; k < 8; ++k) {
            value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
        }
        table[i] = value;
    }
    std::uint32_t crc = 0xFFFFFFFFU;
    for (std::size_t i = 0; i < size; ++i) {
        crc = table[(crc ^ static_cast<unsigned char>(letter)) & 0xFFU] ^ (crc >> 8);
    }
    return ~crc;
}

} // namespace

std::string gzip_of_letters(char letter, std::size_t size, unsigned run)
{
    BitWriter bits;
    bits.number(1, 1); // The last block,
    bits.number(1, 2); // with the fixed codes.
    std::size_t left = size;
    if (left > 0) {
        write_letter(bits, letter);
        --left;
    }
    for (; left >= run; left -= run) {
        write_run(bits, run);
    }
    for (; left > 0; --left) {
        write_letter(bits, letter);
    }
    bits.code(0, 7); // End of block.
    std::string out("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10);
    out += bits.take();
    for (const std::uint32_t number : {crc32_of(letter, size), static_cast<std::uint32_t>(size)}) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            out += static_cast<char>((number >> shift) & 0xFFU);
        }
    }
    return out;
}

namespace script {

Handler endless_body()
{
    return [](Exchange& exchange) {
        const std::string block(16 * 1024, 'x');
        bool open = exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
        while (open) {
            open = exchange.write(block);
        }
        exchange.close();
    };
}

Handler endless_headers()
{
    return [](Exchange& exchange) {
        bool open = exchange.write("HTTP/1.1 200 OK\r\n");
        while (open) {
            open = exchange.write("X-More: and more and more and more\r\n");
        }
        exchange.close();
    };
}

Handler long_header(std::size_t bytes)
{
    return [bytes](Exchange& exchange) {
        const HttpFields headers{{"X-Long", std::string(bytes, 'x')}};
        exchange.reply(200, headers, "body");
    };
}

Handler slow_headers(std::chrono::milliseconds interval)
{
    return [interval](Exchange& exchange) {
        bool open = exchange.write("HTTP/1.1 200 OK\r\nX-Slow: ");
        while (open && exchange.pause(interval)) {
            open = exchange.write("x");
        }
        exchange.close();
    };
}

Handler slow_body(std::chrono::milliseconds interval)
{
    return [interval](Exchange& exchange) {
        bool open = exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
        while (open && exchange.pause(interval)) {
            open = exchange.write("x");
        }
        exchange.close();
    };
}

Handler silence()
{
    return [](Exchange& exchange) {
        exchange.pause(for_ever);
        exchange.close();
    };
}

Handler cut_body(std::size_t declared, std::size_t sent, bool with_reset)
{
    return [=](Exchange& exchange) {
        exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(declared) +
                       "\r\n\r\n" + std::string(sent, 'x'));
        with_reset ? exchange.reset() : exchange.close();
    };
}

Handler hang_up()
{
    return [](Exchange& exchange) { exchange.close(); };
}

Handler gzip_bomb(std::size_t bytes)
{
    return [body = gzip_of_letters('x', bytes, 258)](Exchange& exchange) {
        const HttpFields headers{{"Content-Encoding", "gzip"}};
        exchange.reply(200, headers, body);
    };
}

Handler raw(std::string bytes)
{
    return [bytes = std::move(bytes)](Exchange& exchange) {
        exchange.write(bytes);
        exchange.close();
    };
}

} // namespace script
} // namespace empathd::testing

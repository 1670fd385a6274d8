#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace empathd {

/// Bytes [offset, offset + length) of a post's NFC UTF-8 text.
struct Span {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;

    friend bool operator==(const Span&, const Span&) = default;
};

/// A name, alias or product by which people mean a brand, as a literal.
struct Term {
    std::string text;
    bool accent_sensitive = false; ///< "Phở" is then not found in "pho"; case never matters.
};

/// An account that speaks for a brand.
struct OfficialAccount {
    std::string network; ///< Empty: in every network.
    std::string handle;  ///< As Post::author has it; case and a leading '@' do not matter.
};

/// A brand that is listened for.
struct Watch {
    std::string brand;                   ///< Unique name, shown everywhere.
    std::vector<Term> terms;             ///< At least one.
    std::vector<std::string> exclusions; ///< "aurora borealis": a term inside one does not count.
    std::vector<OfficialAccount> official_accounts; ///< Whose posts are the brand's own answers.
};

/// A post that concerns a watch, and where it says so.
struct Mention {
    std::uint32_t watch = 0; ///< Index into the watches the matcher was built from.
    /// Of the post's text: in its order, not overlapping, the first mention_spans_max
    /// (analysis/match). Empty when only the title names the watch: titles have no spans.
    std::vector<Span> spans;
    std::vector<std::uint32_t> terms; ///< Beside each span: index into Watch::terms.

    friend bool operator==(const Mention&, const Mention&) = default;
};

} // namespace empathd

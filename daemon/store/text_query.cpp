#include "daemon/store/text_query.hpp"

#include "analysis/text/normalize.hpp"
#include "daemon/store/search_text.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace empathd {
namespace {

using sqlite::Character;
using sqlite::character_of;
using sqlite::is_word_character;

enum class Kind : std::uint8_t { word, phrase, minus, open, close, either, both, end };

struct Token {
    Kind kind = Kind::end;
    std::string text;      ///< Of a word or phrase, as typed.
    bool prefix = false;   ///< A star stands behind it.
    std::size_t place = 0; ///< Character of the query, from 1.
};

bool is_space(char32_t code)
{
    return code <= ' ' || code == 0x7F || code == 0xA0 || code == 0x3000;
}

bool is_quote(char32_t code)
{
    return code == '"' || code == 0x201C || code == 0x201D;
}

/// Runs of word characters: what the index will look for one by one.
std::size_t words_in(std::string_view text)
{
    std::size_t count = 0;
    bool inside = false;
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_of(text, at);
        at += character.bytes;
        const bool word = is_word_character(character.code);
        count += word && !inside ? 1 : 0;
        inside = word;
    }
    return count;
}

Error error_at(std::size_t place, std::string_view what)
{
    return {ErrorKind::malformed,
            "search: " + std::string(what) + " at character " + std::to_string(place)};
}

class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}

    Result<std::vector<Token>> tokens()
    {
        std::vector<Token> found;
        while (skip_spaces(), at_ < text_.size()) {
            Result<Token> token = next();
            if (!token) {
                return token.error();
            }
            terms_ += words_in(token->text);
            if (terms_ > text_query_terms_max) {
                return error_at(token->place,
                                "more than " + std::to_string(text_query_terms_max) + " words");
            }
            found.push_back(std::move(*token));
        }
        found.push_back({.kind = Kind::end, .place = place_});
        return found;
    }

private:
    [[nodiscard]] Character here() const { return character_of(text_, at_); }
    [[nodiscard]] bool done() const { return at_ >= text_.size(); }

    void step()
    {
        at_ += here().bytes;
        ++place_;
    }

    void skip_spaces()
    {
        while (!done() && is_space(here().code)) {
            step();
        }
    }

    Result<Token> next()
    {
        const std::size_t place = place_;
        const char32_t code = here().code;
        if (code == '(' || code == ')') {
            step();
            return Token{.kind = code == '(' ? Kind::open : Kind::close, .place = place};
        }
        if (code == '-') {
            step();
            if (done() || is_space(here().code) || here().code == ')' || here().code == '-') {
                return error_at(place, "nothing behind the minus");
            }
            return Token{.kind = Kind::minus, .place = place};
        }
        return is_quote(code) ? phrase() : word();
    }

    Result<Token> phrase()
    {
        Token token{.kind = Kind::phrase, .place = place_};
        step();
        while (!done() && !is_quote(here().code)) {
            token.text.append(text_.substr(at_, here().bytes));
            step();
        }
        if (done()) {
            return error_at(token.place, "a quote that is not closed");
        }
        step();
        return with_star(std::move(token));
    }

    Result<Token> word()
    {
        Token token{.kind = Kind::word, .place = place_};
        while (!done()) {
            const char32_t code = here().code;
            if (is_space(code) || is_quote(code) || code == '(' || code == ')' || code == '*') {
                break;
            }
            token.text.append(text_.substr(at_, here().bytes));
            step();
        }
        if (token.text == "OR" || token.text == "AND") {
            token.kind = token.text == "OR" ? Kind::either : Kind::both;
            token.text.clear();
            return token;
        }
        if (token.text == "NOT") {
            return error_at(token.place, "write -word instead of NOT");
        }
        return with_star(std::move(token));
    }

    Result<Token> with_star(Token token)
    {
        if (!done() && here().code == '*') {
            token.prefix = true;
            const std::size_t place = place_;
            step();
            if (token.text.empty() || (!done() && !is_space(here().code) && here().code != ')')) {
                return error_at(place, "a star that does not end a word");
            }
        }
        if (words_in(token.text) == 0) {
            return error_at(token.place, "no letter or digit to search for");
        }
        return token;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t place_ = 1;
    std::size_t terms_ = 0;
};

std::string quoted(const Token& token)
{
    std::string out = "\"";
    for (const char byte : sqlite::search_words(token.text)) {
        out += byte;
        if (byte == '"') {
            out += '"';
        }
    }
    out += token.prefix ? "\" *" : "\"";
    return out;
}

/// either := all ("OR" all)*;  all := item ("AND"? item)*;  item := "-"? (word | "(" either ")")
class Parser {
public:
    explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    Result<std::string> query()
    {
        Result<std::string> whole = either(0);
        if (whole && here().kind != Kind::end) {
            return error_at(here().place, "a closing parenthesis without its opening");
        }
        return whole;
    }

private:
    [[nodiscard]] const Token& here() const { return tokens_[at_]; }

    Result<std::string> either(std::size_t depth)
    {
        Result<std::string> left = all(depth);
        while (left && here().kind == Kind::either) {
            ++at_;
            Result<std::string> right = all(depth);
            if (!right) {
                return right;
            }
            *left += " OR " + *right;
        }
        return left;
    }

    /// Always in parentheses of its own: FTS5's order of operators never matters.
    Result<std::string> all(std::size_t depth)
    {
        const std::size_t place = here().place;
        std::string wanted;
        std::string unwanted;
        bool expects = true; // An item must come: at the start and after AND.
        for (;;) {
            if (!expects && here().kind == Kind::both) {
                ++at_;
                expects = true;
                continue;
            }
            if (here().kind == Kind::either || here().kind == Kind::both ||
                here().kind == Kind::close || here().kind == Kind::end) {
                break;
            }
            const bool minus = here().kind == Kind::minus;
            at_ += minus ? 1 : 0;
            Result<std::string> one = item(depth);
            if (!one) {
                return one;
            }
            std::string& side = minus ? unwanted : wanted;
            side += (side.empty() ? "" : minus ? " OR " : " AND ") + *one;
            expects = false;
        }
        if (expects) {
            return error_at(here().place, "a word is missing");
        }
        if (wanted.empty()) {
            return error_at(place, "only words that must not occur");
        }
        return unwanted.empty() ? "(" + wanted + ")" : "((" + wanted + ") NOT (" + unwanted + "))";
    }

    Result<std::string> item(std::size_t depth)
    {
        const Token& token = here();
        if (token.kind == Kind::word || token.kind == Kind::phrase) {
            ++at_;
            return quoted(token);
        }
        if (token.kind != Kind::open) {
            return error_at(token.place, "a word is missing");
        }
        if (depth == text_query_depth_max) {
            return error_at(token.place, "more than " + std::to_string(text_query_depth_max) +
                                             " parentheses in each other");
        }
        ++at_;
        Result<std::string> inner = either(depth + 1);
        if (!inner) {
            return inner;
        }
        if (here().kind != Kind::close) {
            return error_at(token.place, "a parenthesis that is not closed");
        }
        ++at_;
        return "(" + *inner + ")";
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

} // namespace

Result<std::string> compile_text_query(std::string_view query)
{
    if (query.size() > text_query_bytes_max) {
        return Error{ErrorKind::malformed,
                     "search: longer than " + std::to_string(text_query_bytes_max) + " bytes"};
    }
    const std::string text = analysis::to_nfc(query);
    Result<std::vector<Token>> tokens = Lexer(text).tokens();
    if (!tokens) {
        return tokens.error();
    }
    if (tokens->size() == 1) {
        return Error{ErrorKind::malformed, "search: no words"};
    }
    return Parser(std::move(*tokens)).query();
}

} // namespace empathd

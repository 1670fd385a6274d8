#include "connectors/transport/html_text.hpp"

#include "connectors/transport/html_repair.hpp"
#include "connectors/transport/text_builder.hpp"
#include "connectors/transport/utf8.hpp"

#include "analysis/text/normalize.hpp"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <utility>

namespace empathd::connectors {
namespace {

using Names = std::string_view;

template <std::size_t N>
bool one_of(Names name, const std::array<Names, N>& sorted) noexcept
{
    return std::binary_search(sorted.begin(), sorted.end(), name);
}

// All sorted, for one_of.
constexpr std::array<Names, 38> block_elements{
    "address", "article", "aside",   "blockquote", "body",  "caption", "center",   "dd",
    "details", "dialog",  "dir",     "div",        "dl",    "dt",      "fieldset", "figcaption",
    "figure",  "footer",  "form",    "h1",         "h2",    "h3",      "h4",       "h5",
    "h6",      "header",  "hr",      "legend",     "li",    "main",    "nav",      "ol",
    "p",       "pre",     "section", "summary",    "table", "ul"};
constexpr std::array<Names, 16> dropped_elements{
    "applet", "canvas", "datalist", "head",  "iframe", "math",     "noframes", "object",
    "option", "script", "select",   "style", "svg",    "template", "textarea", "title"};

std::string_view view(const xmlChar* text) noexcept
{
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

/// The attributes of one element, as libxml2 hands them over: name, value, name, value, null.
class Attributes {
public:
    explicit Attributes(const xmlChar** list) noexcept : list_(list) {}

    [[nodiscard]] std::string_view at(std::string_view name) const noexcept
    {
        for (const xmlChar** entry = list_; entry != nullptr && *entry != nullptr; entry += 2) {
            if (view(entry[0]) == name) {
                return view(entry[1]);
            }
        }
        return {};
    }
    [[nodiscard]] bool has(std::string_view name) const noexcept
    {
        for (const xmlChar** entry = list_; entry != nullptr && *entry != nullptr; entry += 2) {
            if (view(entry[0]) == name) {
                return true;
            }
        }
        return false;
    }

private:
    const xmlChar** list_;
};

/// Whether `word` is one of the blank-separated words of a class attribute.
bool has_class(std::string_view classes, std::string_view word) noexcept
{
    for (std::size_t at = classes.find(word); at != std::string_view::npos;
         at = classes.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || classes[at - 1] == ' ') && (end == classes.size() || classes[end] == ' ')) {
            return true;
        }
    }
    return false;
}

bool stands_for_a_character(std::string_view classes) noexcept
{
    for (const std::string_view part : {"emoji", "smiley", "smilie"}) {
        if (classes.find(part) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

bool is_hidden(const Attributes& attributes)
{
    if (attributes.has("hidden")) {
        return true;
    }
    std::string style;
    for (const char c : attributes.at("style").substr(0, 1024)) {
        if (c != ' ' && c != '\t' && c != '\n') {
            style += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        }
    }
    return style.find("display:none") != std::string::npos ||
           style.find("visibility:hidden") != std::string::npos;
}

/// The address as `HtmlText::links` wants it; empty for all but absolute http and https.
std::string absolute(std::string_view href)
{
    while (!href.empty() && (href.front() == ' ' || href.front() == '\n' || href.front() == '\t')) {
        href.remove_prefix(1);
    }
    while (!href.empty() && (href.back() == ' ' || href.back() == '\n' || href.back() == '\t')) {
        href.remove_suffix(1);
    }
    const auto starts = [href](std::string_view scheme) {
        return href.size() > scheme.size() &&
               std::equal(scheme.begin(), scheme.end(), href.begin(),
                          [](char a, char b) { return a == b || (a >= 'a' && a - 32 == b); });
    };
    if (starts("http://") || starts("https://")) {
        return std::string(href);
    }
    return starts("//") ? "https:" + std::string(href) : std::string();
}

/// Listens to libxml2 while it reads. No tree is built, so nothing is deep or recursive.
class Reader {
public:
    void start(std::string_view name, const Attributes& attributes)
    {
        if (++depth_ > html_depth_max + 1) { // One is the wrapper of read_markup.
            stop();
            return;
        }
        if (dropped_from_ != 0) {
            return;
        }
        const std::string_view classes = attributes.at("class");
        if (one_of(name, dropped_elements) || is_hidden(attributes) ||
            (link_from_ == 0 && has_class(classes, "invisible"))) {
            dropped_from_ = depth_;
            return;
        }
        if (name == "br") {
            text_.newline();
        } else if (name == "td" || name == "th") {
            text_.blank();
        } else if (name == "tr" || one_of(name, block_elements)) {
            text_.block();
        }
        if (name == "pre" && preformatted_from_ == 0) {
            preformatted_from_ = depth_;
        }
        if (name == "a" && attributes.has("href")) {
            link(attributes.at("href"), classes);
        } else if (name == "img") {
            picture(attributes, classes);
        } else if (name == "video" || name == "audio" || name == "source") {
            media(attributes.at("src"), attributes.at("title"));
        }
    }

    void end(std::string_view name)
    {
        if (dropped_from_ == 0 && (name == "tr" || one_of(name, block_elements))) {
            text_.block();
        }
        for (std::size_t* from : {&dropped_from_, &link_from_, &preformatted_from_}) {
            if (*from == depth_) {
                *from = 0;
            }
        }
        depth_ -= depth_ == 0 ? 0 : 1;
    }

    void characters(std::string_view text)
    {
        if (dropped_from_ == 0) {
            text_.add(text, preformatted_from_ != 0);
        }
        if (text_.full()) {
            stop();
        }
    }

    void attach(xmlParserCtxt* parser) noexcept { parser_ = parser; }

    [[nodiscard]] HtmlText take()
    {
        out_.text = text_.take();
        return std::move(out_);
    }

private:
    void stop() noexcept
    {
        out_.truncated = true;
        xmlStopParser(parser_);
    }

    void link(std::string_view href, std::string_view classes)
    {
        link_from_ = depth_;
        std::string address = absolute(href);
        if (address.empty() || has_class(classes, "mention") || has_class(classes, "hashtag") ||
            std::find(out_.links.begin(), out_.links.end(), address) != out_.links.end()) {
            return;
        }
        if (out_.links.size() == html_links_max) {
            out_.truncated = true;
            return;
        }
        out_.links.push_back(std::move(address));
    }

    void picture(const Attributes& attributes, std::string_view classes)
    {
        if (stands_for_a_character(classes)) {
            text_.add(attributes.at("alt"), false);
        } else {
            media(attributes.at("src"), attributes.at("alt"));
        }
    }

    void media(std::string_view source, std::string_view description)
    {
        std::string address = absolute(source);
        const auto known = [&address](const Media& one) { return one.url == address; };
        if (address.empty() || std::any_of(out_.media.begin(), out_.media.end(), known)) {
            return;
        }
        if (out_.media.size() == html_media_max) {
            out_.truncated = true;
            return;
        }
        TextBuilder words;
        words.add(description, false);
        std::string text = analysis::to_nfc(words.take());
        out_.truncated |= cut_at_character(text, post_text_bytes_max);
        out_.media.push_back({std::move(address), std::move(text)});
    }

    TextBuilder text_;
    HtmlText out_;
    xmlParserCtxt* parser_ = nullptr;
    std::size_t depth_ = 0;
    // The depth of the outermost element of that kind that is open; 0 is none.
    std::size_t dropped_from_ = 0;
    std::size_t link_from_ = 0;
    std::size_t preformatted_from_ = 0;
};

xmlSAXHandler handlers() noexcept
{
    xmlSAXHandler sax{};
    sax.startElement = [](void* reader, const xmlChar* name, const xmlChar** attributes) {
        static_cast<Reader*>(reader)->start(view(name), Attributes(attributes));
    };
    sax.endElement = [](void* reader, const xmlChar* name) {
        static_cast<Reader*>(reader)->end(view(name));
    };
    sax.characters = [](void* reader, const xmlChar* text, int size) {
        static_cast<Reader*>(reader)->characters(
            {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
    };
    sax.ignorableWhitespace = sax.characters;
    sax.cdataBlock = sax.characters;
    return sax;
}

/// NFC may lengthen a text, so the cut comes after it.
void finish(HtmlText& out)
{
    out.text = analysis::to_nfc(out.text);
    out.truncated |= cut_at_character(out.text, post_text_bytes_max);
    while (!out.text.empty() && (out.text.back() == ' ' || out.text.back() == '\n')) {
        out.text.pop_back();
    }
}

HtmlText read_markup(std::string_view html)
{
    static const bool ready = [] { // Its globals, before any thread could race for them.
        xmlInitParser();
        return true;
    }();
    (void)ready;
    // The wrapper keeps libxml2 from inventing a <p> around text that stands in no element.
    const std::string source = "<fragment>" + repaired_html(html);
    Reader reader;
    const std::unique_ptr<xmlParserCtxt, decltype(&htmlFreeParserCtxt)> parser(htmlNewParserCtxt(),
                                                                               &htmlFreeParserCtxt);
    if (!parser) {
        throw std::bad_alloc();
    }
    *parser->sax = handlers();
    parser->userData = &reader;
    reader.attach(parser.get());
    constexpr int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                            HTML_PARSE_NONET | HTML_PARSE_NODEFDTD | HTML_PARSE_NOIMPLIED |
                            HTML_PARSE_IGNORE_ENC;
    xmlDoc* const tree = htmlCtxtReadMemory(parser.get(), source.data(),
                                            static_cast<int>(source.size()), "", "UTF-8", options);
    xmlFreeDoc(tree); // There is none with handlers of our own; freeing nothing is allowed.
    return reader.take();
}

} // namespace

HtmlText html_to_text(std::string_view html)
{
    HtmlText out;
    const bool cut = html.size() > html_bytes_max;
    if (cut) {
        html = html.substr(0, html_bytes_max);
    }
    if (html.find_first_of("<&") == std::string_view::npos) {
        TextBuilder text;
        text.add(repaired_html(html), false);
        out.truncated = text.full();
        out.text = text.take();
    } else {
        out = read_markup(html);
    }
    out.truncated |= cut;
    finish(out);
    return out;
}

} // namespace empathd::connectors

#include "daemon/notify/template.hpp"

#include "connectors/transport/utf8.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace empathd {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

} // namespace

/// Reads a source from its beginning to its end, tag by tag.
class Template::Reader {
public:
    Reader(std::string_view source, const std::vector<std::string>& known,
           std::vector<TemplateProblem>& problems, std::vector<Node>& nodes)
        : source_(source), known_(known), problems_(problems), nodes_(nodes)
    {
    }

    void read()
    {
        if (source_.size() > template_bytes_max) {
            problem(0, "longer than " + std::to_string(template_bytes_max) + " bytes");
            return;
        }
        if (connectors::repaired_utf8(source_) != source_) {
            problem(0, "not UTF-8");
            return;
        }
        while (const auto open = next_tag()) {
            const std::size_t close = source_.find("}}", *open);
            if (close == std::string_view::npos) {
                problem(*open, "\"{{\" is never closed by \"}}\"");
                break;
            }
            take_tag(*open, close);
        }
        literal(source_.size());
        for (const Opened& opened : open_) {
            problem(opened.at, "{{" + opened.tag + "}} is never closed");
        }
    }

private:
    struct Opened {
        std::size_t node;
        std::size_t at;
        std::string tag; ///< "#name" or "^name".
        std::string name;
    };

    std::optional<std::size_t> next_tag() const
    {
        const std::size_t open = source_.find("{{", at_);
        return open == std::string_view::npos ? std::nullopt : std::optional{open};
    }

    void problem(std::size_t at, std::string message)
    {
        const auto lines =
            std::count(source_.begin(), source_.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        problems_.push_back({static_cast<std::uint32_t>(lines + 1), std::move(message)});
    }

    /// What stands between the last tag and `end`.
    void literal(std::size_t end)
    {
        if (end > at_) {
            nodes_.push_back({Part::literal, std::string(source_.substr(at_, end - at_)), 0});
        }
        at_ = std::max(at_, end);
    }

    void take_tag(std::size_t open, std::size_t close)
    {
        const std::string_view inside = trimmed(source_.substr(open + 2, close - open - 2));
        const char kind = inside.empty() ? ' ' : inside.front();
        const bool leaves_no_line = kind == '#' || kind == '^' || kind == '/' || kind == '!';
        std::size_t begin = open;
        std::size_t end = close + 2;
        if (leaves_no_line && is_alone(begin, end)) {
            begin = source_.substr(0, begin).find_last_of('\n') + 1; // npos + 1 is 0.
            const std::size_t line_end = source_.find('\n', end);
            end = line_end == std::string_view::npos ? source_.size() : line_end + 1;
        }
        literal(begin);
        at_ = end;
        if (kind == '!') {
            return;
        }
        if (!leaves_no_line) {
            take_value(inside, open);
            return;
        }
        const std::string name(trimmed(inside.substr(1)));
        if (kind == '/') {
            close_section(name, open);
        } else {
            open_section(kind, name, open);
        }
    }

    /// Nothing but blanks around the tag on its line.
    [[nodiscard]] bool is_alone(std::size_t begin, std::size_t end) const
    {
        const std::size_t before = source_.substr(0, begin).find_last_not_of(blanks);
        const std::size_t after = source_.find_first_not_of(blanks, end);
        return (before == std::string_view::npos || source_[before] == '\n') &&
               (after == std::string_view::npos || source_[after] == '\n');
    }

    void take_value(std::string_view name, std::size_t at)
    {
        if (name == ".") {
            const bool inside = std::any_of(open_.begin(), open_.end(), [](const Opened& opened) {
                return opened.tag.starts_with('#');
            });
            if (!inside) {
                problem(at, "{{.}} stands outside of a section");
            }
            nodes_.push_back({Part::this_value, {}, 0});
        } else if (is_known(name, at)) {
            nodes_.push_back({Part::value, std::string(name), 0});
        }
    }

    void open_section(char kind, const std::string& name, std::size_t at)
    {
        (void)is_known(name, at);
        if (open_.size() == template_depth_max) {
            problem(at, "more than " + std::to_string(template_depth_max) +
                            " sections inside each other");
        }
        open_.push_back({nodes_.size(), at, kind + name, name});
        nodes_.push_back({kind == '#' ? Part::section : Part::inverted, name, 0});
    }

    void close_section(const std::string& name, std::size_t at)
    {
        if (open_.empty()) {
            problem(at, "{{/" + name + "}} closes nothing");
            return;
        }
        if (open_.back().name != name) {
            problem(at,
                    "{{/" + name + "}} stands where {{/" + open_.back().name + "}} was expected");
        }
        nodes_[open_.back().node].end = nodes_.size();
        open_.pop_back();
    }

    bool is_known(std::string_view name, std::size_t at)
    {
        if (std::find(known_.begin(), known_.end(), name) != known_.end()) {
            return true;
        }
        constexpr std::string_view of_names = "abcdefghijklmnopqrstuvwxyz0123456789_";
        if (name.empty() || name.find_first_not_of(of_names) != std::string_view::npos) {
            problem(at, "unknown kind of tag {{" + std::string(name) + "}}");
        } else {
            problem(at, "unknown field \"" + std::string(name) + '"');
        }
        return false;
    }

    const std::string_view source_;
    const std::vector<std::string>& known_;
    std::vector<TemplateProblem>& problems_;
    std::vector<Node>& nodes_;
    std::vector<Opened> open_;
    std::size_t at_ = 0; ///< Behind what was read.
};

/// Fills one template in.
class Template::Writer {
public:
    Writer(const std::vector<Node>& nodes, const Fields& fields, Target target)
        : nodes_(nodes), fields_(fields), target_(target)
    {
    }

    /// Nodes from `begin` to `end`; `turn` of `looped` is what {{.}} stands for. Goes as deep as
    /// the template, which is bounded.
    void write(std::size_t begin, std::size_t end, const Field* looped, std::size_t turn)
    {
        for (std::size_t i = begin; i < end;) {
            const Node& node = nodes_[i];
            switch (node.part) {
            case Part::literal: put(node.text); break;
            case Part::value: put_value(field(node.text), 0); break;
            case Part::this_value: put_value(looped, turn); break;
            case Part::section: write_turns(i); break;
            case Part::inverted:
                if (field(node.text) == nullptr) {
                    write(i + 1, node.end, looped, turn);
                }
                break;
            }
            i = std::max(i + 1, node.end);
        }
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void write_turns(std::size_t at)
    {
        const Field* const found = field(nodes_[at].text);
        for (std::size_t turn = 0; found != nullptr && turn < found->values.size(); ++turn) {
            write(at + 1, nodes_[at].end, found, turn);
        }
    }

    /// nullptr when it is absent.
    [[nodiscard]] const Field* field(const std::string& name) const
    {
        const auto found = fields_.find(name);
        return found == fields_.end() || found->second.values.empty() ? nullptr : &found->second;
    }

    void put_value(const Field* field, std::size_t turn)
    {
        if (field != nullptr && turn < field->values.size()) {
            const std::string& value = field->values[turn];
            put(field->kind == FieldKind::link ? escaped_link(value, target_)
                                               : escaped(value, target_));
        }
    }

    void put(std::string_view text)
    {
        if (out_.size() + text.size() <= rendered_bytes_max) {
            out_ += text;
        }
    }

    const std::vector<Node>& nodes_;
    const Fields& fields_;
    const Target target_;
    std::string out_;
};

Template::Template(std::string_view source, const std::vector<std::string>& known,
                   std::vector<TemplateProblem>& problems)
{
    Reader(source, known, problems, nodes_).read();
}

std::string Template::render(const Fields& fields, Target target) const
{
    Writer writer(nodes_, fields, target);
    writer.write(0, nodes_.size(), nullptr, 0);
    return writer.take();
}

} // namespace empathd

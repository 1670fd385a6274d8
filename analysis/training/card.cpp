#include "analysis/training/card.hpp"

namespace empathd::training {

Result<std::string> with_section(std::string_view card, std::string_view name,
                                 std::string_view body)
{
    const std::string begin = "<!-- begin " + std::string(name) + " -->\n";
    const std::string end = "<!-- end " + std::string(name) + " -->";
    const std::size_t from = card.find(begin);
    const std::size_t to = from == std::string_view::npos ? from : card.find(end, from);
    if (to == std::string_view::npos) {
        return Error{ErrorKind::malformed, "the model card has no section between \"" +
                                               begin.substr(0, begin.size() - 1) + "\" and \"" +
                                               end + '"'};
    }
    std::string renewed(card.substr(0, from + begin.size()));
    renewed += '\n';
    renewed += body;
    renewed += '\n';
    renewed += card.substr(to);
    return renewed;
}

} // namespace empathd::training

#include "daemon/model_choice.hpp"

#include "analysis/experience/shipped_model.hpp"

#include <fstream>
#include <iterator>

namespace empathd {
namespace {

Result<std::shared_ptr<const analysis::Model>> load(const std::string& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return Error{ErrorKind::not_found, "cannot be opened"};
    }
    // One byte more than a model may have: a larger file is refused, not read.
    std::string bytes(analysis::model_bytes_max + 1, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    return analysis::Model::from_bytes(bytes);
}

} // namespace

Result<std::shared_ptr<const analysis::Model>> choose_model(const std::string& file, Log& log)
{
    if (!file.empty()) {
        auto own = load(file);
        if (own) {
            log.info("model " + (*own)->version() + " from " + file);
            return own;
        }
        log.error(file + ": " + own.error().message +
                  "; the model inside the program answers instead (analysis.model in the "
                  "configuration; empathctl train makes a new one)");
    }
    auto shipped = analysis::Model::from_bytes(analysis::shipped_model());
    if (!shipped) {
        return Error{ErrorKind::invalid_config, "the shipped model: " + shipped.error().message};
    }
    return shipped;
}

} // namespace empathd

// Any bytes as a file of forecasts, sealed with the right checksum so that they are read: refused,
// or it serves and saves itself again.
#include "analysis/spread/bytes.hpp"
#include "analysis/spread/forecaster.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace empathd;
    const std::string body(reinterpret_cast<const char*>(data), size);
    analysis::ByteWriter seal;
    seal.u64(analysis::checksum(body));
    const auto loaded = analysis::Forecaster::load(body + seal.out());
    if (!loaded) {
        return 0;
    }
    analysis::Track track = analysis::begin(3, from_unix_ms(1'772'000'000'000));
    analysis::update(track, 9, track.first_at + std::chrono::minutes{5});
    for (const auto& report : loaded->report()) {
        const Forecast forecast = loaded->forecast(report.platform, track, track.last_at());
        if (!(forecast.now <= forecast.low && forecast.low <= forecast.high)) {
            std::abort();
        }
    }
    if (!analysis::Forecaster::load(loaded->save())) {
        std::abort();
    }
    return 0;
}

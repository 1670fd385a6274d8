// The bytes of Forecaster::save: magic, version, what is learned by platform, checksum.

#include "analysis/spread/bytes.hpp"
#include "analysis/spread/forecaster.hpp"
#include "analysis/spread/forecaster_state.hpp"

#include <cmath>
#include <deque>
#include <utility>

namespace empathd::analysis {
namespace {

constexpr std::string_view magic = "EMPATHDF";
constexpr std::size_t version = 1;
constexpr std::size_t platforms_max = 1'000;
constexpr std::size_t name_bytes_max = 1'024;
constexpr std::size_t checksum_bytes = 8;
constexpr double number_max = 1e12;             ///< Above all that is learned: sums stay finite.
constexpr std::int64_t time_ms_max = 1LL << 52; ///< And differences of times whole.

template <std::size_t N>
void write(ByteWriter& out, const std::array<double, N>& values)
{
    for (const double value : values) {
        out.f64(value);
    }
}

double read_number(ByteReader& in)
{
    const double value = in.f64();
    if (std::abs(value) > number_max) {
        in.fail();
    }
    return value;
}

void write_time(ByteWriter& out, TimePoint time)
{
    out.u64(static_cast<std::uint64_t>(to_unix_ms(time)));
}

TimePoint read_time(ByteReader& in)
{
    const auto ms = static_cast<std::int64_t>(in.u64());
    if (ms > time_ms_max || ms < -time_ms_max) {
        in.fail();
    }
    return in.good() ? from_unix_ms(ms) : TimePoint{};
}

template <std::size_t N>
void read(ByteReader& in, std::array<double, N>& values)
{
    for (double& value : values) {
        value = read_number(in);
    }
}

double read_positive(ByteReader& in)
{
    const double value = read_number(in);
    if (!(value > 0)) {
        in.fail();
    }
    return value;
}

template <std::size_t D, std::size_t Cells>
void write_matrix(ByteWriter& out, const std::array<double, Cells>& matrix)
{
    for (std::size_t i = 0; i < D; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            out.f64(matrix[i * D + j]);
        }
    }
}

template <std::size_t D, std::size_t Cells>
void read_matrix(ByteReader& in, std::array<double, Cells>& matrix)
{
    for (std::size_t i = 0; i < D; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            matrix[i * D + j] = matrix[j * D + i] = i == j ? read_positive(in) : read_number(in);
        }
    }
}

template <std::size_t D>
void write_weights(ByteWriter& out, const Gaussian<D>& weights)
{
    write(out, weights.mean);
    write_matrix<D>(out, weights.covariance);
    write_matrix<D>(out, weights.prior_precision);
}

template <std::size_t D>
Gaussian<D> read_weights(ByteReader& in)
{
    Gaussian<D> weights;
    read(in, weights.mean);
    read_matrix<D>(in, weights.covariance);
    read_matrix<D>(in, weights.prior_precision);
    return weights;
}

void write_ring(ByteWriter& out, const Ring& ring)
{
    out.u32(ring.values().size());
    for (const float value : ring.values()) {
        out.f32(value);
    }
    out.u32(ring.next());
}

void read_ring(ByteReader& in, Ring& ring)
{
    std::vector<float> values(in.count(ring.capacity(), 4));
    for (float& value : values) {
        value = in.f32();
    }
    const std::size_t next = in.u32();
    if (!in.good() || !ring.restore(std::move(values), next)) {
        in.fail();
    }
}

void write_bucket(ByteWriter& out, const BucketModel& bucket)
{
    write(out, bucket.mean);
    write(out, bucket.deviation);
    write_weights(out, bucket.size.weights());
    out.f64(bucket.size.a());
    out.f64(bucket.size.b());
    write_weights(out, bucket.threshold.weights());
    write_weights(out, bucket.doubling.weights());
    for (const Ring& ring : bucket.errors.rings()) {
        write_ring(out, ring);
    }
    out.f64(bucket.growth.log_ratio);
    out.f64(bucket.growth.weight);
}

void read_bucket(ByteReader& in, BucketModel& bucket)
{
    read(in, bucket.mean);
    for (double& deviation : bucket.deviation) {
        deviation = read_positive(in);
    }
    const Gaussian<row_width> size = read_weights<row_width>(in);
    const double a = read_positive(in);
    const double b = read_positive(in);
    bucket.size.restore(size, a, b);
    bucket.threshold.restore(read_weights<threshold_width>(in));
    bucket.doubling.restore(read_weights<row_width>(in));
    for (Ring& ring : bucket.errors.rings()) {
        read_ring(in, ring);
    }
    bucket.growth.log_ratio = read_number(in);
    bucket.growth.weight = read_positive(in);
}

void write_ends(ByteWriter& out, const UsualEnd& ends)
{
    out.u32(ends.ends().size());
    for (const UsualEnd::End& end : ends.ends()) {
        write_time(out, end.at);
        out.f32(end.count);
    }
}

void read_ends(ByteReader& in, UsualEnd& ends)
{
    std::deque<UsualEnd::End> out(in.count(UsualEnd::kept_max, 12));
    for (UsualEnd::End& end : out) {
        end.at = read_time(in);
        end.count = in.f32();
    }
    ends.restore(std::move(out));
}

void write_ledger(ByteWriter& out, const Ledger& ledger)
{
    out.u32(ledger.ring().size());
    for (const Outcome& outcome : ledger.ring()) {
        out.f32(outcome.p_threshold);
        out.f32(outcome.p_double);
        out.f32(outcome.ape);
        out.u8(outcome.bucket);
        out.u8(static_cast<std::uint8_t>((outcome.covered ? 1 : 0) + (outcome.had_reached ? 2 : 0) +
                                         (outcome.reached ? 4 : 0) + (outcome.doubled ? 8 : 0)));
    }
    out.u32(ledger.next());
}

void read_ledger(ByteReader& in, Ledger& ledger)
{
    std::vector<Outcome> ring(in.count(outcomes_max, 14));
    for (Outcome& outcome : ring) {
        outcome.p_threshold = in.f32();
        outcome.p_double = in.f32();
        outcome.ape = in.f32();
        outcome.bucket = in.u8();
        const unsigned flags = in.u8();
        outcome.covered = (flags & 1U) != 0;
        outcome.had_reached = (flags & 2U) != 0;
        outcome.reached = (flags & 4U) != 0;
        outcome.doubled = (flags & 8U) != 0;
    }
    const std::size_t next = in.u32();
    if (!in.good() || !ledger.restore(std::move(ring), next)) {
        in.fail();
    }
}

} // namespace

/// The one who may see inside a PlatformModel.
class ModelFile {
public:
    static void write(ByteWriter& out, const PlatformModel& model)
    {
        out.f64(model.unusual_);
        out.f64(model.fixed_.value_or(0));
        out.u64(model.matured_);
        write_time(out, model.forgot_at_);
        for (const BucketModel& bucket : model.buckets_) {
            write_bucket(out, bucket);
        }
        write_ends(out, model.ends_);
        write_ledger(out, model.ledger_);
    }

    static void read(ByteReader& in, PlatformModel& model)
    {
        model.unusual_ = read_positive(in);
        const double fixed = in.f64();
        model.fixed_ = fixed > 0 ? std::optional(fixed) : std::nullopt;
        model.matured_ = in.u64();
        model.forgot_at_ = read_time(in);
        for (BucketModel& bucket : model.buckets_) {
            read_bucket(in, bucket);
        }
        read_ends(in, model.ends_);
        read_ledger(in, model.ledger_);
    }
};

std::string Forecaster::save() const
{
    ByteWriter out;
    out.raw(magic);
    out.u32(version);
    write_time(out, state_->matured_until);
    out.u32(state_->platforms.size());
    for (const auto& [platform, model] : state_->platforms) {
        out.text(platform);
        ModelFile::write(out, *model);
    }
    out.u64(checksum(out.out()));
    return std::move(out.out());
}

Result<Forecaster> Forecaster::load(std::string_view bytes)
{
    if (!bytes.starts_with(magic) || bytes.size() < magic.size() + 4 + checksum_bytes) {
        return Error{ErrorKind::malformed, "not a file of forecasts"};
    }
    const std::string_view body = bytes.substr(0, bytes.size() - checksum_bytes);
    if (ByteReader(bytes.substr(body.size())).u64() != checksum(body)) {
        return Error{ErrorKind::malformed, "the file of forecasts is damaged"};
    }
    ByteReader in(body.substr(magic.size()));
    if (const std::uint32_t found = in.u32(); found != version) {
        return Error{ErrorKind::malformed, "the file of forecasts is of version " +
                                               std::to_string(found) + ", not " +
                                               std::to_string(version)};
    }
    auto state = std::make_unique<State>();
    state->matured_until = read_time(in);
    const std::size_t count = in.count(platforms_max, 1);
    for (std::size_t i = 0; i < count && in.good(); ++i) {
        const std::string platform = in.text(name_bytes_max);
        if (state->platforms.contains(platform)) {
            in.fail();
        }
        ModelFile::read(in, state->own(platform));
    }
    if (!in.good() || !in.at_end()) {
        return Error{ErrorKind::malformed, "the file of forecasts says what cannot be"};
    }
    return Forecaster(std::move(state));
}

} // namespace empathd::analysis

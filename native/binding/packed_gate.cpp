#include "binding/packed_gate.hpp"

namespace gln::binding {
namespace {

constexpr std::uint64_t kMost = 1u << 20;

}  // namespace

PackedGate::PackedGate(const Napi::CallbackInfo& info)
    : rows_(integer(info[3], "rows", 1, kMost)),
      planes_(integer(info[4], "planes", 1, kMost)),
      side_info_(float_view(info[2], "sideInfo", rows_)),
      out_(uint8_view(info[5], "out", rows_ * planes_)) {
  const std::size_t size = side_info_.length / rows_;
  const View<float> values = float_view(info[0], "hyperplanes", planes_ * size);
  const View<float> bias = float_view(info[1], "bias", planes_);
  hyperplanes_ = Hyperplanes(planes_, 1, size);
  for (std::size_t plane = 0; plane < planes_; ++plane) {
    hyperplanes_.set(plane, values.data + plane * size, bias.data[plane]);
  }
  masks_ = AlignedArray<std::uint16_t>(hyperplanes_.group_count() * rows_);
}

GateBlock PackedGate::block() {
  return hyperplanes_.gate_block(side_info_.data, rows_, masks_.data(), rows_);
}

void PackedGate::write_bits() const {
  for (std::size_t row = 0; row < rows_; ++row) {
    for (std::size_t plane = 0; plane < planes_; ++plane) {
      const unsigned mask = masks_[plane / kLaneCount * rows_ + row];
      out_.data[row * planes_ + plane] = (mask >> (plane % kLaneCount)) & 1u;
    }
  }
}

}  // namespace gln::binding

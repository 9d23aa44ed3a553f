// Gating of hyperplanes and rows that JavaScript passes as plain arrays: packed for
// the kernel, and unpacked after it. For tests and measurements.
#pragma once

#include <napi.h>

#include "binding/arguments.hpp"
#include "core/hyperplanes.hpp"

namespace gln::binding {

class PackedGate {
 public:
  // Arguments: hyperplanes [planes][size], bias [planes], sideInfo [rows][size],
  // rows, planes, out [rows][planes].
  explicit PackedGate(const Napi::CallbackInfo& info);

  // The kernel's job; valid as long as this object and the call's arguments are.
  GateBlock block();
  std::size_t group_count() const noexcept { return hyperplanes_.group_count(); }
  // One byte a bit, into `out`.
  void write_bits() const;

 private:
  std::size_t rows_;
  std::size_t planes_;
  View<float> side_info_;
  View<std::uint8_t> out_;
  Hyperplanes hyperplanes_;
  AlignedArray<std::uint16_t> masks_;
};

}  // namespace gln::binding

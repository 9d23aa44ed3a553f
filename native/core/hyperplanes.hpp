// The fixed random halfspaces of a whole network, all layers and neurons in one
// array, and the contexts that rows fall in.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/memory.hpp"
#include "core/random.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

class Hyperplanes {
 public:
  Hyperplanes() = default;
  // `neurons` neurons with `per_neuron` hyperplanes each over `size` values.
  Hyperplanes(std::size_t neurons, std::size_t per_neuron, std::size_t size);

  // v ~ N(0, I); with `offsets`, v is scaled to unit length and b ~ N(0, scale²).
  // Each looks at `features` of the values, or at all (0).
  void randomize(Random* random, bool offsets, double scale, std::size_t features);

  std::size_t size() const noexcept { return size_; }
  std::size_t per_neuron() const noexcept { return per_neuron_; }
  std::size_t group_count() const noexcept { return bias_.size() / kLaneCount; }
  std::size_t bytes() const noexcept { return planes_.bytes() + bias_.bytes(); }

  // Plane `plane` of all planes: neuron · per_neuron + index.
  void get(std::size_t plane, float* values, float* bias) const;
  void set(std::size_t plane, const float* values, float bias);

  // A job for the gate kernel; masks are [group][mask_stride].
  GateBlock gate_block(const float* side_info, std::size_t rows, std::uint16_t* masks,
                       std::size_t mask_stride) const;
  // From masks to contexts [neuron][context_stride], for a range of neurons.
  void contexts(const std::uint16_t* masks, std::size_t mask_stride, std::size_t rows,
                std::size_t first_neuron, std::size_t last_neuron, std::uint16_t* contexts,
                std::size_t context_stride) const;
  // The same where a neuron has more hyperplanes than a context has bits, up to 64.
  void words(const std::uint16_t* masks, std::size_t mask_stride, std::size_t rows,
             std::size_t first_neuron, std::size_t last_neuron, std::uint64_t* words,
             std::size_t word_stride) const;

 private:
  std::size_t per_neuron_ = 0;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
  AlignedArray<float> planes_;  // [group][size][16]: lanes run over hyperplanes
  AlignedArray<float> bias_;    // [group][16]
};

}  // namespace gln

// Dense gates of a model that works on blocks of rows: the hyperplanes of all
// neurons, and the contexts that the rows of the present block fall in.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/hyperplanes.hpp"
#include "core/memory.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

class BlockGates {
 public:
  BlockGates() = default;
  // `neurons` neurons with `per_neuron` hyperplanes each over `size` values.
  BlockGates(std::size_t neurons, std::size_t per_neuron, std::size_t size)
      : neurons_(neurons), planes_(neurons, per_neuron, size) {}

  Hyperplanes& planes() noexcept { return planes_; }
  const Hyperplanes& planes() const noexcept { return planes_; }

  // Room for blocks of up to `rows` rows. Throws std::bad_alloc and changes nothing.
  void reserve(std::size_t rows);

  // Contexts of at most as many rows as there is room for.
  void find_contexts(const KernelTable& kernels, const float* side_info, std::size_t rows,
                     std::size_t threads);

  // Of one neuron, a context a row; those of two neurons are capacity() apart.
  const std::uint16_t* contexts(std::size_t neuron) const noexcept {
    return contexts_.data() + neuron * capacity_;
  }
  std::size_t capacity() const noexcept { return capacity_; }
  std::size_t bytes() const noexcept {
    return planes_.bytes() + masks_.bytes() + contexts_.bytes();
  }

 private:
  std::size_t neurons_ = 0;
  std::size_t capacity_ = 0;
  Hyperplanes planes_;
  AlignedArray<std::uint16_t> masks_;     // [group][capacity]
  AlignedArray<std::uint16_t> contexts_;  // [neuron][capacity]
};

}  // namespace gln

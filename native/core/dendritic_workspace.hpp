// The memory that a dendritic gated network works on a block of rows in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/dendritic_options.hpp"
#include "core/memory.hpp"
#include "core/target_scale.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

// Sizes of one layer.
struct DendriticSizes {
  std::size_t neurons;        // of one network
  std::size_t inputs;         // with the bias
  std::size_t stride;         // padded
  std::size_t output_stride;  // padded row of outputs with the next layer's bias
  std::size_t first_neuron;   // counted over all layers and networks
};

std::vector<DendriticSizes> dendritic_sizes(const DendriticOptions& options);

struct DendriticWorkspace {
  // Room for blocks of up to `rows` rows.
  DendriticWorkspace(const DendriticOptions& options, std::size_t rows);

  // Rows of the largest block that a network of these options is worth: many, so
  // that a neuron's weights stay in cache from row to row, but bounded memory.
  static std::size_t largest_block(const DendriticOptions& options);

  // A thread's words of open branches: [neurons of a tile][capacity].
  std::uint64_t* open_of(std::size_t thread) noexcept {
    return open.data() + thread * tile_neurons * capacity;
  }
  // A thread's room for shared weight rows: [branches][widest stride].
  float* shared_of(std::size_t thread) noexcept { return shared.data() + thread * shared_size; }
  std::size_t bytes() const noexcept;

  std::size_t capacity;
  std::size_t tile_neurons;                  // that a thread works on together, at most
  std::size_t shared_size;                   // 0 where neurons have weights of their own
  AlignedArray<float> inputs;                // [rows][stride of layer 0]
  AlignedArray<std::uint16_t> masks;         // [group][capacity]
  AlignedArray<std::uint64_t> open;          // [thread][tile_neurons][capacity]
  AlignedArray<float> shared;                // [thread][shared_size]
  std::vector<AlignedArray<float>> outputs;  // a layer's: [network][rows][stride]
  AlignedArray<float> sums;                  // [network][capacity], of the last layer
  AlignedArray<float> targets;               // [network][capacity]
  AlignedArray<float> rates;                 // [capacity]
  AlignedArray<float> probabilities;         // [capacity], but for regression
  AlignedArray<TargetUnits> units;           // [capacity], where targets are standardised
};

}  // namespace gln

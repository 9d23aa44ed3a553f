// The memory that one block of rows is worked on in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/memory.hpp"
#include "core/options.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

// Sizes of one layer.
struct LayerSizes {
  std::size_t neurons;        // of one network
  std::size_t inputs;         // with the bias
  std::size_t stride;         // padded
  std::size_t output_stride;  // padded row of outputs with the next layer's bias
  std::size_t first_gate;     // first neuron, counted over all that have gates of their own
};

std::vector<LayerSizes> layer_sizes(const NetworkOptions& options);

// Neurons over all layers and networks.
std::size_t neuron_count(const NetworkOptions& options);

// The same, counting only those that have gates of their own.
std::size_t gate_neuron_count(const NetworkOptions& options);

// Scratch of one thread.
class ThreadScratch {
 public:
  // `panels`: floats for transposed rows, in gating or in chains.
  ThreadScratch(std::size_t rows, std::size_t context_count, std::size_t panels);

  LayerScratch& scratch() noexcept { return scratch_; }
  std::size_t bytes() const noexcept;

 private:
  AlignedArray<float> floats_;
  AlignedArray<std::int32_t> contexts_;
  AlignedArray<std::uint16_t> shorts_;
  AlignedArray<ContextGroup> groups_;
  AlignedArray<std::size_t> counts_;
  LayerScratch scratch_ = {};
};

struct Workspace {
  // Room for blocks of up to `rows` rows.
  Workspace(const NetworkOptions& options, std::size_t rows);

  // Rows of the largest block that a network of these options is worth: many
  // chains, so that a tile's weights stay in cache from one to the next, but
  // bounded memory.
  static std::size_t largest_block(const NetworkOptions& options);

  std::size_t bytes() const noexcept;

  std::size_t capacity;
  std::size_t gram_stride;               // floats between two networks' matrices
  AlignedArray<float> base_logits;       // [rows][stride of layer 0]
  AlignedArray<std::uint16_t> masks;     // [group][capacity]
  AlignedArray<std::uint16_t> contexts;  // [neuron][capacity]
  AlignedArray<float> targets;           // [network][capacity]
  AlignedArray<float> rates;             // [capacity]
  AlignedArray<float> layer_rates;       // [capacity]: rates of the layer that learns
  AlignedArray<float> sums;              // [network][capacity]
  AlignedArray<float> probabilities;     // [capacity]
  // Of the mixture of all neurons, where there is one.
  AlignedArray<float> mixed;                  // [network][capacity]: its probabilities
  AlignedArray<double> expert_probabilities;  // [network, and one more][neuron of a network]
  AlignedArray<float> gram;                   // [network][chain][kChainRows][kChainRows]
  AlignedArray<float> row_magnitudes;         // [network][capacity]
  AlignedArray<std::uint8_t> singly;          // [network][chain]
  std::vector<AlignedArray<float>> outputs;   // a layer's clamped logits: [network][rows][stride]
  std::vector<ThreadScratch> threads;
};

}  // namespace gln

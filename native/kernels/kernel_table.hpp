// What the kernels are asked for: a few coarse jobs, in one table for each
// instruction set. A network keeps a pointer to one table for its life, so that
// nothing is dispatched inside a loop.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gln {

// Floats in a lane group; rows of weights and of layer inputs are padded with
// zeros to a multiple of it.
constexpr std::size_t kLaneCount = 16;
// Rows that are worked on together. Everything that is learned is independent of
// it but for rounding (docs/algorithm.md).
constexpr std::size_t kBlockRows = 64;

enum class BasePredictor : int { kMinMax = 0, kProbabilities = 1, kLogits = 2 };

// Rows of base inputs to the layer-0 logits. `output` rows are `output_stride`
// floats apart; only the first `size` of each are written. No aliasing.
struct BaseBlock {
  BasePredictor kind;
  const float* input;  // [rows][size], any alignment
  std::size_t rows;
  std::size_t size;
  float* output;
  std::size_t output_stride;
  float largest_ratio;  // (1 - ε) / ε
};

// Halfspace bits of rows: bit i of masks[group * mask_stride + row] says whether
// hyperplane 16·group + i has side_info · plane > bias.
struct GateBlock {
  const float* planes;  // [groups][size][16], 64-byte aligned
  const float* bias;    // [groups][16]
  const float* side_info;
  std::size_t side_info_stride;
  std::size_t rows;
  std::size_t size;
  std::uint16_t* masks;
  std::size_t mask_stride;
};

// One layer over a block of rows. Neurons are counted over all networks:
// neuron = network · neurons + index in the layer.
struct LayerBlock {
  std::size_t rows;     // at most kBlockRows
  std::size_t neurons;  // of one network
  std::size_t stride;   // floats of a weight row and of an input row, padded
  // Input rows of network k begin at input + k · network_stride; layer 0 shares
  // one input between all networks (network_stride 0).
  const float* input;
  std::size_t network_stride;
  const std::uint16_t* contexts;  // [neuron][kBlockRows]
  std::size_t context_count;
  float* const* weight_rows;  // [neuron][context_count], read for predictions
  // Clamped logits of network k go to output + k · output_network_stride, rows
  // output_stride apart, one element a neuron.
  float* output;
  std::size_t output_stride;
  std::size_t output_network_stride;
  float* sums;  // last layer only: unclamped sums, [network][kBlockRows]; else null
  float logit_bound;

  // Learning only.
  float* const* update_rows;  // rows that the updates go to; weight_rows when online
  const float* targets;       // [network][kBlockRows], 0 or 1
  const float* rates;         // [rows]
  float weight_bound;         // infinity: no clamping
};

struct KernelTable {
  const char* name;
  void (*base_logits)(const BaseBlock&);
  void (*gate)(const GateBlock&, std::size_t first_group, std::size_t last_group);
  void (*predict_layer)(const LayerBlock&, std::size_t first_neuron, std::size_t last_neuron);
  void (*learn_layer)(const LayerBlock&, std::size_t first_neuron, std::size_t last_neuron);
  // target += source, clamped to ±bound; `size` is a multiple of sixteen.
  void (*add_row)(float* target, const float* source, std::size_t size, float bound);
  // Index of the first NaN or infinity, or `size`.
  std::size_t (*first_non_finite)(const float* input, std::size_t size);
  void (*logistic)(const float* input, float* output, std::size_t size);
  // Exposed for tests.
  float (*dot)(const float* a, const float* b, std::size_t size);
  void (*update)(float* weights, const float* input, std::size_t size, float step, float bound);
  void (*exponential)(const float* input, float* output, std::size_t size);
  void (*logarithm)(const float* input, float* output, std::size_t size);
};

}  // namespace gln

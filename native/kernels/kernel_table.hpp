// What the kernels are asked for: a few coarse jobs, in one table for each
// instruction set. A network keeps a pointer to one table for its life, so that
// nothing is dispatched inside a loop.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/tensor_kernels.hpp"

namespace gln {

// Floats in a lane group; rows of weights and of layer inputs are padded with
// zeros to a multiple of it.
constexpr std::size_t kLaneCount = 16;
// Rows that are chained through their Gram matrix (docs/algorithm.md). What is
// learned is independent of it but for rounding.
constexpr std::size_t kChainRows = 64;
// Neurons of a tile: the serial part of learning runs with lanes over neurons.
constexpr std::size_t kTileNeurons = kLaneCount;
// Layers whose rows are at most this many lane groups are learned row by row:
// there a Gram matrix costs more than it saves.
constexpr std::size_t kShortLanes = 4;
// As are chains of fewer rows than this.
constexpr std::size_t kShortestChain = 4;
// An update multiplies an error in a row's logit by 1 - η σ'(s) |x|², which is at
// most 1 in magnitude while η |x|² / 4 stays below this: what a chain rounds
// differently than single rows do dies out. Beyond it, it would grow from row to
// row.
constexpr float kLargestStableStep = 2.0f;

// Magnitude beyond which a logit given by the user is cut, so that sums of
// products with bounded weights stay finite.
constexpr float kLargestLogit = 1e6f;

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

// Products of rows with the columns of a matrix: output[row][16·group + lane].
struct MultiplyBlock {
  const float* panels;  // [groups][size][16], 64-byte aligned
  std::size_t groups;
  const float* rows;  // [count][size]
  std::size_t count;
  std::size_t size;
  float* output;  // [count][groups][16]
};

// Contexts of rows by structured hyperplanes: output c of transform t is
// hyperplane t · neurons_per_transform · per_neuron + c.
constexpr std::size_t kHadamardRounds = 3;
struct HadamardBlock {
  const float* side_info;  // [rows][size], any alignment
  std::size_t rows;
  std::size_t size;
  std::size_t width;  // power of two, at least size and sixteen
  std::size_t transforms;
  std::size_t neurons_per_transform;
  const float* signs;       // [transforms][kHadamardRounds][width], 1 or -1
  const float* thresholds;  // [neurons · per_neuron]
  std::size_t neurons;
  std::size_t per_neuron;
  std::uint16_t* contexts;  // [neuron][context_stride]
  std::size_t context_stride;
};

// Rows of a chain in which one neuron has the same context.
struct ContextGroup {
  std::uint16_t context;
  std::uint16_t first;  // of the neuron's order
  std::uint16_t count;
  std::uint16_t settled;  // its rows have been learned one by one
};

// Floats between the accumulators of two neurons.
constexpr std::size_t kAccumulatorStride = kChainRows * kLaneCount;

// What one thread needs beside the block itself. Made for one row, only the
// accumulators are there, of one row.
struct LayerScratch {
  float* accumulators;       // [kTileNeurons][kChainRows][16]
  float* sums;               // [kChainRows][kTileNeurons]
  float* steps;              // [kChainRows][kTileNeurons]: η (σ(s) - y)
  std::int32_t* contexts;    // [kChainRows][kTileNeurons]
  std::uint16_t* order;      // [kTileNeurons][kChainRows]: rows, sorted by context
  ContextGroup* groups;      // [kTileNeurons][kChainRows]
  std::size_t* group_count;  // [kTileNeurons]
  std::uint16_t* slots;      // [context_count], zero between uses
  float* panels;             // [kChainRows / 16][padded inputs][16]: a chain's rows, transposed
};

// One layer over a block of rows. Neurons are counted over all networks:
// neuron = network · neurons + index in the layer; so are tiles of neurons, none
// of which spans two networks.
struct LayerBlock {
  std::size_t rows;
  std::size_t capacity;    // distance between the row arrays of two neurons or networks
  std::size_t neurons;     // of one network
  std::size_t inputs;      // floats of a weight row that matter
  std::size_t stride;      // floats of a weight row and of an input row, zero-padded
  std::size_t tile_width;  // neurons of a tile, at most kTileNeurons
  std::size_t tiles_per_network;
  // Input rows of network k begin at input + k · network_stride; layer 0 shares
  // one input between all networks (network_stride 0).
  const float* input;
  std::size_t network_stride;
  // Contexts of network k begin at neuron k · context_neurons: 0 where the
  // networks share them.
  const std::uint16_t* contexts;  // [neuron][capacity]
  std::size_t context_neurons;
  std::size_t context_count;
  float* const* weight_rows;  // [neuron][context_count], read for predictions
  // Clamped logits of network k go to output + k · output_network_stride, rows
  // output_stride apart, one element a neuron.
  float* output;
  std::size_t output_stride;
  std::size_t output_network_stride;
  float* sums;  // last layer only: unclamped sums, [network][capacity]; else null
  float logit_bound;

  // Learning only. Chains end where the number of all rows ever learned is a
  // multiple of kChainRows, so that a cut between two calls there changes no bit.
  std::uint64_t rows_before;  // rows learned before this block
  bool coupled;               // a row sees the updates of the rows before it
  float* const* update_rows;  // rows that the updates go to; weight_rows when coupled
  const float* targets;       // [network][capacity], 0 or 1
  const float* rates;         // [rows]
  float weight_bound;         // infinity: no clamping
  float* neuron_bounds;       // [neuron]: no weight of the neuron is larger
  float* gram;                // [input][chain][kChainRows][kChainRows]
  std::size_t gram_stride;    // floats between two inputs' matrices
  float* row_magnitudes;      // [input][capacity]: the largest |x| of each row
  std::uint8_t* singly;       // [input][chain]: learned row by row
  std::size_t singly_stride;  // chains of an input
  bool always_chained;        // also where steps are too large to be stable
};

// Neurons of a dendritic gated network over the rows of a block. A neuron's sum is
// that of the weight rows of its open branches, times the input.
struct DendriteTile {
  std::size_t rows;
  std::size_t neurons;
  std::size_t branches;
  std::size_t lanes;          // lane groups of a weight row that matter
  std::size_t stride;         // floats of a weight row and of an input row, zero-padded
  const float* input;         // [rows][stride]
  const std::uint64_t* open;  // [neuron][open_stride]: bit i says that branch i is open
  std::size_t open_stride;
  float* weights;  // [neuron][branches][stride], read for predictions
  // Where all neurons of the tile mix with the sums of their weight rows, branch by
  // branch: room for those sums, [branches][stride]. Else null.
  float* shared;
  float* output;  // row 0, first neuron; rows output_stride apart: sums within ±output_bound
  std::size_t output_stride;
  float output_bound;
  float* sums;  // last layer only: the first neuron's sums as they are, [rows]; else null

  // Learning only.
  bool regression;       // squared error of the outputs; else logarithmic loss of logits
  const float* targets;  // [rows]; 0 or 1, but for regression
  const float* rates;    // [rows]
  float weight_bound;
};

struct DendriteKernels {
  void (*predict)(const DendriteTile&);
  void (*learn)(const DendriteTile&);
};

// Doubles in a lane group of Gaussian layers; their rows are padded with zeros to a
// multiple of it.
constexpr std::size_t kDoubleLanes = 8;
// Σ λ², Σ λ² μ and Σ λ² μ² of one row of inputs with precisions λ and means μ.
struct GaussianRowSums {
  double squares;
  double square_means;
  double square_mean_squares;
};

// One layer of Gaussian neurons over a block of rows. All pointers to doubles are
// 64-byte aligned; nothing overlaps.
struct GaussianBlock {
  std::size_t rows;
  std::size_t capacity;             // distance between the contexts of two neurons
  std::size_t stride;               // doubles of a weight row and of an input row
  const double* precisions;         // [rows][stride]: 1 / variance of each input
  const double* scaled_means;       // [rows][stride]: mean / variance
  const GaussianRowSums* row_sums;  // [rows]
  const std::uint16_t* contexts;    // [neuron][capacity]
  std::size_t context_count;
  double* const* weight_rows;  // [neuron][context_count]
  double least_weight;
  double largest_weight;
  double min_variance;
  double max_variance;
  double largest_mean;  // predicted means are cut beyond
  double* means;        // out: rows output_stride apart, one element a neuron
  double* variances;
  std::size_t output_stride;
  const double* targets;  // [rows], learning only
  const double* rates;    // [rows], learning only
  // Steps are kept from overshooting, and mixtures of negative precision count as too
  // wide; else as too narrow.
  bool robust;
};

struct GaussianKernels {
  void (*predict_layer)(const GaussianBlock&, std::size_t first_neuron, std::size_t last_neuron);
  // The same, and the update of each neuron after each row.
  void (*learn_layer)(const GaussianBlock&, std::size_t first_neuron, std::size_t last_neuron);
};

// What the machine can do with these instructions, for the benchmark: see
// measure-inl.hpp.
struct MeasureKernels {
  double (*fused_multiply_adds)(std::size_t iterations, float* values);
  float (*read)(const float* from, std::size_t size);
  void (*copy)(const float* from, float* to, std::size_t size);
};

struct KernelTable {
  const char* name;
  void (*base_logits)(const BaseBlock&);
  void (*gate)(const GateBlock&, std::size_t first_group, std::size_t last_group);
  // Panels of sixteen rows; `buffer` holds 2 · width · 16 floats.
  void (*hadamard_gate)(const HadamardBlock&, std::size_t first_panel, std::size_t last_panel,
                        float* buffer);
  void (*multiply)(const MultiplyBlock&);
  void (*predict_layer)(const LayerBlock&, std::size_t first_tile, std::size_t last_tile,
                        LayerScratch& scratch);
  // Before learn_layer: Gram matrices and row magnitudes of one input and chain.
  void (*prepare_chain)(const LayerBlock&, std::size_t input, std::size_t chain,
                        LayerScratch& scratch);
  void (*learn_layer)(const LayerBlock&, std::size_t first_tile, std::size_t last_tile,
                      LayerScratch& scratch);
  // target += source, clamped to ±bound; `size` is a multiple of sixteen.
  void (*add_row)(float* target, const float* source, std::size_t size, float bound);
  // Index of the first NaN or infinity, or `size`.
  std::size_t (*first_non_finite)(const float* input, std::size_t size);
  void (*logistic)(const float* input, float* output, std::size_t size);
  // Exposed for tests.
  float (*dot)(const float* a, const float* b, std::size_t size);
  float (*short_dot)(const float* a, const float* b);  // sixteen elements
  void (*update)(float* weights, const float* input, std::size_t size, float step, float bound);
  void (*exponential)(const float* input, float* output, std::size_t size);
  void (*logarithm)(const float* input, float* output, std::size_t size);
  MeasureKernels measure;
  TensorKernels tensors;
  DendriteKernels dendrites;
  GaussianKernels gaussian;
};

// Where chain number `chain` of a block begins and ends.
struct ChainRange {
  std::size_t first;
  std::size_t count;
};
inline ChainRange chain_range(const LayerBlock& block, std::size_t chain) {
  const std::size_t into = static_cast<std::size_t>(block.rows_before % kChainRows);
  const std::size_t begin = chain * kChainRows;
  const std::size_t first = begin > into ? begin - into : 0;
  const std::size_t end = begin + kChainRows - into;
  return {first, (end < block.rows ? end : block.rows) - first};
}
inline std::size_t chain_count(std::uint64_t rows_before, std::size_t rows) {
  return (static_cast<std::size_t>(rows_before % kChainRows) + rows + kChainRows - 1) / kChainRows;
}

}  // namespace gln

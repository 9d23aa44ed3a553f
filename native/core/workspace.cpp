#include "core/workspace.hpp"

#include <algorithm>

#include "core/hadamard.hpp"

namespace gln {
namespace {

constexpr std::size_t kMostRows = 8 * kChainRows;
constexpr std::size_t kBlockBytes = std::size_t{16} << 20;

// A chain's rows are transposed sixteen at a time: what lies behind the last row
// is read too.
constexpr std::size_t kRowsBehind = kLaneCount - 1;

// Layers that are chained through Gram matrices: all with rows that are not short.
bool is_chained(const LayerSizes& layer) { return layer.inputs > kShortLanes * kLaneCount; }

// Networks that have Gram matrices of their own: layer 0's is shared by all.
std::size_t gram_inputs(const NetworkOptions& options) {
  const std::vector<LayerSizes> layers = layer_sizes(options);
  const bool deep = std::any_of(layers.begin() + 1, layers.end(), is_chained);
  return deep ? options.networks : is_chained(layers.front()) ? 1 : 0;
}

// Chains that a block of `rows` rows may touch, and those of them that have Gram
// matrices.
std::size_t chains_of(std::size_t rows) { return rows / kChainRows + 1; }
std::size_t gram_chains(std::size_t rows) { return rows == 1 ? 0 : chains_of(rows); }

}  // namespace

std::vector<LayerSizes> layer_sizes(const NetworkOptions& options) {
  const std::size_t bias = options.bias ? 1 : 0;
  std::vector<LayerSizes> layers;
  std::size_t inputs = options.base_size + bias;
  const std::size_t gated = options.share_contexts ? 1 : options.networks;
  std::size_t first_gate = 0;
  for (const std::size_t neurons : options.layer_sizes) {
    const bool last = layers.size() + 1 == options.layer_sizes.size();
    layers.push_back(
        {neurons, inputs, padded_row(inputs), last ? 1 : padded_row(neurons + bias), first_gate});
    first_gate += gated * neurons;
    inputs = neurons + bias;
  }
  return layers;
}

std::size_t neuron_count(const NetworkOptions& options) {
  std::size_t neurons = 0;
  for (const std::size_t layer : options.layer_sizes) neurons += layer;
  return options.networks * neurons;
}

std::size_t gate_neuron_count(const NetworkOptions& options) {
  const std::size_t neurons = neuron_count(options);
  return options.share_contexts ? neurons / options.networks : neurons;
}

ThreadScratch::ThreadScratch(std::size_t rows, std::size_t context_count, std::size_t panels) {
  const bool chained = rows > 1;
  const std::size_t scratch_rows = chained ? kChainRows : 1;
  const std::size_t accumulators = kTileNeurons * (chained ? kAccumulatorStride : kLaneCount);
  const std::size_t scalars = scratch_rows * kTileNeurons;
  floats_ = AlignedArray<float>(accumulators + 2 * scalars + panels);
  scratch_.accumulators = floats_.data();
  scratch_.steps = scratch_.accumulators + accumulators;
  scratch_.sums = scratch_.steps + scalars;
  scratch_.panels = scratch_.sums + scalars;
  if (!chained) return;
  contexts_ = AlignedArray<std::int32_t>(scalars);
  shorts_ = AlignedArray<std::uint16_t>(scalars + context_count);
  groups_ = AlignedArray<ContextGroup>(scalars);
  counts_ = AlignedArray<std::size_t>(kTileNeurons);
  scratch_.contexts = contexts_.data();
  scratch_.order = shorts_.data();
  scratch_.slots = shorts_.data() + scalars;
  scratch_.groups = groups_.data();
  scratch_.group_count = counts_.data();
}

std::size_t ThreadScratch::bytes() const noexcept {
  return floats_.bytes() + contexts_.bytes() + shorts_.bytes() + groups_.bytes() + counts_.bytes();
}

std::size_t Workspace::largest_block(const NetworkOptions& options) {
  std::size_t floats = gate_neuron_count(options) + layer_sizes(options).front().stride;
  floats += gram_inputs(options) * kChainRows;
  for (const LayerSizes& layer : layer_sizes(options)) {
    floats += options.networks * layer.output_stride;
  }
  const std::size_t rows = kBlockBytes / (floats * sizeof(float)) / kChainRows * kChainRows;
  return std::clamp(rows, kChainRows, kMostRows);
}

Workspace::Workspace(const NetworkOptions& options, std::size_t rows) : capacity(rows) {
  const std::vector<LayerSizes> layers = layer_sizes(options);
  const std::size_t neurons = gate_neuron_count(options);
  const std::size_t networks = options.networks;
  const std::size_t contexts_of_neuron = std::size_t{1} << options.context_map_size;
  const std::size_t behind = rows > 1 ? kRowsBehind : 0;

  gram_stride = gram_chains(rows) * kChainRows * kChainRows;
  singly = AlignedArray<std::uint8_t>(gram_inputs(options) * chains_of(rows));
  gram = AlignedArray<float>(gram_inputs(options) * gram_stride);
  row_magnitudes = AlignedArray<float>(gram_inputs(options) * rows);

  base_logits = AlignedArray<float>((rows + behind) * layers.front().stride);
  const std::size_t groups = (neurons * options.context_map_size + kLaneCount - 1) / kLaneCount;
  masks = AlignedArray<std::uint16_t>(options.hadamard ? 0 : groups * rows);
  contexts = AlignedArray<std::uint16_t>(neurons * rows);
  targets = AlignedArray<float>(networks * rows);
  rates = AlignedArray<float>(rows);
  layer_rates = AlignedArray<float>(rows);
  sums = AlignedArray<float>(networks * rows);
  probabilities = AlignedArray<float>(rows);
  if (options.switching) {
    const std::size_t experts = neuron_count(options) / networks;
    mixed = AlignedArray<float>(networks * rows);
    expert_probabilities = AlignedArray<double>((networks + 1) * experts);
  }

  std::size_t widest_row = 0;
  for (const LayerSizes& layer : layers) {
    outputs.emplace_back((networks * rows + behind) * layer.output_stride);
    widest_row = std::max(widest_row, layer.stride);
  }
  if (options.bias) {
    for (std::size_t row = 0; row < rows; ++row) {
      base_logits[row * layers.front().stride + options.base_size] = kBiasLogit;
    }
    for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
      for (std::size_t row = 0; row < networks * rows; ++row) {
        outputs[i][row * layers[i].output_stride + layers[i].neurons] = kBiasLogit;
      }
    }
  }
  std::size_t panels = rows > 1 ? kChainRows * widest_row : 0;
  if (options.hadamard) {
    panels = std::max(panels, HadamardPlanes::buffer_size(options.side_info_size));
  }
  for (std::size_t i = 0; i < options.threads; ++i) {
    threads.emplace_back(rows, contexts_of_neuron, panels);
  }
}

std::size_t Workspace::bytes() const noexcept {
  std::size_t total = base_logits.bytes() + masks.bytes() + contexts.bytes() + targets.bytes() +
                      rates.bytes() + layer_rates.bytes() + sums.bytes() + probabilities.bytes() +
                      mixed.bytes() + expert_probabilities.bytes() + gram.bytes() +
                      row_magnitudes.bytes() + singly.bytes();
  for (const AlignedArray<float>& output : outputs) total += output.bytes();
  for (const ThreadScratch& thread : threads) total += thread.bytes();
  return total;
}

}  // namespace gln

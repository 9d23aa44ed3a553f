#include "core/dendritic_workspace.hpp"

#include <algorithm>

#include "core/options.hpp"

namespace gln {
namespace {

constexpr std::size_t kMostRows = 512;
constexpr std::size_t kFewestRows = 64;
constexpr std::size_t kBlockBytes = std::size_t{4} << 20;

std::size_t plane_groups(const DendriticOptions& options) {
  std::size_t neurons = 0;
  for (const std::size_t layer : options.layer_sizes) neurons += options.networks * layer;
  return (neurons * options.branches + kLaneCount - 1) / kLaneCount;
}

// Neurons that share weights depend on each other in every row.
std::size_t most_tile_neurons(const DendriticOptions& options) {
  if (!options.shared_weights) return kTileNeurons;
  return *std::max_element(options.layer_sizes.begin(), options.layer_sizes.end());
}

std::size_t shared_floats(const DendriticOptions& options) {
  if (!options.shared_weights) return 0;
  std::size_t widest = 0;
  for (const DendriticSizes& layer : dendritic_sizes(options)) {
    widest = std::max(widest, layer.stride);
  }
  return options.branches * widest;
}

}  // namespace

std::vector<DendriticSizes> dendritic_sizes(const DendriticOptions& options) {
  const std::size_t bias = options.bias ? 1 : 0;
  std::vector<DendriticSizes> layers;
  std::size_t inputs = options.value_size + bias;
  std::size_t first_neuron = 0;
  for (const std::size_t neurons : options.layer_sizes) {
    const bool last = layers.size() + 1 == options.layer_sizes.size();
    layers.push_back(
        {neurons, inputs, padded_row(inputs), last ? 1 : padded_row(neurons + bias), first_neuron});
    first_neuron += options.networks * neurons;
    inputs = neurons + bias;
  }
  return layers;
}

std::size_t DendriticWorkspace::largest_block(const DendriticOptions& options) {
  const std::vector<DendriticSizes> layers = dendritic_sizes(options);
  std::size_t bytes = layers.front().stride * sizeof(float);
  bytes += plane_groups(options) * sizeof(std::uint16_t);
  bytes += options.threads * most_tile_neurons(options) * sizeof(std::uint64_t);
  for (const DendriticSizes& layer : layers) {
    bytes += options.networks * layer.output_stride * sizeof(float);
  }
  return std::clamp(kBlockBytes / bytes / kFewestRows * kFewestRows, kFewestRows, kMostRows);
}

DendriticWorkspace::DendriticWorkspace(const DendriticOptions& options, std::size_t rows)
    : capacity(rows),
      tile_neurons(most_tile_neurons(options)),
      shared_size(shared_floats(options)),
      masks(plane_groups(options) * rows),
      open(options.threads * tile_neurons * rows),
      shared(options.threads * shared_size),
      sums(options.networks * rows),
      targets(options.networks * rows),
      rates(rows),
      probabilities(options.regression ? 0 : rows),
      units(options.standardize_targets ? rows : 0) {
  const std::vector<DendriticSizes> layers = dendritic_sizes(options);
  inputs = AlignedArray<float>(rows * layers.front().stride);
  for (const DendriticSizes& layer : layers) {
    outputs.emplace_back(options.networks * rows * layer.output_stride);
  }
  if (!options.bias) return;
  for (std::size_t row = 0; row < rows; ++row) {
    inputs[row * layers.front().stride + options.value_size] = kBiasLogit;
  }
  for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
    for (std::size_t row = 0; row < options.networks * rows; ++row) {
      outputs[i][row * layers[i].output_stride + layers[i].neurons] = kBiasLogit;
    }
  }
}

std::size_t DendriticWorkspace::bytes() const noexcept {
  std::size_t total = inputs.bytes() + masks.bytes() + open.bytes() + shared.bytes() +
                      sums.bytes() + targets.bytes() + rates.bytes() + probabilities.bytes() +
                      units.bytes();
  for (const AlignedArray<float>& output : outputs) total += output.bytes();
  return total;
}

}  // namespace gln

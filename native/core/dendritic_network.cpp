#include "core/dendritic_network.hpp"

#include <algorithm>
#include <cmath>

#include "core/parallel.hpp"
#include "core/random.hpp"

namespace gln {
namespace {

constexpr std::size_t kGroupsPerRange = 4;
// Tiles a thread should have for a layer's work to come out even.
constexpr std::size_t kTilesPerThread = 2;
constexpr std::size_t kSmallestTile = 4;

float bound_of(const DendriticOptions& options) {
  if (options.regression) return kLargestResponse;
  return static_cast<float>(
      natural_logarithm((1.0 - options.pred_clipping) / options.pred_clipping));
}

float bounded_response(double x) {
  constexpr double kLargest = double{kLargestResponse};
  return static_cast<float>(std::clamp(x, -kLargest, kLargest));
}

}  // namespace

DendriticNetwork::DendriticNetwork(const DendriticOptions& options, const KernelTable& kernels)
    : options_(options),
      kernels_(&kernels),
      output_bound_(bound_of(options)),
      pipeline_(options.stages, options.input_size, kernels),
      statistics_(all_statistics()),
      workspace_(options, 1) {
  std::size_t neurons = 0;
  for (const DendriticSizes& sizes : dendritic_sizes(options_)) {
    const std::size_t in_layer = options_.networks * sizes.neurons;
    layers_.push_back({sizes, AlignedArray<float>(in_layer * options_.branches * sizes.stride)});
    neurons += in_layer;
  }
  gates_ = Hyperplanes(neurons, options_.branches, options_.value_size);
  if (options_.randomize) randomize_gates();
}

// Those of the stages, then the target's.
std::vector<Statistics*> DendriticNetwork::all_statistics() {
  std::vector<Statistics*> all;
  pipeline_.list(&all);
  if (options_.standardize_targets) all.push_back(target_scale_.statistics());
  return all;
}

// All numbers of a neuron's halfspaces are normal: for each branch what the constant
// is multiplied by, then what the values are. They are then divided by the length of
// all of them but each branch's last. That is DeepMind's notebook to the letter,
// which has the constant first and so leaves out a value, not the constant.
void DendriticNetwork::randomize_gates() {
  Random random(options_.seed);
  const std::size_t size = options_.value_size;
  std::vector<double> numbers(options_.branches * (size + 1));
  std::vector<float> plane(size);
  const std::size_t neurons = layers_.back().sizes.first_neuron + options_.networks;
  for (std::size_t neuron = 0; neuron < neurons; ++neuron) {
    double square = 0.0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      numbers[i] = random.next_normal();
      if (i % (size + 1) != size) square += numbers[i] * numbers[i];
    }
    const double length = square > 0.0 ? std::sqrt(square) : 1.0;
    for (std::size_t branch = 0; branch < options_.branches; ++branch) {
      const double* from = numbers.data() + branch * (size + 1);
      for (std::size_t i = 0; i < size; ++i) plane[i] = static_cast<float>(from[i + 1] / length);
      gates_.set(neuron * options_.branches + branch, plane.data(),
                 static_cast<float>(-options_.gate_bias * from[0] / length));
    }
  }
}

// A network that only ever sees single rows keeps a small workspace.
void DendriticNetwork::reserve_rows(std::size_t rows) {
  const std::size_t wanted = std::min(rows, DendriticWorkspace::largest_block(options_));
  if (wanted > workspace_.capacity) workspace_ = DendriticWorkspace(options_, wanted);
}

// Values as layer 0 mixes them, and the gates of all layers.
void DendriticNetwork::prepare_rows(const RunRequest& request, std::size_t first_row,
                                    std::size_t rows, bool learning) {
  const float* values = request.base + first_row * options_.input_size;
  if (!pipeline_.empty()) values = pipeline_.run(values, rows, learning);
  const std::size_t size = options_.value_size;
  const std::size_t stride = layers_.front().sizes.stride;
  for (std::size_t row = 0; row < rows; ++row) {
    const float* from = values + row * size;
    float* to = workspace_.inputs.data() + row * stride;
    for (std::size_t i = 0; i < size; ++i) {
      to[i] = std::clamp(from[i], -output_bound_, output_bound_);
    }
  }
  find_gates(values, rows);
}

void DendriticNetwork::find_gates(const float* values, std::size_t rows) {
  const GateBlock block =
      gates_.gate_block(values, rows, workspace_.masks.data(), workspace_.capacity);
  auto gate = [&](std::size_t first, std::size_t last, std::size_t) {
    kernels_->gate(block, first, last);
  };
  const std::size_t groups = gates_.group_count();
  const double operations =
      static_cast<double>(groups * kLaneCount) * static_cast<double>(rows * gates_.size());
  parallel_ranges(threads_for(options_.threads, operations), groups, kGroupsPerRange, gate);
}

void DendriticNetwork::set_targets(const RunRequest& request, std::size_t first_row,
                                   std::size_t rows) {
  float* targets = workspace_.targets.data();
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t at = first_row + row;
    workspace_.rates[row] =
        request.rates != nullptr ? request.rates[at] : static_cast<float>(request.rate);
    if (options_.regression) {
      targets[row] = standardized_target(request.targets.real(at), row);
    } else if (options_.networks == 1) {
      targets[row] = static_cast<float>(request.targets.at(at));
    } else {
      for (std::size_t network = 0; network < options_.networks; ++network) {
        const bool own = network == request.targets.at(at);
        targets[network * workspace_.capacity + row] = own ? 1.0f : 0.0f;
      }
    }
  }
}

// A target as the network learns it, by those before it.
float DendriticNetwork::standardized_target(double target, std::size_t row) {
  if (!options_.standardize_targets) return bounded_response(target);
  const TargetUnits units = target_scale_.units();
  workspace_.units[row] = units;
  target_scale_.add(target);
  return bounded_response((target - units.mean) / units.deviation);
}

DendriteTile DendriticNetwork::tile_at(std::size_t index, std::size_t rows, std::size_t network,
                                       std::size_t first, std::size_t count) {
  Layer& layer = layers_[index];
  const DendriticSizes& sizes = layer.sizes;
  const std::size_t capacity = workspace_.capacity;
  DendriteTile tile = {};
  tile.rows = rows;
  tile.neurons = count;
  tile.branches = options_.branches;
  tile.lanes = (sizes.inputs + kLaneCount - 1) / kLaneCount;
  tile.stride = sizes.stride;
  tile.input = index == 0
                   ? workspace_.inputs.data()
                   : workspace_.outputs[index - 1].data() + network * capacity * sizes.stride;
  tile.weights =
      layer.weights.data() + (network * sizes.neurons + first) * options_.branches * sizes.stride;
  tile.output = workspace_.outputs[index].data() + network * capacity * sizes.output_stride + first;
  tile.output_stride = sizes.output_stride;
  tile.output_bound = output_bound_;
  tile.sums = index + 1 == layers_.size() ? workspace_.sums.data() + network * capacity : nullptr;
  tile.regression = options_.regression;
  tile.targets = workspace_.targets.data() + network * capacity;
  tile.rates = workspace_.rates.data();
  tile.weight_bound = static_cast<float>(options_.weight_clipping);
  return tile;
}

void DendriticNetwork::run_layer(std::size_t index, std::size_t rows, bool learning) {
  const DendriticSizes& sizes = layers_[index].sizes;
  // Narrower tiles where there would be fewer than the threads can share.
  std::size_t width = options_.shared_weights ? sizes.neurons : kTileNeurons;
  const auto tiles_per_network = [&] { return (sizes.neurons + width - 1) / width; };
  while (!options_.shared_weights && options_.threads > 1 && width > kSmallestTile &&
         options_.networks * tiles_per_network() < kTilesPerThread * options_.threads) {
    width /= 2;
  }
  const std::size_t tiles = tiles_per_network();
  const auto kernel = learning ? kernels_->dendrites.learn : kernels_->dendrites.predict;
  auto body = [&](std::size_t begin, std::size_t end, std::size_t worker) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t network = i / tiles;
      const std::size_t first = (i % tiles) * width;
      const std::size_t count = std::min(width, sizes.neurons - first);
      DendriteTile tile = tile_at(index, rows, network, first, count);
      const std::size_t neuron = sizes.first_neuron + network * sizes.neurons + first;
      std::uint64_t* open = workspace_.open_of(worker);
      gates_.words(workspace_.masks.data(), workspace_.capacity, rows, neuron, neuron + count, open,
                   workspace_.capacity);
      tile.open = open;
      tile.open_stride = workspace_.capacity;
      tile.shared = options_.shared_weights ? workspace_.shared_of(worker) : nullptr;
      kernel(tile);
    }
  };
  const double operations = static_cast<double>(options_.networks * sizes.neurons * sizes.stride) *
                            static_cast<double>(rows * options_.branches) * (learning ? 1.0 : 0.5);
  parallel_ranges(threads_for(options_.threads, operations), options_.networks * tiles, 1, body);
}

void DendriticNetwork::write_outputs(const RunRequest& request, std::size_t first_row,
                                     std::size_t rows, bool learning) {
  const std::size_t networks = options_.networks;
  const std::size_t capacity = workspace_.capacity;
  const float* sums = workspace_.sums.data();
  if (request.means != nullptr) {
    const float* responses = workspace_.outputs.back().data();
    for (std::size_t row = 0; row < rows; ++row) {
      double mean = static_cast<double>(responses[row]);
      if (options_.standardize_targets) {
        const TargetUnits units = learning ? workspace_.units[row] : target_scale_.units();
        mean = units.mean + units.deviation * mean;
      }
      request.means[first_row + row] = mean;
    }
  }
  for (std::size_t network = 0; request.probabilities != nullptr && network < networks; ++network) {
    float* probabilities = workspace_.probabilities.data();
    kernels_->logistic(workspace_.outputs.back().data() + network * capacity, probabilities, rows);
    for (std::size_t row = 0; row < rows; ++row) {
      request.probabilities[(first_row + row) * networks + network] = probabilities[row];
    }
  }
  for (std::size_t row = 0; request.classes != nullptr && row < rows; ++row) {
    std::size_t best = 0;
    if (networks == 1) best = sums[row] > 0.0f ? 1 : 0;
    // On the unclamped sums: clamped, all confident classes would tie.
    for (std::size_t network = 1; network < networks; ++network) {
      if (sums[network * capacity + row] > sums[best * capacity + row]) best = network;
    }
    request.classes[first_row + row] = static_cast<std::uint32_t>(best);
  }
}

std::size_t DendriticNetwork::run_part(const RunRequest& request, std::size_t first,
                                       std::size_t most) {
  const bool learning = request.learns(first);
  const std::size_t end = first + std::min(most, request.rows - first);
  std::size_t last = first + 1;
  if (request.rates == nullptr) last = end;
  while (last < end && request.learns(last) == learning) ++last;
  while (first < last) {
    const std::size_t rows = std::min(last - first, workspace_.capacity);
    prepare_rows(request, first, rows, learning);
    if (learning) set_targets(request, first, rows);
    for (std::size_t index = 0; index < layers_.size(); ++index) run_layer(index, rows, learning);
    write_outputs(request, first, rows, learning);
    if (learning) {
      rows_seen_ += rows;
      statistics_.commit();
    }
    first += rows;
  }
  return last;
}

void DendriticNetwork::abandon(const RunRequest& request, std::uint64_t) noexcept {
  if (request.targets) statistics_.roll_back();
}

std::size_t DendriticNetwork::bytes() const noexcept {
  std::size_t total = gates_.bytes() + workspace_.bytes() + pipeline_.bytes() + statistics_.bytes();
  for (const Layer& layer : layers_) total += layer.weights.bytes();
  return total;
}

DendriticNetwork::LayerShape DendriticNetwork::layer_shape(std::size_t layer) const {
  const DendriticSizes& sizes = layers_[layer].sizes;
  return {options_.networks * sizes.neurons, sizes.inputs};
}

void DendriticNetwork::get_layer(std::size_t index, float* weights, float* planes,
                                 float* offsets) const {
  const Layer& layer = layers_[index];
  const std::size_t rows = layer_shape(index).neurons * options_.branches;
  const std::size_t first_plane = layer.sizes.first_neuron * options_.branches;
  for (std::size_t row = 0; row < rows; ++row) {
    const float* from = layer.weights.data() + row * layer.sizes.stride;
    std::copy_n(from, layer.sizes.inputs, weights + row * layer.sizes.inputs);
    gates_.get(first_plane + row, planes + row * options_.value_size, offsets + row);
  }
}

void DendriticNetwork::set_layer(std::size_t index, const float* weights, const float* planes,
                                 const float* offsets) {
  Layer& layer = layers_[index];
  const std::size_t rows = layer_shape(index).neurons * options_.branches;
  const std::size_t first_plane = layer.sizes.first_neuron * options_.branches;
  const float bound = static_cast<float>(options_.weight_clipping);
  for (std::size_t row = 0; row < rows; ++row) {
    const float* from = weights + row * layer.sizes.inputs;
    float* to = layer.weights.data() + row * layer.sizes.stride;
    for (std::size_t i = 0; i < layer.sizes.inputs; ++i) to[i] = std::clamp(from[i], -bound, bound);
    gates_.set(first_plane + row, planes + row * options_.value_size, offsets[row]);
  }
}

}  // namespace gln

#include "core/network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/parallel.hpp"
#include "core/precise_base.hpp"
#include "core/random.hpp"

namespace gln {
namespace {

constexpr std::size_t kRowsPerRange = 8;
// Tiles a thread should have for a layer's work to come out even.
constexpr std::size_t kTilesPerThread = 2;
constexpr std::size_t kSmallestTile = 4;

}  // namespace

Network::Network(const NetworkOptions& options, const KernelTable& kernels)
    : options_(options),
      kernels_(&kernels),
      context_count_(std::size_t{1} << options.context_map_size),
      neuron_count_(gln::neuron_count(options)),
      logit_bound_(static_cast<float>(
          natural_logarithm((1.0 - options.pred_clipping) / options.pred_clipping))),
      base_pipeline_(options.base_stages, options.input_size, kernels),
      side_pipeline_(options.side_stages, options.side_input_size, kernels),
      statistics_(all_statistics()),
      gates_(options),
      workspace_(options, 1),
      mixture_(options.switching ? neuron_count_ / options.networks : 0, options.batch) {
  for (const LayerSizes& sizes : layer_sizes(options_)) {
    const float initial = static_cast<float>(1.0 / static_cast<double>(sizes.inputs));
    const std::size_t neurons = options_.networks * sizes.neurons;
    const std::size_t rows = neurons * context_count_;
    layers_.push_back(
        {sizes, WeightTable(rows, sizes.inputs, sizes.stride, initial),
         options_.batch ? WeightTable(rows, sizes.inputs, sizes.stride, 0.0f) : WeightTable(),
         std::vector<float>(neurons, initial)});
  }
}

// A network that only ever sees single rows keeps a small workspace.
void Network::reserve_rows(std::size_t rows) {
  if (rows <= workspace_.capacity) return;
  const std::size_t chains = (rows + kChainRows - 1) / kChainRows;
  const std::size_t wanted = std::min(chains * kChainRows, Workspace::largest_block(options_));
  if (wanted > workspace_.capacity) workspace_ = Workspace(options_, wanted);
}

// Rows of the next block. A learning block ends with a whole chain.
std::size_t Network::next_block(std::size_t left, bool learning) const {
  const std::size_t into =
      learning && workspace_.capacity > 1 ? static_cast<std::size_t>(rows_seen_ % kChainRows) : 0;
  return std::min(left, workspace_.capacity - into);
}

// Base logits and contexts of rows, as the stages before them make them.
void Network::prepare_rows(const RunRequest& request, std::size_t first_row, std::size_t rows,
                           bool learning) {
  const float* side_info = request.side_info + first_row * options_.side_input_size;
  if (!side_pipeline_.empty()) side_info = side_pipeline_.run(side_info, rows, learning);
  if (request.precise_base != nullptr) {
    predict_precise_bases(request.precise_base + first_row * options_.input_size, rows);
  } else {
    const float* base = request.base + first_row * options_.input_size;
    if (!base_pipeline_.empty()) base = base_pipeline_.run(base, rows, learning);
    if (options_.side_from_base) side_info = base;
    predict_bases(base, rows);
  }
  gates_.find_contexts(*kernels_, side_info, rows, &workspace_);
}

// Those for the base, then those for the gates.
std::vector<Statistics*> Network::all_statistics() {
  std::vector<Statistics*> all;
  base_pipeline_.list(&all);
  side_pipeline_.list(&all);
  return all;
}

void Network::predict_bases(const float* base, std::size_t rows) {
  const double ratio = (1.0 - options_.pred_clipping) / options_.pred_clipping;
  const std::size_t stride = layers_.front().sizes.stride;
  const std::size_t size = options_.base_size;
  auto body = [&](std::size_t first, std::size_t last, std::size_t) {
    kernels_->base_logits({options_.base_predictor, base + first * size, last - first, size,
                           workspace_.base_logits.data() + first * stride, stride,
                           static_cast<float>(ratio)});
  };
  constexpr double kOperationsAValue = 25.0;
  const double operations = kOperationsAValue * static_cast<double>(rows * size) / kLaneCount;
  parallel_ranges(threads_for(options_.threads, operations), rows, kRowsPerRange, body);
}

void Network::predict_precise_bases(const double* base, std::size_t rows) {
  const std::size_t stride = layers_.front().sizes.stride;
  const double ratio = (1.0 - options_.pred_clipping) / options_.pred_clipping;
  for (std::size_t row = 0; row < rows; ++row) {
    precise_base_logits(options_.base_predictor, base + row * options_.base_size,
                        options_.base_size, ratio, workspace_.base_logits.data() + row * stride);
  }
}

// Memory for all rows that the block will update, before any of them is.
void Network::touch_rows(std::size_t rows) {
  for (Layer& layer : layers_) {
    WeightTable* deltas = options_.batch ? &layer.deltas : nullptr;
    const std::size_t neurons = options_.networks * layer.sizes.neurons;
    const std::size_t gated = options_.share_contexts ? layer.sizes.neurons : neurons;
    for (std::size_t neuron = 0; neuron < neurons; ++neuron) {
      const std::uint16_t* contexts =
          workspace_.contexts.data() +
          (layer.sizes.first_gate + neuron % gated) * workspace_.capacity;
      const std::size_t first = neuron * context_count_;
      for (std::size_t row = 0; row < rows; ++row) {
        layer.weights.touch(first + contexts[row]);
        if (deltas != nullptr) deltas->touch(first + contexts[row]);
      }
    }
  }
}

void Network::set_targets(const RunRequest& request, std::size_t first_row, std::size_t rows) {
  float* targets = workspace_.targets.data();
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint32_t target = request.targets.at(first_row + row);
    if (options_.networks == 1) {
      targets[row] = static_cast<float>(target);
    } else {
      for (std::size_t network = 0; network < options_.networks; ++network) {
        targets[network * workspace_.capacity + row] = network == target ? 1.0f : 0.0f;
      }
    }
    workspace_.rates[row] = request.rates != nullptr ? request.rates[first_row + row]
                                                     : static_cast<float>(request.rate);
  }
}

LayerBlock Network::layer_block(std::size_t index, std::size_t rows) {
  Layer& layer = layers_[index];
  const LayerSizes& sizes = layer.sizes;
  const bool last = index + 1 == layers_.size();
  LayerBlock block = {};
  block.rows = rows;
  block.capacity = workspace_.capacity;
  block.neurons = sizes.neurons;
  block.inputs = sizes.inputs;
  block.stride = sizes.stride;
  // Narrower tiles where there would be fewer than the threads can share.
  block.tile_width = kTileNeurons;
  const auto tiles = [&] {
    return options_.networks * ((sizes.neurons + block.tile_width - 1) / block.tile_width);
  };
  while (options_.threads > 1 && block.tile_width > kSmallestTile &&
         tiles() < kTilesPerThread * options_.threads) {
    block.tile_width /= 2;
  }
  block.tiles_per_network = tiles() / options_.networks;
  if (index == 0) {
    block.input = workspace_.base_logits.data();
  } else {
    block.input = workspace_.outputs[index - 1].data();
    block.network_stride = workspace_.capacity * sizes.stride;
  }
  block.contexts = workspace_.contexts.data() + sizes.first_gate * workspace_.capacity;
  block.context_neurons = options_.share_contexts ? 0 : sizes.neurons;
  block.context_count = context_count_;
  block.weight_rows = layer.weights.rows();
  block.output = workspace_.outputs[index].data();
  block.output_stride = sizes.output_stride;
  block.output_network_stride = workspace_.capacity * sizes.output_stride;
  block.sums = last ? workspace_.sums.data() : nullptr;
  block.logit_bound = logit_bound_;

  block.rows_before = rows_seen_;
  block.coupled = !options_.batch;
  block.update_rows = options_.batch ? layer.deltas.rows() : layer.weights.rows();
  block.targets = workspace_.targets.data();
  block.rates = workspace_.layer_rates.data();
  block.weight_bound = options_.batch ? std::numeric_limits<float>::infinity()
                                      : static_cast<float>(options_.weight_clipping);
  block.neuron_bounds = layer.magnitudes.data();
  block.gram = workspace_.gram.data();
  block.gram_stride = workspace_.gram_stride;
  block.row_magnitudes = workspace_.row_magnitudes.data();
  block.singly = workspace_.singly.data();
  block.singly_stride = workspace_.capacity / kChainRows + 1;
  block.always_chained = options_.always_chained;
  return block;
}

// Gram matrices of every input that the layer's networks see.
void Network::prepare_chains(const LayerBlock& block) {
  if (block.inputs <= kShortLanes * kLaneCount) return;
  const std::size_t inputs = block.network_stride == 0 ? 1 : options_.networks;
  const std::size_t chains = chain_count(block.rows_before, block.rows);
  auto body = [&](std::size_t first, std::size_t last, std::size_t worker) {
    for (std::size_t i = first; i < last; ++i) {
      kernels_->prepare_chain(block, i / chains, i % chains, workspace_.threads[worker].scratch());
    }
  };
  const double operations =
      static_cast<double>(inputs * block.inputs) * static_cast<double>(block.rows * kChainRows / 2);
  parallel_ranges(threads_for(options_.threads, operations), inputs * chains, 1, body);
}

void Network::scale_rates(std::size_t layer, std::size_t rows) {
  const float factor = options_.layer_rates.empty() ? 1.0f : options_.layer_rates[layer];
  for (std::size_t row = 0; row < rows; ++row) {
    workspace_.layer_rates[row] = factor * workspace_.rates[row];
  }
}

void Network::run_layers(std::size_t rows, bool learning) {
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    const LayerBlock block = layer_block(index, rows);
    if (learning) {
      scale_rates(index, rows);
      prepare_chains(block);
    }
    const auto kernel = learning ? kernels_->learn_layer : kernels_->predict_layer;
    auto body = [&](std::size_t first, std::size_t last, std::size_t worker) {
      kernel(block, first, last, workspace_.threads[worker].scratch());
    };
    const double operations =
        static_cast<double>(options_.networks * block.neurons * block.stride) *
        static_cast<double>(rows * (learning ? 2 : 1));
    parallel_ranges(threads_for(options_.threads, operations),
                    options_.networks * block.tiles_per_network, 1, body);
  }
}

void Network::apply_deltas() {
  const float bound = static_cast<float>(options_.weight_clipping);
  for (Layer& layer : layers_) {
    for (std::size_t row = 0; row < layer.deltas.size(); ++row) {
      if (!layer.deltas.touched(row)) continue;
      kernels_->add_row(layer.weights.rows()[row], layer.deltas.rows()[row], layer.sizes.stride,
                        bound);
    }
    layer.deltas.reset();
  }
}

// A batch that could not be finished leaves the network as it was.
void Network::abandon_deltas(std::uint64_t rows_seen) noexcept {
  for (Layer& layer : layers_) layer.deltas.reset();
  rows_seen_ = rows_seen;
}

std::size_t Network::run_part(const RunRequest& request, std::size_t first, std::size_t most) {
  const bool learning = request.learns(first);
  std::size_t end = request.rows;
  if (most < request.rows - first) {
    end = first + most;
    if (learning) {
      // A cut inside a chain would round its sums in another way.
      const std::size_t over = static_cast<std::size_t>((rows_seen_ + most) % kChainRows);
      if (over >= most) return first;
      end -= over;
    }
  }
  std::size_t last = first + 1;
  if (request.rates == nullptr) last = end;
  while (last < end && request.learns(last) == learning) ++last;
  run_blocks(request, first, last, learning);
  return last;
}

void Network::finish(const RunRequest& request) {
  if (!request.targets || !options_.batch) return;
  apply_deltas();
  statistics_.commit();
  mixture_.commit();
}

void Network::abandon(const RunRequest& request, std::uint64_t rows_before) noexcept {
  if (!request.targets) return;
  statistics_.roll_back();
  mixture_.roll_back();
  if (options_.batch) abandon_deltas(rows_before);
}

bool Network::divisible(const RunRequest& request) const noexcept {
  return !request.targets || !options_.batch || (base_pipeline_.empty() && side_pipeline_.empty());
}

void Network::run_blocks(const RunRequest& request, std::size_t first, std::size_t last,
                         bool learning) {
  while (first < last) {
    const std::size_t rows = next_block(last - first, learning);
    prepare_rows(request, first, rows, learning);
    if (learning) {
      touch_rows(rows);
      set_targets(request, first, rows);
    }
    run_layers(rows, learning);
    if (options_.averaged_layers > 0) average_outputs(rows);
    if (options_.switching) mix_outputs(rows, learning);
    write_outputs(request, first, rows);
    if (learning) rows_seen_ += rows;
    if (learning && !options_.batch) statistics_.commit();
    first += rows;
  }
}

std::size_t Network::bytes() const noexcept {
  std::size_t total = gates_.bytes() + workspace_.bytes() + base_pipeline_.bytes() +
                      side_pipeline_.bytes() + statistics_.bytes() + mixture_.bytes();
  for (const Layer& layer : layers_) {
    total += layer.weights.bytes() + layer.deltas.bytes() + layer.magnitudes.size() * sizeof(float);
  }
  return total;
}

}  // namespace gln

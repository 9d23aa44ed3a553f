#include "core/network.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

#include "core/parallel.hpp"
#include "core/random.hpp"

namespace gln {
namespace {

// Below this many multiply-adds (some 20 µs) a second thread costs more than it
// brings.
constexpr double kSmallestParallelJob = 1e6;
constexpr std::size_t kNeuronsPerRange = 16;
constexpr std::size_t kGroupsPerRange = 4;
constexpr std::size_t kRowsPerRange = 8;

}  // namespace

Network::Network(const NetworkOptions& options, const KernelTable& kernels)
    : options_(options),
      kernels_(&kernels),
      context_count_(std::size_t{1} << options.context_map_size),
      logit_bound_(static_cast<float>(
          natural_logarithm((1.0 - options.pred_clipping) / options.pred_clipping))) {
  const std::size_t bias = options_.bias ? 1 : 0;
  std::size_t inputs = options_.base_size + bias;
  const std::size_t first_stride = padded_row(inputs);
  for (std::size_t neurons : options_.layer_sizes) {
    const bool last = layers_.size() + 1 == options_.layer_sizes.size();
    const std::size_t stride = padded_row(inputs);
    const float initial = static_cast<float>(1.0 / static_cast<double>(inputs));
    const std::size_t rows = options_.networks * neurons * context_count_;
    const std::size_t output_stride = last ? 1 : padded_row(neurons + bias);
    layers_.push_back(
        {neurons, inputs, stride, neuron_count_, WeightTable(rows, inputs, stride, initial),
         options_.batch ? WeightTable(rows, inputs, stride, 0.0f) : WeightTable(),
         AlignedArray<float>(options_.networks * kBlockRows * output_stride), output_stride});
    if (!last && options_.bias) {
      float* output = layers_.back().output.data();
      for (std::size_t row = 0; row < options_.networks * kBlockRows; ++row) {
        output[row * output_stride + neurons] = kBiasLogit;
      }
    }
    neuron_count_ += options_.networks * neurons;
    inputs = neurons + bias;
  }

  hyperplanes_ = Hyperplanes(neuron_count_, options_.context_map_size, options_.side_info_size);
  if (options_.randomize) {
    Random random(options_.seed);
    hyperplanes_.randomize(&random, options_.context_bias, options_.context_bias_scale);
  }

  base_logits_ = AlignedArray<float>(kBlockRows * first_stride);
  if (options_.bias) {
    for (std::size_t row = 0; row < kBlockRows; ++row) {
      base_logits_[row * first_stride + options_.base_size] = kBiasLogit;
    }
  }
  masks_ = AlignedArray<std::uint16_t>(hyperplanes_.group_count() * kBlockRows);
  contexts_ = AlignedArray<std::uint16_t>(neuron_count_ * kBlockRows);
  targets_ = AlignedArray<float>(options_.networks * kBlockRows);
  rates_ = AlignedArray<float>(kBlockRows);
  sums_ = AlignedArray<float>(options_.networks * kBlockRows);
  probabilities_ = AlignedArray<float>(options_.networks * kBlockRows);
}

std::size_t Network::threads_for(double operations) const noexcept {
  return operations < kSmallestParallelJob ? 1 : options_.threads;
}

void Network::predict_bases(const float* base, std::size_t rows) {
  const double ratio = (1.0 - options_.pred_clipping) / options_.pred_clipping;
  const std::size_t stride = layers_.front().stride;
  const std::size_t size = options_.base_size;
  auto body = [&](std::size_t first, std::size_t last) {
    kernels_->base_logits({options_.base_predictor, base + first * size, last - first, size,
                           base_logits_.data() + first * stride, stride,
                           static_cast<float>(ratio)});
  };
  constexpr double kOperationsAValue = 25.0;
  const double operations = kOperationsAValue * static_cast<double>(rows * size);
  parallel_ranges(threads_for(operations), rows, kRowsPerRange, body);
}

void Network::gate_rows(const float* side_info, std::size_t rows) {
  const GateBlock block = hyperplanes_.gate_block(side_info, rows, masks_.data(), kBlockRows);
  auto gate = [&](std::size_t first, std::size_t last) { kernels_->gate(block, first, last); };
  const std::size_t groups = hyperplanes_.group_count();
  const double operations =
      static_cast<double>(groups * kLaneCount) * static_cast<double>(rows * hyperplanes_.size());
  parallel_ranges(threads_for(operations), groups, kGroupsPerRange, gate);

  hyperplanes_.contexts(masks_.data(), kBlockRows, rows, 0, neuron_count_, contexts_.data(),
                        kBlockRows);
}

// Memory for all rows that the block will update, before any of them is.
void Network::touch_rows(std::size_t rows) {
  for (Layer& layer : layers_) {
    WeightTable* deltas = options_.batch ? &layer.deltas : nullptr;
    const std::size_t neurons = options_.networks * layer.neurons;
    for (std::size_t neuron = 0; neuron < neurons; ++neuron) {
      const std::uint16_t* contexts = contexts_.data() + (layer.first_neuron + neuron) * kBlockRows;
      const std::size_t first = neuron * context_count_;
      for (std::size_t row = 0; row < rows; ++row) {
        layer.weights.touch(first + contexts[row]);
        if (deltas != nullptr) deltas->touch(first + contexts[row]);
      }
    }
  }
}

void Network::set_targets(const RunRequest& request, std::size_t first_row, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint32_t target = request.targets.at(first_row + row);
    if (options_.networks == 1) {
      targets_[row] = static_cast<float>(target);
    } else {
      for (std::size_t network = 0; network < options_.networks; ++network) {
        targets_[network * kBlockRows + row] = network == target ? 1.0f : 0.0f;
      }
    }
    rates_[row] = request.rates != nullptr ? request.rates[first_row + row] : request.rate;
  }
}

LayerBlock Network::layer_block(std::size_t index, std::size_t rows) {
  Layer& layer = layers_[index];
  const bool last = index + 1 == layers_.size();
  LayerBlock block = {};
  block.rows = rows;
  block.neurons = layer.neurons;
  block.stride = layer.stride;
  if (index == 0) {
    block.input = base_logits_.data();
  } else {
    block.input = layers_[index - 1].output.data();
    block.network_stride = kBlockRows * layer.stride;
  }
  block.contexts = contexts_.data() + layer.first_neuron * kBlockRows;
  block.context_count = context_count_;
  block.weight_rows = layer.weights.rows();
  block.output = layer.output.data();
  block.output_stride = layer.output_stride;
  block.output_network_stride = kBlockRows * layer.output_stride;
  block.sums = last ? sums_.data() : nullptr;
  block.logit_bound = logit_bound_;
  block.update_rows = options_.batch ? layer.deltas.rows() : layer.weights.rows();
  block.targets = targets_.data();
  block.rates = rates_.data();
  block.weight_bound = options_.batch ? std::numeric_limits<float>::infinity()
                                      : static_cast<float>(options_.weight_clipping);
  return block;
}

void Network::run_layers(std::size_t rows, bool learning) {
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    const LayerBlock block = layer_block(index, rows);
    const auto kernel = learning ? kernels_->learn_layer : kernels_->predict_layer;
    auto body = [&](std::size_t first, std::size_t last) { kernel(block, first, last); };
    const std::size_t neurons = options_.networks * block.neurons;
    const double operations = static_cast<double>(neurons * block.stride) *
                              static_cast<double>(rows * (learning ? 2 : 1));
    parallel_ranges(threads_for(operations), neurons, kNeuronsPerRange, body);
  }
}

void Network::write_outputs(const RunRequest& request, std::size_t first_row, std::size_t rows) {
  const std::size_t networks = options_.networks;
  if (request.logits != nullptr) {
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t network = 0; network < networks; ++network) {
        request.logits[(first_row + row) * networks + network] = sums_[network * kBlockRows + row];
      }
    }
  }
  if (request.probabilities != nullptr) {
    for (std::size_t network = 0; network < networks; ++network) {
      const std::size_t at = network * kBlockRows;
      kernels_->logistic(layers_.back().output.data() + at, probabilities_.data() + at, rows);
      for (std::size_t row = 0; row < rows; ++row) {
        request.probabilities[(first_row + row) * networks + network] = probabilities_[at + row];
      }
    }
  }
  if (request.classes != nullptr) {
    for (std::size_t row = 0; row < rows; ++row) {
      std::size_t best = 0;
      if (networks == 1) {
        best = sums_[row] > 0.0f ? 1 : 0;
      } else {
        // On the unclamped sums: clamped, all confident classes would tie.
        for (std::size_t network = 1; network < networks; ++network) {
          if (sums_[network * kBlockRows + row] > sums_[best * kBlockRows + row]) best = network;
        }
      }
      request.classes[first_row + row] = static_cast<std::uint32_t>(best);
    }
  }
}

void Network::apply_deltas() {
  const float bound = static_cast<float>(options_.weight_clipping);
  for (Layer& layer : layers_) {
    for (std::size_t row = 0; row < layer.deltas.size(); ++row) {
      if (!layer.deltas.touched(row)) continue;
      kernels_->add_row(layer.weights.rows()[row], layer.deltas.rows()[row], layer.stride, bound);
    }
    layer.deltas.reset();
  }
}

// A batch that could not be finished leaves the network as it was.
void Network::abandon_deltas(std::uint64_t rows_seen) noexcept {
  for (Layer& layer : layers_) layer.deltas.reset();
  rows_seen_ = rows_seen;
}

void Network::run(const RunRequest& request) {
  const std::uint64_t rows_before = rows_seen_;
  try {
    run_blocks(request);
  } catch (const std::bad_alloc&) {
    if (options_.batch) abandon_deltas(rows_before);
    throw;
  }
  if (request.targets && options_.batch) apply_deltas();
}

void Network::run_blocks(const RunRequest& request) {
  const bool learning = static_cast<bool>(request.targets);
  for (std::size_t first = 0; first < request.rows; first += kBlockRows) {
    const std::size_t rows = std::min(kBlockRows, request.rows - first);
    predict_bases(request.base + first * options_.base_size, rows);
    gate_rows(request.side_info + first * options_.side_info_size, rows);
    if (learning) {
      touch_rows(rows);
      set_targets(request, first, rows);
    }
    run_layers(rows, learning);
    write_outputs(request, first, rows);
    if (learning) rows_seen_ += rows;
  }
}

void Network::layer_logits(const float* base, const float* side_info, float* out) {
  predict_bases(base, 1);
  gate_rows(side_info, 1);
  run_layers(1, false);
  for (const Layer& layer : layers_) {
    for (std::size_t network = 0; network < options_.networks; ++network) {
      const float* from = layer.output.data() + network * kBlockRows * layer.output_stride;
      out = std::copy(from, from + layer.neurons, out);
    }
  }
}

void Network::contexts(const float* side_info, std::uint32_t* out) {
  gate_rows(side_info, 1);
  for (std::size_t neuron = 0; neuron < neuron_count_; ++neuron) {
    out[neuron] = contexts_[neuron * kBlockRows];
  }
}

Network::LayerShape Network::layer_shape(std::size_t index) const {
  const Layer& layer = layers_[index];
  return {layer.neurons, context_count_, layer.inputs};
}

void Network::get_layer(std::size_t index, float* weights, float* planes, float* plane_bias) const {
  const Layer& layer = layers_[index];
  for (std::size_t row = 0; row < layer.weights.size(); ++row) {
    const float* from = layer.weights.rows()[row];
    weights = std::copy(from, from + layer.inputs, weights);
  }
  const std::size_t first = layer.first_neuron * options_.context_map_size;
  const std::size_t count = options_.networks * layer.neurons * options_.context_map_size;
  for (std::size_t plane = 0; plane < count; ++plane) {
    hyperplanes_.get(first + plane, planes + plane * hyperplanes_.size(), plane_bias + plane);
  }
}

void Network::set_layer(std::size_t index, const float* weights, const float* planes,
                        const float* plane_bias) {
  Layer& layer = layers_[index];
  for (std::size_t row = 0; row < layer.weights.size(); ++row) layer.weights.touch(row);
  for (std::size_t row = 0; row < layer.weights.size(); ++row) {
    std::copy_n(weights + row * layer.inputs, layer.inputs, layer.weights.rows()[row]);
  }
  const std::size_t first = layer.first_neuron * options_.context_map_size;
  const std::size_t count = options_.networks * layer.neurons * options_.context_map_size;
  for (std::size_t plane = 0; plane < count; ++plane) {
    hyperplanes_.set(first + plane, planes + plane * hyperplanes_.size(), plane_bias[plane]);
  }
}

std::size_t Network::bytes() const noexcept {
  std::size_t total = hyperplanes_.bytes() + base_logits_.bytes() + masks_.bytes() +
                      contexts_.bytes() + targets_.bytes() + rates_.bytes() + sums_.bytes() +
                      probabilities_.bytes();
  for (const Layer& layer : layers_) {
    total += layer.weights.bytes() + layer.deltas.bytes() + layer.output.bytes();
  }
  return total;
}

}  // namespace gln

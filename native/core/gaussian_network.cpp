#include "core/gaussian_network.hpp"

#include <algorithm>
#include <cmath>

#include "core/parallel.hpp"

namespace gln {
namespace {

constexpr std::size_t kMostRows = 256;
constexpr std::size_t kBlockBytes = std::size_t{8} << 20;
// Standardised targets are learned within ± this: one step from further out could
// leave the range of weights, and those do not come back.
constexpr double kLargestTarget = 4.0;

// Padded to whole lanes.
std::size_t padded(std::size_t doubles) {
  return (doubles + kDoubleLanes - 1) / kDoubleLanes * kDoubleLanes;
}

}  // namespace

GaussianNetwork::GaussianNetwork(const GaussianOptions& options, const KernelTable& kernels)
    : options_(options),
      kernels_(&kernels),
      context_count_(std::size_t{1} << options.context_map_size),
      base_pipeline_(options.base_stages, options.input_size, kernels),
      side_pipeline_(options.side_stages, options.side_input_size, kernels),
      statistics_(all_statistics()) {
  std::size_t below = options_.base_size;
  for (const std::size_t neurons : options_.layer_sizes) {
    const std::size_t inputs = below + options_.bias_length;
    const std::size_t stride = padded(inputs);
    layers_.push_back({neurons,
                       inputs,
                       stride,
                       padded(neurons),
                       neuron_count_,
                       DoubleWeightTable(neurons * context_count_, inputs, stride,
                                         1.0 / static_cast<double>(inputs)),
                       {},
                       {},
                       {},
                       {}});
    neuron_count_ += neurons;
    below = neurons;
  }
  gates_ = BlockGates(neuron_count_, options_.context_map_size, options_.side_info_size);
  if (options_.randomize) {
    Random random(options_.seed);
    gates_.planes().randomize(&random, options_.context_bias, options_.context_bias_scale,
                              options_.gate_features);
  }
  if (options_.switching) {
    mixture_ = SwitchingMixture(neuron_count_, false);
    experts_ = AlignedArray<double>(3 * neuron_count_);
  }
  reserve_rows(1);
}

std::vector<Statistics*> GaussianNetwork::all_statistics() {
  std::vector<Statistics*> all;
  base_pipeline_.list(&all);
  side_pipeline_.list(&all);
  if (options_.standardize_targets) all.push_back(target_scale_.statistics());
  return all;
}

std::size_t GaussianNetwork::largest_block() const noexcept {
  std::size_t bytes = 0;
  for (const Layer& layer : layers_) {
    bytes += 2 * sizeof(double) * (layer.stride + layer.output_stride);
  }
  return std::clamp(kBlockBytes / bytes, std::size_t{1}, kMostRows);
}

// Bias inputs come last; they are the same for all rows.
void GaussianNetwork::write_bias_inputs(Layer* layer) const {
  const std::size_t count = options_.bias_length;
  const std::size_t first = layer->inputs - count;
  const double precision = 1.0 / options_.bias_variance;
  for (std::size_t row = 0; row < layer->precisions.size() / layer->stride; ++row) {
    for (std::size_t i = 0; i < count; ++i) {
      const double share =
          count == 1 ? 0.0 : static_cast<double>(2 * i) / static_cast<double>(count - 1);
      const double mean = options_.bias_max_mean * (share - 1.0);
      layer->precisions[row * layer->stride + first + i] = precision;
      layer->scaled_means[row * layer->stride + first + i] = mean * precision;
    }
  }
}

// A network that only ever sees single rows keeps little memory.
void GaussianNetwork::reserve_rows(std::size_t rows) {
  const std::size_t wanted = std::min(rows, largest_block());
  if (wanted <= capacity_) return;
  capacity_ = 0;
  for (Layer& layer : layers_) {
    layer.precisions = AlignedArray<double>(wanted * layer.stride);
    layer.scaled_means = AlignedArray<double>(wanted * layer.stride);
    layer.means = AlignedArray<double>(wanted * layer.output_stride);
    layer.variances = AlignedArray<double>(wanted * layer.output_stride);
    write_bias_inputs(&layer);
  }
  row_sums_ = AlignedArray<GaussianRowSums>(wanted);
  targets_ = AlignedArray<double>(wanted);
  rates_ = AlignedArray<double>(wanted);
  layer_rates_ = AlignedArray<double>(wanted);
  units_.resize(wanted);
  gates_.reserve(wanted);
  capacity_ = wanted;
}

// Layer 0's inputs, and the contexts, as the stages before them make rows.
void GaussianNetwork::prepare_rows(const RunRequest& request, std::size_t first, std::size_t rows,
                                   bool learning) {
  const float* side_info = request.side_info + first * options_.side_input_size;
  if (!side_pipeline_.empty()) side_info = side_pipeline_.run(side_info, rows, learning);
  Layer& layer = layers_.front();
  const double precision = 1.0 / options_.input_variance;
  const std::size_t size = options_.base_size;
  const auto fill = [&](const auto* base) {
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t i = 0; i < size; ++i) {
        layer.precisions[row * layer.stride + i] = precision;
        layer.scaled_means[row * layer.stride + i] =
            precision * static_cast<double>(base[row * size + i]);
      }
    }
  };
  if (request.precise_base != nullptr) {
    fill(request.precise_base + first * size);
  } else {
    const float* base = request.base + first * options_.input_size;
    if (!base_pipeline_.empty()) base = base_pipeline_.run(base, rows, learning);
    if (options_.side_from_base) side_info = base;
    fill(base);
  }
  gates_.find_contexts(*kernels_, side_info, rows, options_.threads);
}

// Memory for all rows that the block will update, before any of them is.
void GaussianNetwork::touch_rows(std::size_t rows) {
  for (Layer& layer : layers_) {
    for (std::size_t neuron = 0; neuron < layer.neurons; ++neuron) {
      const std::uint16_t* contexts = gates_.contexts(layer.first_neuron + neuron);
      const std::size_t first = neuron * context_count_;
      for (std::size_t row = 0; row < rows; ++row) layer.weights.touch(first + contexts[row]);
    }
  }
}

// A target is standardised with those before it, and only then counted.
void GaussianNetwork::set_targets(const RunRequest& request, std::size_t first, std::size_t rows,
                                  bool learning) {
  const bool standardizes = options_.standardize_targets;
  for (std::size_t row = 0; row < rows; ++row) {
    const TargetUnits units = standardizes ? target_scale_.units() : TargetUnits{};
    units_[row] = units;
    if (!learning) continue;
    const double target = request.targets.real(first + row);
    targets_[row] = target;
    rates_[row] =
        request.rates != nullptr ? static_cast<double>(request.rates[first + row]) : request.rate;
    if (!standardizes) continue;
    const double away = (target - units.mean) / units.deviation;
    targets_[row] = std::clamp(away, -kLargestTarget, kLargestTarget);
    target_scale_.add(target);
  }
}

void GaussianNetwork::sum_rows(const Layer& layer, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    const double* precisions = layer.precisions.data() + row * layer.stride;
    const double* scaled = layer.scaled_means.data() + row * layer.stride;
    GaussianRowSums sums = {0.0, 0.0, 0.0};
    for (std::size_t i = 0; i < layer.inputs; ++i) {
      sums.squares += precisions[i] * precisions[i];
      sums.square_means += precisions[i] * scaled[i];
      sums.square_mean_squares += scaled[i] * scaled[i];
    }
    row_sums_[row] = sums;
  }
}

// What a layer predicts is what the next one mixes.
void GaussianNetwork::hand_on(const Layer& from, Layer* to, std::size_t rows) const {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t neuron = 0; neuron < from.neurons; ++neuron) {
      const std::size_t at = row * from.output_stride + neuron;
      const double precision = 1.0 / from.variances[at];
      to->precisions[row * to->stride + neuron] = precision;
      to->scaled_means[row * to->stride + neuron] = precision * from.means[at];
    }
  }
}

void GaussianNetwork::run_layers(std::size_t rows, bool learning) {
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    Layer& layer = layers_[index];
    sum_rows(layer, rows);
    if (learning) {
      const double factor = options_.layer_rates.empty() ? 1.0 : options_.layer_rates[index];
      for (std::size_t row = 0; row < rows; ++row) layer_rates_[row] = factor * rates_[row];
    }
    const GaussianBlock block = {rows,
                                 gates_.capacity(),
                                 layer.stride,
                                 layer.precisions.data(),
                                 layer.scaled_means.data(),
                                 row_sums_.data(),
                                 gates_.contexts(layer.first_neuron),
                                 context_count_,
                                 layer.weights.rows(),
                                 options_.least_weight,
                                 options_.largest_weight,
                                 options_.min_variance,
                                 options_.max_variance,
                                 options_.largest_mean,
                                 layer.means.data(),
                                 layer.variances.data(),
                                 layer.output_stride,
                                 targets_.data(),
                                 layer_rates_.data(),
                                 options_.robust};
    const auto kernel =
        learning ? kernels_->gaussian.learn_layer : kernels_->gaussian.predict_layer;
    auto body = [&](std::size_t first, std::size_t last, std::size_t) {
      kernel(block, first, last);
    };
    constexpr double kOperationsAWeight = 8.0;
    const double operations =
        kOperationsAWeight * static_cast<double>(layer.neurons * layer.stride * rows);
    parallel_ranges(threads_for(options_.threads, operations), layer.neurons, 1, body);
    if (index + 1 < layers_.size()) hand_on(layer, &layers_[index + 1], rows);
  }
}

void GaussianNetwork::run_block(const RunRequest& request, std::size_t first, std::size_t rows,
                                bool learning) {
  prepare_rows(request, first, rows, learning);
  if (learning) touch_rows(rows);
  set_targets(request, first, rows, learning);
  run_layers(rows, learning);
  write_outputs(request, first, rows, learning);
  if (!learning) return;
  rows_seen_ += rows;
  statistics_.commit();
}

std::size_t GaussianNetwork::run_part(const RunRequest& request, std::size_t first,
                                      std::size_t most) {
  const bool learning = request.learns(first);
  const std::size_t end = first + std::min(most, request.rows - first);
  std::size_t last = first + 1;
  if (request.rates == nullptr) last = end;
  while (last < end && request.learns(last) == learning) ++last;
  for (std::size_t next = first; next < last;) {
    const std::size_t rows = std::min(last - next, capacity_);
    run_block(request, next, rows, learning);
    next += rows;
  }
  return last;
}

void GaussianNetwork::abandon(const RunRequest& request, std::uint64_t) noexcept {
  if (request.targets) statistics_.roll_back();
}

std::size_t GaussianNetwork::bytes() const noexcept {
  std::size_t total = base_pipeline_.bytes() + side_pipeline_.bytes() + statistics_.bytes() +
                      gates_.bytes() + row_sums_.bytes() + targets_.bytes() + rates_.bytes() +
                      layer_rates_.bytes() + experts_.bytes() + mixture_.bytes() +
                      units_.size() * sizeof(TargetUnits);
  for (const Layer& layer : layers_) {
    total += layer.weights.bytes() + layer.precisions.bytes() + layer.scaled_means.bytes() +
             layer.means.bytes() + layer.variances.bytes();
  }
  return total;
}

}  // namespace gln

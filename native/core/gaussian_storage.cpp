// What a Gaussian network lets be looked at, is saved as, and restored from.
#include <algorithm>
#include <cmath>

#include "core/gaussian_network.hpp"

namespace gln {

void GaussianNetwork::layer_predictions(const RunRequest& request, double* means,
                                        double* variances) {
  reserve_rows(1);
  prepare_rows(request, 0, 1, false);
  set_targets(request, 0, 1, false);
  run_layers(1, false);
  for (const Layer& layer : layers_) {
    for (std::size_t neuron = 0; neuron < layer.neurons; ++neuron) {
      const Prediction prediction = in_units(0, {layer.means[neuron], layer.variances[neuron]});
      *means++ = prediction.mean;
      *variances++ = prediction.variance;
    }
  }
}

void GaussianNetwork::contexts(const RunRequest& request, std::uint32_t* out) {
  reserve_rows(1);
  prepare_rows(request, 0, 1, false);
  for (std::size_t neuron = 0; neuron < neuron_count_; ++neuron) {
    out[neuron] = *gates_.contexts(neuron);
  }
}

GaussianNetwork::LayerShape GaussianNetwork::layer_shape(std::size_t index) const {
  return {layers_[index].neurons, context_count_, layers_[index].inputs};
}

void GaussianNetwork::get_weights(std::size_t index, double* weights) const {
  const Layer& layer = layers_[index];
  for (std::size_t row = 0; row < layer.weights.size(); ++row) {
    weights = std::copy_n(layer.weights.rows()[row], layer.inputs, weights);
  }
}

void GaussianNetwork::set_weights(std::size_t index, const double* weights) {
  Layer& layer = layers_[index];
  for (std::size_t row = 0; row < layer.weights.size(); ++row) layer.weights.touch(row);
  for (std::size_t row = 0; row < layer.weights.size(); ++row) {
    std::copy_n(weights + row * layer.inputs, layer.inputs, layer.weights.rows()[row]);
  }
}

std::size_t GaussianNetwork::learned_rows(std::size_t index) const {
  return layers_[index].weights.touched_count();
}

void GaussianNetwork::get_rows(std::size_t index, std::int64_t* which, double* weights) const {
  const Layer& layer = layers_[index];
  for (std::size_t row = 0; row < layer.weights.size(); ++row) {
    if (!layer.weights.touched(row)) continue;
    *which++ = static_cast<std::int64_t>(row);
    weights = std::copy_n(layer.weights.rows()[row], layer.inputs, weights);
  }
}

const char* GaussianNetwork::set_rows(std::size_t index, const std::int64_t* which,
                                      std::size_t count, const double* weights) {
  Layer& layer = layers_[index];
  std::int64_t previous = -1;
  for (std::size_t i = 0; i < count; ++i) {
    if (which[i] <= previous || which[i] >= static_cast<std::int64_t>(layer.weights.size())) {
      return "weight_rows: expected ascending numbers of weight rows";
    }
    previous = which[i];
  }
  const auto finite = [](double x) { return std::isfinite(x); };
  if (!std::all_of(weights, weights + count * layer.inputs, finite)) {
    return "weights: expected finite numbers";
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = static_cast<std::size_t>(which[i]);
    layer.weights.touch(row);
    std::copy_n(weights + i * layer.inputs, layer.inputs, layer.weights.rows()[row]);
  }
  return nullptr;
}

void GaussianNetwork::get_planes(std::size_t index, float* planes, float* plane_bias) const {
  const Layer& layer = layers_[index];
  const std::size_t first = layer.first_neuron * options_.context_map_size;
  const std::size_t count = layer.neurons * options_.context_map_size;
  for (std::size_t plane = 0; plane < count; ++plane) {
    gates_.planes().get(first + plane, planes + plane * options_.side_info_size,
                        plane_bias + plane);
  }
}

void GaussianNetwork::set_planes(std::size_t index, const float* planes, const float* plane_bias) {
  const Layer& layer = layers_[index];
  const std::size_t first = layer.first_neuron * options_.context_map_size;
  const std::size_t count = layer.neurons * options_.context_map_size;
  for (std::size_t plane = 0; plane < count; ++plane) {
    gates_.planes().set(first + plane, planes + plane * options_.side_info_size, plane_bias[plane]);
  }
}

}  // namespace gln

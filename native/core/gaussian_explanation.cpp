// What a Gaussian network's predicted mean is made of. With a row's contexts fixed
// every precision is fixed too, and means are linear in the means below them.
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/gaussian_network.hpp"

namespace gln {

// A neuron's mean as a linear function of its inputs' means: `slopes`, one an input.
// False where its mean was cut, and does not follow them.
bool GaussianNetwork::mean_slopes(const Layer& layer, std::size_t neuron, double* slopes) const {
  if (std::fabs(layer.means[neuron]) >= options_.largest_mean) return false;
  const std::size_t context = *gates_.contexts(layer.first_neuron + neuron);
  const double* weights = layer.weights.rows()[neuron * context_count_ + context];
  double precision = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < layer.inputs; ++i) {
    const double weight = std::clamp(weights[i], options_.least_weight, options_.largest_weight);
    const double below = layer.precisions[i];
    slopes[i] = weight * below;
    precision += slopes[i];
    squares += below * below;
  }
  const double variance = layer.variances[neuron];
  // How far weights were projected; but for rounding 0 where they were not.
  const double shift = (precision - 1.0 / variance) / squares;
  for (std::size_t i = 0; i < layer.inputs; ++i) {
    const double below = layer.precisions[i];
    slopes[i] = variance * (slopes[i] - shift * below * below);
  }
  return true;
}

// Backwards from the output: `slopes` are its derivatives with respect to the means
// of the layer.
double GaussianNetwork::explain(const RunRequest& request, double* weights, double* base_means,
                                double* output_mean) {
  reserve_rows(1);
  prepare_rows(request, 0, 1, false);
  set_targets(request, 0, 1, false);
  run_layers(1, false);
  const Layer& front = layers_.front();
  for (std::size_t i = 0; i < options_.base_size; ++i) {
    base_means[i] = front.scaled_means[i] / front.precisions[i];
  }
  const bool switching = options_.switching;
  const Prediction said =
      switching ? mix_row(0) : Prediction{layers_.back().means[0], layers_.back().variances[0]};
  *output_mean = in_units(0, said).mean;

  double constant = 0.0;
  std::vector<double> slopes(1, switching ? 0.0 : 1.0);
  std::vector<double> of_neuron;
  for (std::size_t index = layers_.size(); index-- > 0;) {
    const Layer& layer = layers_[index];
    const std::size_t inputs = layer.inputs - options_.bias_length;
    std::vector<double> before(inputs, 0.0);
    of_neuron.resize(layer.inputs);
    for (std::size_t neuron = 0; neuron < layer.neurons; ++neuron) {
      double slope = slopes[neuron];
      if (switching) slope += mixture_.weights()[layer.first_neuron + neuron];
      if (!mean_slopes(layer, neuron, of_neuron.data())) {
        constant += slope * layer.means[neuron];
        continue;
      }
      for (std::size_t i = 0; i < inputs; ++i) before[i] += slope * of_neuron[i];
      for (std::size_t i = inputs; i < layer.inputs; ++i) {
        constant += slope * of_neuron[i] * (layer.scaled_means[i] / layer.precisions[i]);
      }
    }
    slopes.swap(before);
  }
  const TargetUnits& units = units_[0];
  for (std::size_t i = 0; i < options_.base_size; ++i) weights[i] = units.deviation * slopes[i];
  return units.mean + units.deviation * constant;
}

}  // namespace gln

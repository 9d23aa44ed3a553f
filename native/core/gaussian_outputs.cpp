// What a Gaussian network's answer is made of once its layers have run: its last
// neuron's prediction, or a mixture of all neurons.
#include <algorithm>
#include <limits>

#include "core/gaussian_network.hpp"

namespace gln {

// In the target's units. No product of positive numbers of these sizes is 0 in
// mathematics, but in double precision it may be.
GaussianNetwork::Prediction GaussianNetwork::in_units(std::size_t row,
                                                      const Prediction& prediction) const {
  const TargetUnits& units = units_[row];
  const double variance = units.deviation * units.deviation * prediction.variance;
  return {units.mean + units.deviation * prediction.mean,
          std::max(variance, std::numeric_limits<double>::min())};
}

// The mean and variance of the mixture of all neurons' distributions.
GaussianNetwork::Prediction GaussianNetwork::mix_row(std::size_t row) {
  double* means = experts_.data();
  double* variances = means + neuron_count_;
  for (const Layer& layer : layers_) {
    const std::size_t at = row * layer.output_stride;
    std::copy_n(layer.means.data() + at, layer.neurons, means + layer.first_neuron);
    std::copy_n(layer.variances.data() + at, layer.neurons, variances + layer.first_neuron);
  }
  const double* weights = mixture_.weights();
  const double mean = mixture_.mix(means);
  double variance = 0.0;
  for (std::size_t i = 0; i < neuron_count_; ++i) {
    const double away = means[i] - mean;
    variance += weights[i] * (variances[i] + away * away);
  }
  return {mean, variance};
}

// Densities are compared with the largest of them, so that some are never 0 together.
void GaussianNetwork::learn_mixture(std::size_t row) {
  const double* means = experts_.data();
  const double* variances = means + neuron_count_;
  double* likelihoods = experts_.data() + 2 * neuron_count_;
  for (std::size_t i = 0; i < neuron_count_; ++i) {
    const double away = targets_[row] - means[i];
    likelihoods[i] = -0.5 * (natural_logarithm(variances[i]) + away * away / variances[i]);
  }
  const double largest = *std::max_element(likelihoods, likelihoods + neuron_count_);
  for (std::size_t i = 0; i < neuron_count_; ++i) {
    likelihoods[i] = natural_exponential(likelihoods[i] - largest);
  }
  mixture_.learn(likelihoods, rows_seen_ + row + 1);
}

void GaussianNetwork::write_outputs(const RunRequest& request, std::size_t first, std::size_t rows,
                                    bool learning) {
  const Layer& last = layers_.back();
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t at = row * last.output_stride;
    Prediction said = {last.means[at], last.variances[at]};
    if (options_.switching) {
      said = mix_row(row);
      if (learning) learn_mixture(row);
    }
    const Prediction prediction = in_units(row, said);
    if (request.means != nullptr) request.means[first + row] = prediction.mean;
    if (request.variances != nullptr) request.variances[first + row] = prediction.variance;
  }
}

}  // namespace gln

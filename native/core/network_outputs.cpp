// What a network's answer is made of once its layers have run: its last neuron's
// prediction, the average of all layers, or a mixture of all neurons.
#include <algorithm>

#include "core/network.hpp"
#include "core/parallel.hpp"

namespace gln {
namespace {

constexpr std::size_t kRowsPerRange = 8;

}  // namespace

// The mean of the last neuron's sum and of each averaged layer's mean logit, in
// place of both the sum and the clamped logit.
void Network::average_outputs(std::size_t rows) {
  const std::size_t hidden = layers_.size() - 1;
  const float share = 1.0f / static_cast<float>(options_.averaged_layers + 1);
  for (std::size_t network = 0; network < options_.networks; ++network) {
    float* sums = workspace_.sums.data() + network * workspace_.capacity;
    float* clamped = workspace_.outputs.back().data() + network * workspace_.capacity;
    for (std::size_t row = 0; row < rows; ++row) {
      float total = sums[row];
      for (std::size_t layer = hidden - options_.averaged_layers; layer < hidden; ++layer) {
        const LayerSizes& sizes = layers_[layer].sizes;
        const float* logits = workspace_.outputs[layer].data() +
                              (network * workspace_.capacity + row) * sizes.output_stride;
        float sum = 0.0f;
        for (std::size_t neuron = 0; neuron < sizes.neurons; ++neuron) sum += logits[neuron];
        total += sum / static_cast<float>(sizes.neurons);
      }
      sums[row] = total * share;
      clamped[row] = std::clamp(sums[row], -logit_bound_, logit_bound_);
    }
  }
}

// Every neuron's probability in place of its logit, that of the last ones beside it.
void Network::find_expert_probabilities(std::size_t rows) {
  const std::size_t capacity = workspace_.capacity;
  auto body = [&](std::size_t first, std::size_t last, std::size_t) {
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t at = i / rows * capacity + i % rows;
      for (std::size_t layer = 0; layer + 1 < layers_.size(); ++layer) {
        const LayerSizes& sizes = layers_[layer].sizes;
        float* values = workspace_.outputs[layer].data() + at * sizes.output_stride;
        kernels_->logistic(values, values, sizes.neurons);
      }
    }
  };
  constexpr double kOperationsAnExpert = 4.0;
  const double experts = static_cast<double>(options_.networks * mixture_.experts());
  parallel_ranges(threads_for(options_.threads, kOperationsAnExpert * experts * rows),
                  options_.networks * rows, kRowsPerRange, body);
  for (std::size_t network = 0; network < options_.networks; ++network) {
    kernels_->logistic(workspace_.outputs.back().data() + network * capacity,
                       workspace_.mixed.data() + network * capacity, rows);
  }
}

// The mixture of all neurons, which learns the rows one after the other. Neurons that
// are at the same place in all networks are one expert: what they say together is a
// distribution over the classes.
void Network::mix_outputs(std::size_t rows, bool learning) {
  find_expert_probabilities(rows);
  const std::size_t networks = options_.networks;
  const std::size_t capacity = workspace_.capacity;
  const std::size_t experts = mixture_.experts();
  double* said = workspace_.expert_probabilities.data();  // [network][expert]
  double* likelihoods = said + networks * experts;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t network = 0; network < networks; ++network) {
      double* out = said + network * experts;
      const std::size_t at = network * capacity + row;
      for (std::size_t layer = 0; layer + 1 < layers_.size(); ++layer) {
        const LayerSizes& sizes = layers_[layer].sizes;
        const float* values = workspace_.outputs[layer].data() + at * sizes.output_stride;
        for (std::size_t i = 0; i < sizes.neurons; ++i) *out++ = static_cast<double>(values[i]);
      }
      *out = static_cast<double>(workspace_.mixed[at]);
    }
    if (networks > 1) {
      for (std::size_t i = 0; i < experts; ++i) {
        double total = 0.0;
        for (std::size_t k = 0; k < networks; ++k) total += said[k * experts + i];
        for (std::size_t k = 0; k < networks; ++k) said[k * experts + i] /= total;
      }
    }
    for (std::size_t network = 0; network < networks; ++network) {
      workspace_.mixed[network * capacity + row] =
          static_cast<float>(mixture_.mix(said + network * experts));
    }
    if (!learning) continue;
    const float* targets = workspace_.targets.data() + row;
    std::size_t target = 0;
    while (target + 1 < networks && targets[target * capacity] == 0.0f) ++target;
    const bool opposite = networks == 1 && targets[0] == 0.0f;
    for (std::size_t i = 0; i < experts; ++i) {
      const double likelihood = said[target * experts + i];
      likelihoods[i] = opposite ? 1.0 - likelihood : likelihood;
    }
    mixture_.learn(likelihoods, rows_seen_ + row + 1);
  }
}

void Network::write_outputs(const RunRequest& request, std::size_t first_row, std::size_t rows) {
  const std::size_t networks = options_.networks;
  const std::size_t capacity = workspace_.capacity;
  const float* sums = workspace_.sums.data();
  if (request.logits != nullptr) {
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t network = 0; network < networks; ++network) {
        request.logits[(first_row + row) * networks + network] = sums[network * capacity + row];
      }
    }
  }
  const float* mixed = options_.switching ? workspace_.mixed.data() : nullptr;
  if (request.probabilities != nullptr) {
    for (std::size_t network = 0; network < networks; ++network) {
      const float* probabilities = mixed + network * capacity;
      if (mixed == nullptr) {
        probabilities = workspace_.probabilities.data();
        kernels_->logistic(workspace_.outputs.back().data() + network * capacity,
                           workspace_.probabilities.data(), rows);
      }
      for (std::size_t row = 0; row < rows; ++row) {
        request.probabilities[(first_row + row) * networks + network] = probabilities[row];
      }
    }
  }
  if (request.classes != nullptr) {
    for (std::size_t row = 0; row < rows; ++row) {
      std::size_t best = 0;
      if (networks == 1 && mixed != nullptr) {
        best = mixed[row] > 0.5f ? 1 : 0;
      } else if (networks == 1) {
        best = sums[row] > 0.0f ? 1 : 0;
      } else {
        // On the unclamped sums: clamped, all confident classes would tie.
        const auto precedes = [&](std::size_t a, std::size_t b) {
          const std::size_t i = a * capacity + row;
          const std::size_t k = b * capacity + row;
          if (mixed != nullptr && mixed[i] != mixed[k]) return mixed[i] > mixed[k];
          return sums[i] > sums[k];
        };
        for (std::size_t network = 1; network < networks; ++network) {
          if (precedes(network, best)) best = network;
        }
      }
      request.classes[first_row + row] = static_cast<std::uint32_t>(best);
    }
  }
}

}  // namespace gln

// What shapes a network. Already checked when it gets here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/preprocessing/stage.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

struct NetworkOptions {
  std::size_t input_size = 0;       // values a row as it is given for the base
  std::size_t side_input_size = 0;  // values a row as it is given for the gates
  std::vector<StageOptions> base_stages;
  std::vector<StageOptions> side_stages;
  bool side_from_base = false;           // the gates look at what the base stages give
  std::size_t base_size = 0;             // values a row that layer 0 mixes, without the bias
  std::size_t side_info_size = 0;        // values a row that the gates look at
  std::vector<std::size_t> layer_sizes;  // neurons of each layer, the last one (1) included
  std::vector<float> layer_rates;        // factors of the learning rate, one a layer; empty: 1
  std::size_t averaged_layers =
      0;                     // hidden layers, counted from the last, that the output averages
  bool switching = false;    // the output is a mixture of all neurons
  std::size_t networks = 1;  // independent binary networks: 1, or one a class
  std::size_t context_map_size = 4;  // halfspaces a neuron
  bool bias = true;
  bool context_bias = false;
  double context_bias_scale = 1.0;
  bool share_contexts = false;    // all networks have the same hyperplanes
  bool always_chained = false;    // chain rows also where steps overshoot
  std::size_t gate_features = 0;  // that a hyperplane looks at; 0: all
  bool hadamard = false;          // structured hyperplanes instead of dense ones
  BasePredictor base_predictor = BasePredictor::kMinMax;
  double pred_clipping = 1e-3;
  double weight_clipping = 5.0;
  bool batch = false;
  std::uint64_t seed = 0;
  std::size_t threads = 1;
  bool randomize = true;
};

// The constant logit that `bias` appends to every layer's inputs: the
// probability e / (1 + e).
constexpr float kBiasLogit = 1.0f;

constexpr std::size_t kLargestContextMapSize = 16;

// Floats of a padded row of `inputs` floats: whole lane groups, an odd number of
// them once there are several, so that the rows of a block do not fall on the
// same few sets of a cache.
inline std::size_t padded_row(std::size_t inputs) {
  const std::size_t groups = (inputs + kLaneCount - 1) / kLaneCount;
  return (groups > 4 && groups % 2 == 0 ? groups + 1 : groups) * kLaneCount;
}

}  // namespace gln

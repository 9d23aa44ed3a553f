// What shapes a Gaussian network. Already checked when it gets here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/preprocessing/stage.hpp"

namespace gln {

struct GaussianOptions {
  std::size_t input_size = 0;       // values a row as it is given
  std::size_t side_input_size = 0;  // values a row as it is given for the gates
  std::vector<StageOptions> base_stages;
  std::vector<StageOptions> side_stages;
  bool side_from_base = false;           // the gates look at what the base stages give
  std::size_t base_size = 0;             // values a row that layer 0 mixes, without the bias
  std::size_t side_info_size = 0;        // values a row that the gates look at
  std::vector<std::size_t> layer_sizes;  // neurons of each layer, the last one (1) included
  std::vector<double> layer_rates;       // factors of the learning rate, one a layer; empty: 1
  std::size_t context_map_size = 4;      // halfspaces a neuron
  bool context_bias = true;
  double context_bias_scale = 1.0;
  std::size_t gate_features = 0;  // that a hyperplane looks at; 0: all
  double input_variance = 1.0;    // of all inputs of layer 0
  // Constant inputs that every layer gains: means spread evenly over ± the largest.
  std::size_t bias_length = 3;
  double bias_max_mean = 1.0;
  double bias_variance = 1.0;
  // Bounds of a neuron's predicted variance, and of the weights that it mixes with.
  double min_variance = 0.0;
  double max_variance = 0.0;
  double largest_mean = 0.0;
  double least_weight = 0.0;
  double largest_weight = 0.0;
  bool standardize_targets = true;
  bool robust = true;      // see GaussianBlock
  bool switching = false;  // a mixture of all neurons answers, not the last one
  std::uint64_t seed = 0;
  std::size_t threads = 1;
  bool randomize = true;
};

}  // namespace gln

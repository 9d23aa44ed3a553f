// What shapes a dendritic gated network. Already checked when it gets here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/preprocessing/stage.hpp"

namespace gln {

struct DendriticOptions {
  std::size_t input_size = 0;            // values a row as it is given
  std::vector<StageOptions> stages;      // what rows go through first
  std::size_t value_size = 0;            // values a row that comes out of them
  std::vector<std::size_t> layer_sizes;  // neurons of each layer, the last one (1) included
  std::size_t networks = 1;              // independent networks: 1, or one a class
  std::size_t branches = 20;             // of a neuron, at most kMostBranches
  bool shared_weights = false;           // neurons mix with the sums of their layer's weight rows
  bool regression = false;               // real targets and squares instead of classes
  bool standardize_targets = false;      // regression: by the running mean and deviation
  bool bias = true;
  double gate_bias = 1.0;  // the constant that halfspaces see beside the values
  double pred_clipping = 0.01;
  double weight_clipping = 1e6;
  std::uint64_t seed = 0;
  std::size_t threads = 1;
  bool randomize = true;
};

// Open branches are the bits of one word.
constexpr std::size_t kMostBranches = 64;

// Regression has no clipping. Its numbers are only kept so far from infinity that
// sums of products with bounded weights are finite too.
constexpr float kLargestResponse = 1e15f;
constexpr double kLargestTarget = 1e15;

}  // namespace gln

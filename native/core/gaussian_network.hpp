// A Gaussian Gated Linear Network: regression (Budden et al., arXiv 2006.05964).
// Knows no Node and no instruction set.
//
// Every neuron predicts the target's mean and variance: the normalised product of
// its inputs' normal densities, each to the power of a weight. A block of rows is
// learned layer by layer, and within a layer neuron by neuron, each walking through
// the block's rows in order: exactly what row after row gives, to the bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/block_gates.hpp"
#include "core/gaussian_options.hpp"
#include "core/memory.hpp"
#include "core/online_model.hpp"
#include "core/preprocessing/pipeline.hpp"
#include "core/switching.hpp"
#include "core/target_scale.hpp"
#include "core/weight_table.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

class GaussianNetwork final : public OnlineModel {
 public:
  GaussianNetwork(const GaussianOptions& options, const KernelTable& kernels);

  void reserve_rows(std::size_t rows) override;
  std::size_t run_part(const RunRequest& request, std::size_t first, std::size_t most) override;
  void finish(const RunRequest&) override {}
  void abandon(const RunRequest& request, std::uint64_t rows_before) noexcept override;
  bool divisible(const RunRequest&) const noexcept override { return true; }
  bool all_or_nothing() const noexcept override { return false; }
  std::size_t block_rows() const noexcept override { return capacity_; }
  std::size_t bytes() const noexcept override;

  // Every neuron's mean and variance for one row, layer by layer, in the target's
  // units.
  void layer_predictions(const RunRequest& request, double* means, double* variances);
  // The contexts of one row, in the same order.
  void contexts(const RunRequest& request, std::uint32_t* out);
  // The mean that is predicted for one row, as a linear function of the means of layer
  // 0's inputs: their `weights`, [base_size], in the target's units, `base_means` they
  // belong to, and the constant that is returned. `output_mean` is what `run` predicts.
  double explain(const RunRequest& request, double* weights, double* base_means,
                 double* output_mean);

  struct LayerShape {
    std::size_t neurons;
    std::size_t contexts;  // 2^context_map_size
    std::size_t inputs;    // with the bias inputs
  };
  std::size_t layer_count() const noexcept { return layers_.size(); }
  std::size_t neuron_count() const noexcept { return neuron_count_; }
  LayerShape layer_shape(std::size_t layer) const;

  // Dense weights of a layer: [neurons][contexts][inputs].
  void get_weights(std::size_t layer, double* weights) const;
  void set_weights(std::size_t layer, const double* weights);
  // The weight rows that were ever learned in, `which` being neuron · contexts +
  // context, ascending.
  std::size_t learned_rows(std::size_t layer) const;
  void get_rows(std::size_t layer, std::int64_t* which, double* weights) const;
  // Into a network that has learned nothing. Returns null, or with nothing changed
  // which of them is wrong and how. Throws std::bad_alloc: the network is then of no
  // more use.
  const char* set_rows(std::size_t layer, const std::int64_t* which, std::size_t count,
                       const double* weights);
  // Hyperplanes of a layer: [neurons][context_map_size][side_info_size], and offsets.
  void get_planes(std::size_t layer, float* planes, float* plane_bias) const;
  void set_planes(std::size_t layer, const float* planes, const float* plane_bias);

  const GaussianOptions& options() const noexcept { return options_; }
  // Statistics of preprocessing, base's before gates', then of the targets.
  StatisticsLog& statistics() noexcept { return statistics_; }
  // What each neuron counts, layer by layer; of nobody unless `switching`.
  SwitchingMixture& mixture() noexcept { return mixture_; }

 private:
  struct Prediction {
    double mean;
    double variance;
  };
  struct Layer {
    std::size_t neurons;
    std::size_t inputs;         // with the bias inputs
    std::size_t stride;         // padded
    std::size_t output_stride;  // of the arrays of means and variances
    std::size_t first_neuron;   // counted over all layers
    DoubleWeightTable weights;
    AlignedArray<double> precisions;    // [capacity][stride]: inputs' 1 / variance
    AlignedArray<double> scaled_means;  // [capacity][stride]: inputs' mean / variance
    AlignedArray<double> means;         // [capacity][output_stride]
    AlignedArray<double> variances;     // [capacity][output_stride]
  };

  std::size_t largest_block() const noexcept;
  std::vector<Statistics*> all_statistics();
  void write_bias_inputs(Layer* layer) const;
  void prepare_rows(const RunRequest& request, std::size_t first, std::size_t rows, bool learning);
  void touch_rows(std::size_t rows);
  void set_targets(const RunRequest& request, std::size_t first, std::size_t rows, bool learning);
  void sum_rows(const Layer& layer, std::size_t rows);
  void hand_on(const Layer& from, Layer* to, std::size_t rows) const;
  void run_layers(std::size_t rows, bool learning);
  Prediction in_units(std::size_t row, const Prediction& prediction) const;
  Prediction mix_row(std::size_t row);
  bool mean_slopes(const Layer& layer, std::size_t neuron, double* slopes) const;
  void learn_mixture(std::size_t row);
  void write_outputs(const RunRequest& request, std::size_t first, std::size_t rows, bool learning);
  void run_block(const RunRequest& request, std::size_t first, std::size_t rows, bool learning);

  GaussianOptions options_;
  const KernelTable* kernels_;
  std::size_t context_count_;
  std::size_t neuron_count_ = 0;
  std::vector<Layer> layers_;
  Pipeline base_pipeline_;
  Pipeline side_pipeline_;
  TargetScale target_scale_;
  StatisticsLog statistics_;
  BlockGates gates_;
  SwitchingMixture mixture_{0, false};
  AlignedArray<double> experts_;  // [3][neuron]: means, variances, likelihoods of a row
  // Of the present block:
  std::size_t capacity_ = 0;
  AlignedArray<GaussianRowSums> row_sums_;  // [capacity]
  AlignedArray<double> targets_;            // [capacity], standardised
  AlignedArray<double> rates_;              // [capacity], of the call
  AlignedArray<double> layer_rates_;        // [capacity], of the layer that learns
  std::vector<TargetUnits> units_;          // [capacity]
};

}  // namespace gln

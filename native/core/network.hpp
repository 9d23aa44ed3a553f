// A Bernoulli Gated Linear Network, or several that see the same rows (one a
// class). Knows no Node and no instruction set.
//
// A block of rows is learned layer by layer: a layer needs only the previous
// one's predictions from before the update, and gates depend on no weight.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/gates.hpp"
#include "core/memory.hpp"
#include "core/online_model.hpp"
#include "core/options.hpp"
#include "core/preprocessing/pipeline.hpp"
#include "core/switching.hpp"
#include "core/weight_table.hpp"
#include "core/workspace.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

class Network final : public OnlineModel {
 public:
  Network(const NetworkOptions& options, const KernelTable& kernels);

  void reserve_rows(std::size_t rows) override;
  // Parts of learning end where chains do.
  std::size_t run_part(const RunRequest& request, std::size_t first, std::size_t most) override;
  void finish(const RunRequest& request) override;
  void abandon(const RunRequest& request, std::uint64_t rows_before) noexcept override;
  // Batches with statistics are not: those become final only with the weights.
  bool divisible(const RunRequest& request) const noexcept override;
  bool all_or_nothing() const noexcept override { return options_.batch; }
  std::size_t block_rows() const noexcept override { return workspace_.capacity; }
  std::size_t bytes() const noexcept override;

  // Clamped logits of every neuron for one row: layer by layer, [networks][neurons].
  void layer_logits(const RunRequest& request, float* out);
  // The contexts of one row, in the same order.
  void contexts(const RunRequest& request, std::uint32_t* out);

  // The output logit of one network as a linear function of the base logits, with
  // the gates, and the neurons that the clipping holds fixed, as one row has them.
  // `weights` takes layer 0's inputs without the bias. Returns what does not
  // depend on them.
  double explain(const RunRequest& request, std::size_t network, double* weights,
                 float* base_logits, float* output_logit);

  // Dense parameters of a layer; shapes as in types/addon.d.ts.
  struct LayerShape {
    std::size_t neurons;   // of one network
    std::size_t contexts;  // 2^context_map_size
    std::size_t inputs;    // with the bias
    std::size_t gated;     // neurons with gates of their own, over all networks
  };
  std::size_t layer_count() const noexcept { return layers_.size(); }
  LayerShape layer_shape(std::size_t layer) const;
  void get_layer(std::size_t layer, float* weights, float* planes, float* plane_bias) const;
  void set_layer(std::size_t layer, const float* weights, const float* planes,
                 const float* plane_bias);

  // What is saved of a layer: the weight rows that were ever learned in, `which`
  // being neuron · contexts + context, ascending, and `bounds`, one a neuron.
  std::size_t learned_rows(std::size_t layer) const;
  void get_rows(std::size_t layer, std::int64_t* which, float* weights, float* bounds) const;
  // Into a network that has learned nothing. Returns null, or with nothing changed
  // which of them is wrong and how: `which` names no row or does not ascend, or a
  // number could not have been learned. Throws std::bad_alloc: the network is then
  // of no more use.
  const char* set_rows(std::size_t layer, const std::int64_t* which, std::size_t count,
                       const float* weights, const float* bounds);
  // Hyperplanes of a layer; shapes as in types/addon.d.ts. To set them they must be
  // dense.
  void get_planes(std::size_t layer, float* planes, float* plane_bias) const;
  void set_planes(std::size_t layer, const float* planes, const float* plane_bias);
  Gates& gates() noexcept { return gates_; }

  const NetworkOptions& options() const noexcept { return options_; }
  const KernelTable& kernels() const noexcept { return *kernels_; }
  // What each neuron of a network counts in the mixture of them all.
  SwitchingMixture& mixture() noexcept { return mixture_; }
  std::size_t class_count() const noexcept { return options_.networks > 1 ? options_.networks : 2; }
  std::size_t neuron_count() const noexcept { return neuron_count_; }
  // Statistics of preprocessing: those for the base, then those for the gates.
  StatisticsLog& statistics() noexcept { return statistics_; }

 private:
  struct Layer {
    LayerSizes sizes;
    WeightTable weights;
    WeightTable deltas;             // batch mode: what the call adds to the weights
    std::vector<float> magnitudes;  // [neuron]: no weight is larger
  };

  std::size_t next_block(std::size_t left, bool learning) const;
  void prepare_rows(const RunRequest& request, std::size_t first_row, std::size_t rows,
                    bool learning);
  void predict_bases(const float* base, std::size_t rows);
  void predict_precise_bases(const double* base, std::size_t rows);
  std::vector<Statistics*> all_statistics();
  void touch_rows(std::size_t rows);
  void set_targets(const RunRequest& request, std::size_t first_row, std::size_t rows);
  void run_layers(std::size_t rows, bool learning);
  LayerBlock layer_block(std::size_t layer, std::size_t rows);
  void prepare_chains(const LayerBlock& block);
  void scale_rates(std::size_t layer, std::size_t rows);
  void average_outputs(std::size_t rows);
  void find_expert_probabilities(std::size_t rows);
  void mix_outputs(std::size_t rows, bool learning);
  void write_outputs(const RunRequest& request, std::size_t first_row, std::size_t rows);
  void run_blocks(const RunRequest& request, std::size_t first, std::size_t last, bool learning);
  const float* active_row(std::size_t layer, std::size_t neuron) const;
  void apply_deltas();
  void abandon_deltas(std::uint64_t rows_seen) noexcept;

  NetworkOptions options_;
  const KernelTable* kernels_;
  std::size_t context_count_;
  std::size_t neuron_count_;  // over all layers and networks
  float logit_bound_;
  std::vector<Layer> layers_;
  Pipeline base_pipeline_;
  Pipeline side_pipeline_;
  StatisticsLog statistics_;
  Gates gates_;
  Workspace workspace_;
  SwitchingMixture mixture_;  // of no expert, unless the option asks for it
};

}  // namespace gln

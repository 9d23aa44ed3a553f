// A dendritic gated network (Sezener et al. 2021), or several that see the same
// rows (one a class). Knows no Node and no instruction set.
//
// A neuron has branches, each with a halfspace and a weight row. It mixes its
// inputs with the sum of the rows of those branches whose halfspace the row lies
// in, and all of these learn from its own loss. As in a GLN, a layer needs only the
// predictions of the one before it, and gates depend on no weight: a block of rows
// is learned layer by layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/dendritic_workspace.hpp"
#include "core/hyperplanes.hpp"
#include "core/memory.hpp"
#include "core/online_model.hpp"
#include "core/preprocessing/pipeline.hpp"
#include "core/target_scale.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

class DendriticNetwork final : public OnlineModel {
 public:
  DendriticNetwork(const DendriticOptions& options, const KernelTable& kernels);

  void reserve_rows(std::size_t rows) override;
  // Rows are learned one by one: a cut anywhere changes no bit.
  std::size_t run_part(const RunRequest& request, std::size_t first, std::size_t most) override;
  void finish(const RunRequest&) override {}
  void abandon(const RunRequest& request, std::uint64_t rows_before) noexcept override;
  bool divisible(const RunRequest&) const noexcept override { return true; }
  bool all_or_nothing() const noexcept override { return false; }
  std::size_t block_rows() const noexcept override { return workspace_.capacity; }
  std::size_t bytes() const noexcept override;

  // Parameters of a layer, dense; shapes as in types/addon.d.ts.
  struct LayerShape {
    std::size_t neurons;  // of all networks
    std::size_t inputs;   // with the bias
  };
  std::size_t layer_count() const noexcept { return layers_.size(); }
  LayerShape layer_shape(std::size_t layer) const;
  void get_layer(std::size_t layer, float* weights, float* planes, float* offsets) const;
  void set_layer(std::size_t layer, const float* weights, const float* planes,
                 const float* offsets);

  const DendriticOptions& options() const noexcept { return options_; }
  std::size_t class_count() const noexcept { return options_.networks > 1 ? options_.networks : 2; }
  StatisticsLog& statistics() noexcept { return statistics_; }

 private:
  struct Layer {
    DendriticSizes sizes;
    AlignedArray<float> weights;  // [network][neuron][branch][stride]
  };

  std::vector<Statistics*> all_statistics();
  void randomize_gates();
  void prepare_rows(const RunRequest& request, std::size_t first_row, std::size_t rows,
                    bool learning);
  void find_gates(const float* values, std::size_t rows);
  void set_targets(const RunRequest& request, std::size_t first_row, std::size_t rows);
  float standardized_target(double target, std::size_t row);
  DendriteTile tile_at(std::size_t layer, std::size_t rows, std::size_t network, std::size_t first,
                       std::size_t count);
  void run_layer(std::size_t layer, std::size_t rows, bool learning);
  void write_outputs(const RunRequest& request, std::size_t first_row, std::size_t rows,
                     bool learning);

  DendriticOptions options_;
  const KernelTable* kernels_;
  float output_bound_;
  std::vector<Layer> layers_;
  Pipeline pipeline_;
  TargetScale target_scale_;
  StatisticsLog statistics_;
  Hyperplanes gates_;
  DendriticWorkspace workspace_;
};

}  // namespace gln

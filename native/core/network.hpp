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
#include "core/options.hpp"
#include "core/weight_table.hpp"
#include "core/workspace.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

// Targets in the caller's own element type.
struct Targets {
  enum class Type { kNone, kUint8, kInt32, kUint32 };
  Type type = Type::kNone;
  const void* data = nullptr;

  explicit operator bool() const noexcept { return type != Type::kNone; }
  // Negative numbers become large ones, which are no class either.
  std::uint32_t at(std::size_t row) const noexcept {
    switch (type) {
      case Type::kUint8:
        return static_cast<const std::uint8_t*>(data)[row];
      case Type::kInt32:
        return static_cast<std::uint32_t>(static_cast<const std::int32_t*>(data)[row]);
      default:
        return static_cast<const std::uint32_t*>(data)[row];
    }
  }
};

// One call: rows to predict and, with targets, to learn.
struct RunRequest {
  const float* base = nullptr;           // [rows][base_size]
  const double* precise_base = nullptr;  // the same in double precision, instead
  const float* side_info = nullptr;      // [rows][side_info_size]
  std::size_t rows = 0;
  Targets targets;               // all below class_count()
  const float* rates = nullptr;  // [rows], or null: `rate` for all
  float rate = 0.0f;
  std::uint32_t* classes = nullptr;  // [rows]
  float* probabilities = nullptr;    // [rows][networks]
  float* logits = nullptr;           // [rows][networks], unclamped
};

class Network {
 public:
  Network(const NetworkOptions& options, const KernelTable& kernels);

  // Predicts every row and learns it after. Throws std::bad_alloc between
  // blocks: the rows counted by rows_seen() have then been learned whole.
  void run(const RunRequest& request);

  // Clamped logits of every neuron for one row: layer by layer, [networks][neurons].
  void layer_logits(const RunRequest& request, float* out);
  // The contexts of one row, in the same order.
  void contexts(const float* side_info, std::uint32_t* out);

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

  const NetworkOptions& options() const noexcept { return options_; }
  const KernelTable& kernels() const noexcept { return *kernels_; }
  std::size_t class_count() const noexcept { return options_.networks > 1 ? options_.networks : 2; }
  std::size_t neuron_count() const noexcept { return neuron_count_; }
  std::uint64_t rows_seen() const noexcept { return rows_seen_; }
  void set_rows_seen(std::uint64_t rows) noexcept { rows_seen_ = rows; }
  std::size_t bytes() const noexcept;

 private:
  struct Layer {
    LayerSizes sizes;
    WeightTable weights;
    WeightTable deltas;             // batch mode: what the call adds to the weights
    std::vector<float> magnitudes;  // [neuron]: no weight is larger
  };

  void reserve_rows(std::size_t rows);
  std::size_t next_block(std::size_t left, bool learning) const;
  void predict_bases(const RunRequest& request, std::size_t first_row, std::size_t rows);
  void predict_precise_bases(const double* base, std::size_t rows);
  void touch_rows(std::size_t rows);
  void set_targets(const RunRequest& request, std::size_t first_row, std::size_t rows);
  void run_layers(std::size_t rows, bool learning);
  LayerBlock layer_block(std::size_t layer, std::size_t rows);
  void prepare_chains(const LayerBlock& block);
  void write_outputs(const RunRequest& request, std::size_t first_row, std::size_t rows);
  void run_blocks(const RunRequest& request);
  void apply_deltas();
  void abandon_deltas(std::uint64_t rows_seen) noexcept;

  NetworkOptions options_;
  const KernelTable* kernels_;
  std::size_t context_count_;
  std::size_t neuron_count_;  // over all layers and networks
  std::uint64_t rows_seen_ = 0;
  float logit_bound_;
  std::vector<Layer> layers_;
  Gates gates_;
  Workspace workspace_;
};

}  // namespace gln

#include "core/tensors/layers.hpp"

#include <algorithm>

#include "core/parallel.hpp"
#include "core/tensors/products.hpp"

namespace gln {
namespace {

// Rows whose elements a thread takes at once.
constexpr std::size_t kRowsPerRange = 16;

// The team for a layer with `products` products of this shape.
TensorTeam team_of(const TensorCall& call, const LayerShape& shape, double products) {
  const double operations = products * static_cast<double>(shape.rows) *
                            static_cast<double>(shape.inputs) * static_cast<double>(shape.units);
  return {call.kernels, threads_for(call.threads, operations)};
}

// left · right, the latter packed.
ProductBlock product_of(const Matrix& left, const float* panels, std::size_t columns,
                        float* output) {
  ProductBlock block = {};
  block.rows = left.data;
  block.row_stride = left.stride;
  block.depth = left.columns;
  block.panels = panels;
  block.columns = columns;
  block.activation = Activation::kLinear;
  block.output = output;
  return block;
}

}  // namespace

void dense(const TensorCall& call, const DenseForward& layer) {
  const auto [rows, inputs, units] = layer.shape;
  const TensorTeam team = team_of(call, layer.shape, 1.0);
  Scratch scratch(panels_size(inputs, units) + team.threads * kThreadSums);
  float* panels = scratch.take(panels_size(inputs, units));
  float* sums = scratch.take(team.threads * kThreadSums);

  pack(team, matrix(layer.kernel, inputs, units), panels);
  ProductBlock block = product_of(matrix(layer.input, rows, inputs), panels, units, layer.output);
  block.bias = layer.bias;
  block.activation = layer.activation;
  multiply(team, block, rows, sums);
}

void gated_linear_unit(const TensorCall& call, const GatedForward& layer) {
  const auto [rows, inputs, units] = layer.shape;
  const TensorTeam team = team_of(call, layer.shape, 2.0);
  const std::size_t panels = panels_size(inputs, units);
  Scratch scratch(2 * panels + team.threads * kThreadSums);
  float* linear_panels = scratch.take(panels);
  float* gate_panels = scratch.take(panels);
  float* sums = scratch.take(team.threads * kThreadSums);

  pack(team, matrix(layer.kernel, inputs, units), linear_panels);
  pack(team, matrix(layer.gate_kernel, inputs, units), gate_panels);
  ProductBlock block =
      product_of(matrix(layer.input, rows, inputs), linear_panels, units, layer.output);
  block.bias = layer.bias;
  block.gate_panels = gate_panels;
  block.gate_bias = layer.gate_bias;
  block.linear = layer.linear;
  block.gate = layer.gate;
  multiply_gated(team, block, rows, sums);
}

void dense_backward(const TensorCall& call, const DenseBackward& layer) {
  const auto [rows, inputs, units] = layer.shape;
  const TensorTeam team = team_of(call, layer.shape, 2.0);
  const std::size_t panels = std::max(panels_size(rows, units), panels_size(units, inputs));
  Scratch scratch(scratch_size(rows * units) + scratch_size(rows * inputs) + panels +
                  team.threads * kThreadSums);
  float* delta = scratch.take(rows * units);
  float* turned = scratch.take(rows * inputs);
  float* packed = scratch.take(panels);
  float* sums = scratch.take(team.threads * kThreadSums);

  // Named, as C++17 lets no lambda capture what a structured binding declares.
  auto differentiate = [&, units = units](std::size_t first, std::size_t last, std::size_t) {
    const std::size_t at = first * units;
    call.kernels.activation_gradient(layer.activation, layer.output + at,
                                     layer.output_gradient + at, delta + at,
                                     (last - first) * units);
  };
  parallel_ranges(team.threads, rows, kRowsPerRange, differentiate);
  if (layer.bias_gradient != nullptr) {
    sum_columns(team, matrix(delta, rows, units), layer.bias_gradient);
  }

  transpose(team, matrix(layer.input, rows, inputs), turned);
  pack(team, matrix(delta, rows, units), packed);
  multiply(team, product_of(matrix(turned, inputs, rows), packed, units, layer.kernel_gradient),
           inputs, sums);
  if (layer.input_gradient == nullptr) return;
  pack_transposed(team, matrix(layer.kernel, inputs, units), units, 0, packed);
  multiply(team, product_of(matrix(delta, rows, units), packed, inputs, layer.input_gradient), rows,
           sums);
}

void gated_linear_unit_backward(const TensorCall& call, const GatedBackward& layer) {
  const auto [rows, inputs, units] = layer.shape;
  const TensorTeam team = team_of(call, layer.shape, 4.0);
  const std::size_t both = 2 * units;
  const std::size_t panels = std::max(panels_size(rows, units), panels_size(both, inputs));
  Scratch scratch(scratch_size(rows * both) + scratch_size(rows * inputs) + panels +
                  team.threads * kThreadSums);
  // [rows][both]: what stands before the linear part, then what stands before the gate.
  float* delta = scratch.take(rows * both);
  float* turned = scratch.take(rows * inputs);
  float* packed = scratch.take(panels);
  float* sums = scratch.take(team.threads * kThreadSums);

  auto differentiate = [&, units = units](std::size_t first, std::size_t last, std::size_t) {
    for (std::size_t row = first; row < last; ++row) {
      const std::size_t at = row * units;
      call.kernels.gate_gradient(layer.linear + at, layer.gate + at, layer.output_gradient + at,
                                 delta + row * both, delta + row * both + units, units);
    }
  };
  parallel_ranges(team.threads, rows, kRowsPerRange, differentiate);
  transpose(team, matrix(layer.input, rows, inputs), turned);

  struct Half {
    const float* delta;
    float* kernel_gradient;
    float* bias_gradient;
  };
  const Half halves[] = {
      {delta, layer.kernel_gradient, layer.bias_gradient},
      {delta + units, layer.gate_kernel_gradient, layer.gate_bias_gradient},
  };
  for (const Half& half : halves) {
    const Matrix part = {half.delta, rows, units, both};
    if (half.bias_gradient != nullptr) {
      sum_columns(team, part, half.bias_gradient);
    }
    pack(team, part, packed);
    multiply(team, product_of(matrix(turned, inputs, rows), packed, units, half.kernel_gradient),
             inputs, sums);
  }
  if (layer.input_gradient == nullptr) return;
  pack_transposed(team, matrix(layer.kernel, inputs, units), both, 0, packed);
  pack_transposed(team, matrix(layer.gate_kernel, inputs, units), both, units, packed);
  multiply(team, product_of(matrix(delta, rows, both), packed, inputs, layer.input_gradient), rows,
           sums);
}

}  // namespace gln

// The layers that are trained by gradients: dense, and the gated linear unit, each
// forward and backward. Matrices are row-major, of any alignment; what is written
// overlaps nothing that is read. All throw std::bad_alloc before anything is
// written.
//
// How numbers are summed is written in kernels/tensor_kernels.hpp.
#pragma once

#include <cstddef>

#include "kernels/kernel_table.hpp"

namespace gln {

struct LayerShape {
  std::size_t rows;
  std::size_t inputs;
  std::size_t units;
};

struct TensorCall {
  const TensorKernels& kernels;
  std::size_t threads;
};

struct DenseForward {
  LayerShape shape;
  Activation activation;
  const float* input;   // [rows][inputs]
  const float* kernel;  // [inputs][units]
  const float* bias;    // [units], or null
  float* output;        // [rows][units]
};
// output = activation(input · kernel + bias)
void dense(const TensorCall& call, const DenseForward& layer);

struct DenseBackward {
  LayerShape shape;
  Activation activation;
  const float* input;
  const float* kernel;
  const float* output;
  const float* output_gradient;  // [rows][units]
  float* input_gradient;         // [rows][inputs], or null
  float* kernel_gradient;        // [inputs][units]
  float* bias_gradient;          // [units], or null
};
void dense_backward(const TensorCall& call, const DenseBackward& layer);

struct GatedForward {
  LayerShape shape;
  const float* input;
  const float* kernel;
  const float* bias;  // or null
  const float* gate_kernel;
  const float* gate_bias;  // or null
  float* linear;           // [rows][units], or null
  float* gate;             // [rows][units], or null
  float* output;
};
// linear = input · kernel + bias, gate = σ(input · gate_kernel + gate_bias),
// output = linear ⊙ gate
void gated_linear_unit(const TensorCall& call, const GatedForward& layer);

struct GatedBackward {
  LayerShape shape;
  const float* input;
  const float* kernel;
  const float* gate_kernel;
  const float* linear;
  const float* gate;
  const float* output_gradient;
  float* input_gradient;  // or null
  float* kernel_gradient;
  float* bias_gradient;  // or null
  float* gate_kernel_gradient;
  float* gate_bias_gradient;  // or null
};
// The input's gradient is one sum over 2 · units: first the linear part's, then
// the gate's.
void gated_linear_unit_backward(const TensorCall& call, const GatedBackward& layer);

}  // namespace gln

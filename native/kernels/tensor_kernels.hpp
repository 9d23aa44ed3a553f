// What layers that are trained by gradients ask of the kernels: products of
// matrices that end in an activation or a gate, what packs matrices for them, and
// elementwise work. One table for each instruction set, a part of KernelTable.
//
// Matrices are row-major. A product's factor on the right is packed in panels of
// sixteen columns, [groups][depth][16], zero where there is no column. Each
// element of a product is one chain of fused multiply-adds from 0 over the depth
// in ascending order, however it is cut into blocks, tiles and threads; a bias is
// added at its end. So all instruction sets and numbers of threads give the same
// bits.
#pragma once

#include <cstddef>

namespace gln {

// Columns of a product that a thread takes at once, in groups of sixteen: the
// most that any tile is wide.
constexpr std::size_t kBlockGroups = 4;
// Rows that it takes at once: panels are read from the second cache once for so
// many, and even a small batch gives several threads something to do.
constexpr std::size_t kBlockRows = 96;
// Floats of one block's sums.
constexpr std::size_t kBlockFloats = kBlockRows * kBlockGroups * 16;

enum class Activation : int { kLinear = 0, kRelu = 1, kSigmoid = 2, kElu = 3, kTanh = 4 };
constexpr int kActivationCount = 5;

// A matrix to be packed in panels.
struct PackBlock {
  const float* from;
  std::size_t stride;   // floats between two rows of `from`
  std::size_t depth;    // of the product; rows of `from`, or its columns if transposed
  std::size_t columns;  // of the product
  float* to;            // [groups], panel_stride floats apart, of [depth][16]
  std::size_t panel_stride;
};

// output = activation(rows · panels + bias), or with a gate
// output = (rows · panels + bias) ⊙ σ(rows · gate_panels + gate_bias).
struct ProductBlock {
  const float* rows;  // [..][depth], row_stride apart
  std::size_t row_stride;
  std::size_t depth;
  const float* panels;
  std::size_t columns;
  const float* bias;  // [columns], or null
  Activation activation;
  float* output;  // [..][columns]
  // With a gate only.
  const float* gate_panels;
  const float* gate_bias;  // [columns], or null
  float* linear;           // [..][columns], the two factors; each may be null
  float* gate;
};

// The rows and groups of columns that one call computes: at most kBlockRows of the
// former, kBlockGroups of the latter.
struct ProductRange {
  std::size_t first_row;
  std::size_t rows;
  std::size_t first_group;
  std::size_t groups;
};

struct AdamRule {
  float step;  // holds the correction for the means' beginning at 0
  float mean_share;
  float variance_share;  // 1 - beta1 and 1 - beta2
  float epsilon;
};

struct TensorKernels {
  // from is [depth][columns].
  void (*pack)(const PackBlock&, std::size_t first_group, std::size_t last_group);
  // from is [columns][depth].
  void (*pack_transposed)(const PackBlock&, std::size_t first_group, std::size_t last_group);
  // to[column][row] = from[row][column], for columns first_group · 16 up to
  // last_group · 16.
  void (*transpose)(const float* from, std::size_t stride, std::size_t rows, std::size_t columns,
                    float* to, std::size_t first_group, std::size_t last_group);
  // `sums` holds kBlockFloats, twice as many with a gate.
  void (*product)(const ProductBlock&, const ProductRange&, float* sums);
  void (*gated_product)(const ProductBlock&, const ProductRange&, float* sums);
  // output[column] = Σ from[row][column], rows in ascending order, for the columns
  // of the groups.
  void (*column_sums)(const float* from, std::size_t stride, std::size_t rows, std::size_t columns,
                      float* output, std::size_t first_group, std::size_t last_group);
  // Arrays of `size` elements; those that are read may be those that are written.
  void (*activate)(Activation, const float* input, float* output, std::size_t size);
  // input_gradient = output_gradient ⊙ activation', the latter from the output.
  void (*activation_gradient)(Activation, const float* output, const float* output_gradient,
                              float* input_gradient, std::size_t size);
  // Gradients of linear ⊙ gate by what stands before either.
  void (*gate_gradient)(const float* linear, const float* gate, const float* output_gradient,
                        float* linear_gradient, float* gate_gradient, std::size_t size);
  void (*adam)(const AdamRule&, const float* gradients, float* parameters, float* mean,
               float* variance, std::size_t size);
  // parameters ← parameters - rate · gradients; with a velocity,
  // velocity ← momentum · velocity - rate · gradients, which is then added.
  void (*descend)(const float* gradients, float* parameters, float* velocity, float rate,
                  float momentum, std::size_t size);
};

}  // namespace gln

// Products of matrices on several threads: packing, and blocks of the result.
#pragma once

#include <cstddef>

#include "core/tensors/scratch.hpp"
#include "kernels/kernel_table.hpp"

namespace gln {

// A matrix that is read; its rows are `stride` floats apart.
struct Matrix {
  const float* data;
  std::size_t rows;
  std::size_t columns;
  std::size_t stride;
};
inline Matrix matrix(const float* data, std::size_t rows, std::size_t columns) {
  return {data, rows, columns, columns};
}

inline std::size_t groups_of(std::size_t columns) noexcept {
  return (columns + kLaneCount - 1) / kLaneCount;
}

// Floats of a matrix of `depth` rows that is packed as the right factor of a
// product.
inline std::size_t panels_size(std::size_t depth, std::size_t columns) noexcept {
  return groups_of(columns) * kLaneCount * depth;
}

// Kernels, and threads for a job of so many multiply-adds.
struct TensorTeam {
  const TensorKernels& kernels;
  std::size_t threads;
};

// Floats that multiply() and multiply_gated() need for each thread.
constexpr std::size_t kThreadSums = 2 * kBlockFloats;

// Packs `matrix` as a product's right factor.
void pack(const TensorTeam& team, const Matrix& matrix, float* panels);

// The same for the transpose of `matrix`, whose columns become rows `depth_offset`
// and following of a factor of `depth` rows.
void pack_transposed(const TensorTeam& team, const Matrix& matrix, std::size_t depth,
                     std::size_t depth_offset, float* panels);

void transpose(const TensorTeam& team, const Matrix& matrix, float* to);

// output[column] = the sum of that column.
void sum_columns(const TensorTeam& team, const Matrix& matrix, float* output);

// All rows and columns of a product; `sums` holds kThreadSums for each thread.
void multiply(const TensorTeam& team, const ProductBlock& block, std::size_t rows, float* sums);
void multiply_gated(const TensorTeam& team, const ProductBlock& block, std::size_t rows,
                    float* sums);

}  // namespace gln

#include "core/tensors/products.hpp"

#include <algorithm>

#include "core/parallel.hpp"

namespace gln {
namespace {

// Groups of columns that a thread packs at once.
constexpr std::size_t kGroupsPerRange = 4;

using Product = void (*)(const ProductBlock&, const ProductRange&, float*);

void run_blocks(const TensorTeam& team, const ProductBlock& block, std::size_t rows, float* sums,
                Product product) {
  const std::size_t groups = groups_of(block.columns);
  const std::size_t columns_of_blocks = (groups + kBlockGroups - 1) / kBlockGroups;
  const std::size_t rows_of_blocks = (rows + kBlockRows - 1) / kBlockRows;
  auto body = [&](std::size_t first, std::size_t last, std::size_t worker) {
    for (std::size_t index = first; index < last; ++index) {
      const std::size_t first_row = index % rows_of_blocks * kBlockRows;
      const std::size_t first_group = index / rows_of_blocks * kBlockGroups;
      const ProductRange range = {first_row, std::min(kBlockRows, rows - first_row), first_group,
                                  std::min(kBlockGroups, groups - first_group)};
      product(block, range, sums + worker * kThreadSums);
    }
  };
  parallel_ranges(team.threads, columns_of_blocks * rows_of_blocks, 1, body);
}

}  // namespace

void pack(const TensorTeam& team, const Matrix& matrix, float* panels) {
  const PackBlock block = {matrix.data,    matrix.stride, matrix.rows,
                           matrix.columns, panels,        matrix.rows * kLaneCount};
  auto body = [&](std::size_t first, std::size_t last, std::size_t) {
    team.kernels.pack(block, first, last);
  };
  parallel_ranges(team.threads, groups_of(matrix.columns), kGroupsPerRange, body);
}

void pack_transposed(const TensorTeam& team, const Matrix& matrix, std::size_t depth,
                     std::size_t depth_offset, float* panels) {
  const PackBlock block = {matrix.data,
                           matrix.stride,
                           matrix.columns,
                           matrix.rows,
                           panels + depth_offset * kLaneCount,
                           depth * kLaneCount};
  auto body = [&](std::size_t first, std::size_t last, std::size_t) {
    team.kernels.pack_transposed(block, first, last);
  };
  parallel_ranges(team.threads, groups_of(matrix.rows), kGroupsPerRange, body);
}

void transpose(const TensorTeam& team, const Matrix& matrix, float* to) {
  auto body = [&](std::size_t first, std::size_t last, std::size_t) {
    team.kernels.transpose(matrix.data, matrix.stride, matrix.rows, matrix.columns, to, first,
                           last);
  };
  parallel_ranges(team.threads, groups_of(matrix.columns), kGroupsPerRange, body);
}

void sum_columns(const TensorTeam& team, const Matrix& matrix, float* output) {
  auto body = [&](std::size_t first, std::size_t last, std::size_t) {
    team.kernels.column_sums(matrix.data, matrix.stride, matrix.rows, matrix.columns, output, first,
                             last);
  };
  parallel_ranges(team.threads, groups_of(matrix.columns), kGroupsPerRange, body);
}

void multiply(const TensorTeam& team, const ProductBlock& block, std::size_t rows, float* sums) {
  run_blocks(team, block, rows, sums, team.kernels.product);
}

void multiply_gated(const TensorTeam& team, const ProductBlock& block, std::size_t rows,
                    float* sums) {
  run_blocks(team, block, rows, sums, team.kernels.gated_product);
}

}  // namespace gln

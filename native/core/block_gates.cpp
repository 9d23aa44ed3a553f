#include "core/block_gates.hpp"

#include <utility>

#include "core/parallel.hpp"

namespace gln {
namespace {

constexpr std::size_t kGroupsPerRange = 4;

}  // namespace

void BlockGates::reserve(std::size_t rows) {
  AlignedArray<std::uint16_t> masks(planes_.group_count() * rows);
  AlignedArray<std::uint16_t> contexts(neurons_ * rows);
  masks_ = std::move(masks);
  contexts_ = std::move(contexts);
  capacity_ = rows;
}

void BlockGates::find_contexts(const KernelTable& kernels, const float* side_info, std::size_t rows,
                               std::size_t threads) {
  std::uint16_t* masks = masks_.data();
  const GateBlock block = planes_.gate_block(side_info, rows, masks, capacity_);
  auto gate = [&](std::size_t first, std::size_t last, std::size_t) {
    kernels.gate(block, first, last);
  };
  const std::size_t groups = planes_.group_count();
  const double operations =
      static_cast<double>(groups * kLaneCount) * static_cast<double>(rows * planes_.size());
  parallel_ranges(threads_for(threads, operations), groups, kGroupsPerRange, gate);
  planes_.contexts(masks, capacity_, rows, 0, neurons_, contexts_.data(), capacity_);
}

}  // namespace gln

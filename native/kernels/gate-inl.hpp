// Gating: which side of each halfspace every row lies on.
//
// A matrix product, hyperplanes by rows, whose results are only compared with
// the offsets. Lanes run over hyperplanes, so that one comparison yields sixteen
// bits and no sum is ever taken across lanes. Each product is one chain of fused
// multiply-adds over the features in order, however it is tiled: a bit must not
// depend on how many rows were gated together.
//
// Included after the lanes, in their namespace.

template <int kGroups, int kRows>
inline void gate_tile(const GateBlock& block, std::size_t group, std::size_t row) {
  const float* planes[kGroups];
  const float* rows[kRows];
  Lanes total[kGroups][kRows];
  for (int g = 0; g < kGroups; ++g) {
    planes[g] = block.planes + (group + static_cast<std::size_t>(g)) * block.size * kLaneCount;
    for (int r = 0; r < kRows; ++r) total[g][r] = zero();
  }
  for (int r = 0; r < kRows; ++r) {
    rows[r] = block.side_info + (row + static_cast<std::size_t>(r)) * block.side_info_stride;
  }
  for (std::size_t feature = 0; feature < block.size; ++feature) {
    Lanes plane[kGroups];
    for (int g = 0; g < kGroups; ++g) plane[g] = load(planes[g] + feature * kLaneCount);
    for (int r = 0; r < kRows; ++r) {
      const Lanes value = broadcast(rows[r][feature]);
      for (int g = 0; g < kGroups; ++g) {
        total[g][r] = multiply_add(plane[g], value, total[g][r]);
      }
    }
  }
  for (int g = 0; g < kGroups; ++g) {
    const std::size_t at = group + static_cast<std::size_t>(g);
    const Lanes bias = load(block.bias + at * kLaneCount);
    for (int r = 0; r < kRows; ++r) {
      block.masks[at * block.mask_stride + row + static_cast<std::size_t>(r)] =
          static_cast<std::uint16_t>(greater_bits(total[g][r], bias));
    }
  }
}

// The last `left` rows, fewer than a full tile.
template <int kGroups, int kRows>
inline void gate_rest(const GateBlock& block, std::size_t group, std::size_t row,
                      std::size_t left) {
  if constexpr (kRows > 0) {
    if (left == kRows) {
      gate_tile<kGroups, kRows>(block, group, row);
    } else {
      gate_rest<kGroups, kRows - 1>(block, group, row, left);
    }
  }
}

template <int kGroups>
inline void gate_groups(const GateBlock& block, std::size_t group) {
  std::size_t row = 0;
  for (; row + kGateRows <= block.rows; row += kGateRows) {
    gate_tile<kGroups, kGateRows>(block, group, row);
  }
  gate_rest<kGroups, kGateRows - 1>(block, group, row, block.rows - row);
}

inline void gate(const GateBlock& block, std::size_t first_group, std::size_t last_group) {
  std::size_t group = first_group;
  for (; group + kGateGroups <= last_group; group += kGateGroups) {
    gate_groups<kGateGroups>(block, group);
  }
  for (; group < last_group; ++group) gate_groups<1>(block, group);
}

// Gating: which side of each halfspace every row lies on.
//
// A matrix product, hyperplanes by rows, whose results are only compared with
// the offsets: one comparison yields the bits of sixteen hyperplanes. Included
// after product-inl.hpp, in its namespace.

template <int kGroups, int kRows>
inline void gate_tile(const GateBlock& block, std::size_t group, std::size_t row) {
  const std::size_t panel_size = block.size * kLaneCount;
  Lanes total[kGroups][kRows];
  product_tile(block.planes + group * panel_size, panel_size,
               block.side_info + row * block.side_info_stride, block.side_info_stride, block.size,
               total);
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
  for (; row + kProductRows <= block.rows; row += kProductRows) {
    gate_tile<kGroups, kProductRows>(block, group, row);
  }
  gate_rest<kGroups, kProductRows - 1>(block, group, row, block.rows - row);
}

inline void gate(const GateBlock& block, std::size_t first_group, std::size_t last_group) {
  std::size_t group = first_group;
  for (; group + kProductGroups <= last_group; group += kProductGroups) {
    gate_groups<kProductGroups>(block, group);
  }
  for (; group < last_group; ++group) gate_groups<1>(block, group);
}

// The inner loop of every matrix product here: a few rows times a few panels of
// sixteen columns.
//
// A panel is [size][16]: lanes run over columns, so that no sum is ever taken
// across lanes. Each element is one chain of fused multiply-adds over the
// features in order, however the product is tiled: a result never depends on
// what else was computed with it. Included after the lanes, in their namespace.

// total ← total + rows · panels.
template <int kGroups, int kRows>
GLN_INLINE void add_products(const float* panels, std::size_t panel_size, const float* rows,
                             std::size_t row_stride, std::size_t size,
                             Lanes (&total)[kGroups][kRows]) {
  const float* panel[kGroups];
  const float* row[kRows];
  for (int g = 0; g < kGroups; ++g) panel[g] = panels + static_cast<std::size_t>(g) * panel_size;
  for (int r = 0; r < kRows; ++r) row[r] = rows + static_cast<std::size_t>(r) * row_stride;
  for (std::size_t feature = 0; feature < size; ++feature) {
    Lanes columns[kGroups];
    for (int g = 0; g < kGroups; ++g) columns[g] = load(panel[g] + feature * kLaneCount);
    for (int r = 0; r < kRows; ++r) {
      const Lanes value = broadcast(row[r][feature]);
      for (int g = 0; g < kGroups; ++g) {
        total[g][r] = multiply_add(columns[g], value, total[g][r]);
      }
    }
  }
}

template <int kGroups, int kRows>
GLN_INLINE void product_tile(const float* panels, std::size_t panel_size, const float* rows,
                             std::size_t row_stride, std::size_t size,
                             Lanes (&total)[kGroups][kRows]) {
  for (int g = 0; g < kGroups; ++g) {
    for (int r = 0; r < kRows; ++r) total[g][r] = zero();
  }
  add_products(panels, panel_size, rows, row_stride, size, total);
}

// Products of matrices with an activation or a gate at their end, and packing for
// them. Included after product-inl.hpp and activation-inl.hpp, in their namespace.

// The depth of a product is walked in runs of so many: a run of the panels of a
// tile stays in the first cache while it is multiplied with all rows of a block.
constexpr std::size_t kRunDepth = 128;
constexpr std::size_t kSumsStride = kBlockGroups * kLaneCount;

// How many of the sixteen columns of a group there are.
GLN_INLINE std::size_t group_width(std::size_t columns, std::size_t group) {
  const std::size_t rest = columns - group * kLaneCount;
  return rest < kLaneCount ? rest : kLaneCount;
}

inline void pack(const PackBlock& block, std::size_t first_group, std::size_t last_group) {
  for (std::size_t group = first_group; group < last_group; ++group) {
    const float* from = block.from + group * kLaneCount;
    float* to = block.to + group * block.panel_stride;
    const std::size_t width = group_width(block.columns, group);
    for (std::size_t k = 0; k < block.depth; ++k) {
      const float* at = from + k * block.stride;
      store(to + k * kLaneCount, width == kLaneCount ? load(at) : load_first(at, width));
    }
  }
}

// to[16 · column + row] = from[row][column] for all rows and columns of a tile at
// the edge of a matrix, and zero for the others.
inline void transpose_edge(const float* from, std::size_t stride, std::size_t rows,
                           std::size_t columns, float* to) {
  float tile[kLaneCount * kLaneCount];
  for (std::size_t r = 0; r < kLaneCount; ++r) {
    store(tile + r * kLaneCount, r < rows ? load_first(from + r * stride, columns) : zero());
  }
  transpose_sixteen(tile, kLaneCount, to);
}

inline void pack_transposed(const PackBlock& block, std::size_t first_group,
                            std::size_t last_group) {
  for (std::size_t group = first_group; group < last_group; ++group) {
    const float* from = block.from + group * kLaneCount * block.stride;
    float* to = block.to + group * block.panel_stride;
    const std::size_t width = group_width(block.columns, group);
    for (std::size_t k = 0; k < block.depth; k += kLaneCount) {
      const std::size_t depth = block.depth - k < kLaneCount ? block.depth - k : kLaneCount;
      if (width == kLaneCount && depth == kLaneCount) {
        transpose_sixteen(from + k, block.stride, to + k * kLaneCount);
        continue;
      }
      float turned[kLaneCount * kLaneCount];
      transpose_edge(from + k, block.stride, width, depth, turned);
      for (std::size_t i = 0; i < depth; ++i) {
        store(to + (k + i) * kLaneCount, load(turned + i * kLaneCount));
      }
    }
  }
}

inline void transpose(const float* from, std::size_t stride, std::size_t rows, std::size_t columns,
                      float* to, std::size_t first_group, std::size_t last_group) {
  float turned[kLaneCount * kLaneCount];
  for (std::size_t group = first_group; group < last_group; ++group) {
    const std::size_t column = group * kLaneCount;
    const std::size_t width = group_width(columns, group);
    for (std::size_t row = 0; row < rows; row += kLaneCount) {
      const std::size_t height = rows - row < kLaneCount ? rows - row : kLaneCount;
      const float* at = from + row * stride + column;
      if (width == kLaneCount && height == kLaneCount) {
        transpose_sixteen(at, stride, turned);
      } else {
        transpose_edge(at, stride, height, width, turned);
      }
      for (std::size_t i = 0; i < width; ++i) {
        store_first(to + (column + i) * rows + row, load(turned + i * kLaneCount), height);
      }
    }
  }
}

// A tile's sums, from memory and back: they rest there between two runs.
template <int kGroups, int kRows>
GLN_INLINE void product_run(const float* panels, std::size_t panel_stride, const float* rows,
                            std::size_t row_stride, std::size_t depth, bool first, float* sums) {
  Lanes total[kGroups][kRows];
  for (int g = 0; g < kGroups; ++g) {
    for (int r = 0; r < kRows; ++r) {
      const float* at = sums + static_cast<std::size_t>(r) * kSumsStride +
                        static_cast<std::size_t>(g) * kLaneCount;
      total[g][r] = first ? zero() : load(at);
    }
  }
  add_products(panels, panel_stride, rows, row_stride, depth, total);
  for (int g = 0; g < kGroups; ++g) {
    for (int r = 0; r < kRows; ++r) {
      store(sums + static_cast<std::size_t>(r) * kSumsStride +
                static_cast<std::size_t>(g) * kLaneCount,
            total[g][r]);
    }
  }
}

template <int kGroups>
inline void product_rows(const float* panels, std::size_t panel_stride, const float* rows,
                         std::size_t row_stride, std::size_t count, std::size_t depth, bool first,
                         float* sums) {
  constexpr int kHalf = kProductRows / 2;
  std::size_t row = 0;
  for (; row + kProductRows <= count; row += kProductRows) {
    product_run<kGroups, kProductRows>(panels, panel_stride, rows + row * row_stride, row_stride,
                                       depth, first, sums + row * kSumsStride);
  }
  for (; row + kHalf <= count; row += kHalf) {
    product_run<kGroups, kHalf>(panels, panel_stride, rows + row * row_stride, row_stride, depth,
                                first, sums + row * kSumsStride);
  }
  for (; row < count; ++row) {
    product_run<kGroups, 1>(panels, panel_stride, rows + row * row_stride, row_stride, depth, first,
                            sums + row * kSumsStride);
  }
}

// sums[row][group][16] of a block's rows and groups, by the panels that begin at
// `panels`.
inline void product_sums(const ProductBlock& block, const ProductRange& range, const float* panels,
                         float* sums) {
  const std::size_t panel_stride = block.depth * kLaneCount;
  const float* rows = block.rows + range.first_row * block.row_stride;
  const float* from = panels + range.first_group * panel_stride;
  for (std::size_t k = 0; k < block.depth; k += kRunDepth) {
    const std::size_t depth = block.depth - k < kRunDepth ? block.depth - k : kRunDepth;
    const float* run = from + k * kLaneCount;
    std::size_t group = 0;
    for (; group + kProductGroups <= range.groups; group += kProductGroups) {
      product_rows<kProductGroups>(run + group * panel_stride, panel_stride, rows + k,
                                   block.row_stride, range.rows, depth, k == 0,
                                   sums + group * kLaneCount);
    }
    for (; group < range.groups; ++group) {
      product_rows<1>(run + group * panel_stride, panel_stride, rows + k, block.row_stride,
                      range.rows, depth, k == 0, sums + group * kLaneCount);
    }
  }
}

// What a bias adds to the columns of a group.
GLN_INLINE Lanes bias_of(const float* bias, std::size_t group, std::size_t width) {
  return bias == nullptr ? zero() : load_first(bias + group * kLaneCount, width);
}

GLN_INLINE void store_group(float* to, Lanes values, std::size_t width) {
  if (width == kLaneCount) {
    store(to, values);
  } else {
    store_first(to, values, width);
  }
}

inline void product(const ProductBlock& block, const ProductRange& range, float* sums) {
  product_sums(block, range, block.panels, sums);
  const std::size_t begin = range.first_group * kLaneCount;
  const std::size_t wanted = range.groups * kLaneCount;
  const std::size_t width = block.columns - begin < wanted ? block.columns - begin : wanted;
  for (std::size_t row = 0; row < range.rows; ++row) {
    const float* from = sums + row * kSumsStride;
    float* to = block.output + (range.first_row + row) * block.columns + begin;
    for (std::size_t g = 0; g < range.groups; ++g) {
      const std::size_t group = range.first_group + g;
      const std::size_t columns = group_width(block.columns, group);
      const Lanes total = add(load(from + g * kLaneCount), bias_of(block.bias, group, columns));
      store_group(to + g * kLaneCount, total, columns);
    }
    if (block.activation != Activation::kLinear) activate(block.activation, to, to, width);
  }
}

inline void gated_product(const ProductBlock& block, const ProductRange& range, float* sums) {
  float* gate_sums = sums + kBlockFloats;
  product_sums(block, range, block.panels, sums);
  product_sums(block, range, block.gate_panels, gate_sums);
  for (std::size_t row = 0; row < range.rows; ++row) {
    for (std::size_t g = 0; g < range.groups; ++g) {
      const std::size_t group = range.first_group + g;
      const std::size_t width = group_width(block.columns, group);
      const std::size_t from = row * kSumsStride + g * kLaneCount;
      const std::size_t to = (range.first_row + row) * block.columns + group * kLaneCount;
      const Lanes linear = add(load(sums + from), bias_of(block.bias, group, width));
      const Lanes before = add(load(gate_sums + from), bias_of(block.gate_bias, group, width));
      const Lanes gate = sigmoid_activation(before);
      store_group(block.output + to, mul(linear, gate), width);
      if (block.linear != nullptr) store_group(block.linear + to, linear, width);
      if (block.gate != nullptr) store_group(block.gate + to, gate, width);
    }
  }
}

inline void column_sums(const float* from, std::size_t stride, std::size_t rows,
                        std::size_t columns, float* output, std::size_t first_group,
                        std::size_t last_group) {
  for (std::size_t group = first_group; group < last_group; ++group) {
    const std::size_t width = group_width(columns, group);
    Lanes total = zero();
    for (std::size_t row = 0; row < rows; ++row) {
      total = add(total, load_first(from + row * stride + group * kLaneCount, width));
    }
    store_first(output + group * kLaneCount, total, width);
  }
}

constexpr TensorKernels kTensorKernels = {
    pack,     pack_transposed,     transpose,     product, gated_product, column_sums,
    activate, activation_gradient, gate_gradient, adam,    descend,
};

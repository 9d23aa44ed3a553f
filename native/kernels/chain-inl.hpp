// Learning a chain of rows at once, exactly as row after row.
//
// Within one neuron, rows of the same context depend on each other only through
// their own inner products: with d_i = η_i (σ(s_i) - y_i),
//
//   s_t = w⁰·x_t - Σ_{i<t, same context} d_i (x_i·x_t),   w = w⁰ - Σ_i d_i x_i.
//
// So a chain costs its dot products with w⁰, a serial part on scalars that runs
// over sixteen neurons at a time, and one accumulation. The inner products x_i·x_t
// are shared by all neurons that see the input. Included after dots-inl.hpp, in
// its namespace.

// Rows finished together in the serial part: enough independent chains of
// multiply-adds to hide their latency.
constexpr int kSerialRows = 4;
inline void prepare_chain(const LayerBlock& block, std::size_t input, std::size_t chain,
                          LayerScratch& scratch) {
  const ChainRange range = chain_range(block, chain);
  const float* rows = block.input + input * block.network_stride + range.first * block.stride;
  const std::size_t lanes = (block.inputs + kLaneCount - 1) / kLaneCount;
  if (lanes <= kShortLanes) return;
  bool stable = true;
  for (std::size_t row = 0; row < range.count; ++row) {
    Lanes most = zero();
    Lanes square = zero();
    for (std::size_t i = 0; i < lanes * kLaneCount; i += kLaneCount) {
      const Lanes x = load(rows + row * block.stride + i);
      most = max(absolute(x), most);
      square = multiply_add(x, x, square);
    }
    block.row_magnitudes[input * block.capacity + range.first + row] = largest(most);
    stable = stable && block.rates[range.first + row] * sum(square) <= 4.0f * kLargestStableStep;
  }
  const bool overshoots = block.coupled && !stable && !block.always_chained;
  const bool singly = range.count < kShortestChain || overshoots;
  block.singly[input * block.singly_stride + chain] = singly ? 1 : 0;
  if (singly || !block.coupled) return;

  const std::size_t panel_size = lanes * kLaneCount * kLaneCount;
  const std::size_t panels = (range.count + kLaneCount - 1) / kLaneCount;
  for (std::size_t panel = 0; panel < panels; ++panel) {
    for (std::size_t i = 0; i < lanes; ++i) {
      transpose_sixteen(rows + panel * kLaneCount * block.stride + i * kLaneCount, block.stride,
                        scratch.panels + panel * panel_size + i * kLaneCount * kLaneCount);
    }
  }
  float* gram = block.gram + input * block.gram_stride + chain * kChainRows * kChainRows;
  // Only t > i is needed: a tile begins at the panel of its own first row.
  for (std::size_t row = 0; row < range.count; row += kProductRows) {
    for (std::size_t panel = row / kLaneCount; panel < panels; ++panel) {
      Lanes total[1][kProductRows];
      product_tile(scratch.panels + panel * panel_size, panel_size, rows + row * block.stride,
                   block.stride, block.inputs, total);
      for (std::size_t r = 0; r < kProductRows && row + r < kChainRows; ++r) {
        store(gram + (row + r) * kChainRows + panel * kLaneCount, total[0][r]);
      }
    }
  }
}

// One neuron's step for a row, over the lanes of a tile.
GLN_INLINE Lanes row_steps(const LayerBlock& block, const Tile& tile, std::size_t row,
                           Lanes logits) {
  const Lanes target = broadcast(block.targets[tile.network * block.capacity + row]);
  return mul(broadcast(block.rates[row]), sub(logistic(logits), target));
}

// Sums of rows at … at+kRows of the chain, corrected for the rows before them,
// and their steps.
template <int kRows>
GLN_INLINE Lanes serial_rows(const LayerBlock& block, const Tile& tile, std::size_t first,
                             std::size_t at, const float* gram, const float* magnitudes,
                             LayerScratch& scratch, Lanes moved) {
  Lanes sums[kRows];
  IntLanes contexts[kRows];
  for (int r = 0; r < kRows; ++r) {
    sums[r] = load(scratch.sums + (at + static_cast<std::size_t>(r)) * kTileNeurons);
    contexts[r] = load_ints(scratch.contexts + (at + static_cast<std::size_t>(r)) * kTileNeurons);
  }
  if (block.coupled) {
    for (std::size_t i = 0; i < at; ++i) {
      const Lanes step = load(scratch.steps + i * kTileNeurons);
      const IntLanes context = load_ints(scratch.contexts + i * kTileNeurons);
      const float* products = gram + i * kChainRows + at;
      for (int r = 0; r < kRows; ++r) {
        sums[r] = negative_multiply_add_where(equal(context, contexts[r]), step,
                                              broadcast(products[r]), sums[r]);
      }
    }
  }
  const Lanes bound = broadcast(block.logit_bound);
  for (int r = 0; r < kRows; ++r) {
    const std::size_t row = at + static_cast<std::size_t>(r);
    const Lanes logits = clamp(sums[r], bound);
    write_row(block, tile, first + row, sums[r], logits);
    const Lanes step = row_steps(block, tile, first + row, logits);
    store(scratch.steps + row * kTileNeurons, step);
    moved = multiply_add(absolute(step), broadcast(magnitudes[row]), moved);
    if (block.coupled) {
      const float* products = gram + row * kChainRows + at;
      for (int later = r + 1; later < kRows; ++later) {
        sums[later] = negative_multiply_add_where(equal(contexts[r], contexts[later]), step,
                                                  broadcast(products[later]), sums[later]);
      }
    }
  }
  return moved;
}

// The serial part of a chain. Returns how far a weight of each neuron can have
// moved at any time within it.
inline Lanes serial_chain(const LayerBlock& block, const Tile& tile, const ChainRange& range,
                          const float* gram, LayerScratch& scratch) {
  const float* magnitudes = block.row_magnitudes + tile.input_index * block.capacity + range.first;
  for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
    const std::uint16_t* contexts = tile_contexts(block, tile, neuron) + range.first;
    for (std::size_t row = 0; row < range.count; ++row) {
      scratch.contexts[row * kTileNeurons + neuron] = contexts[row];
    }
  }
  Lanes moved = zero();
  std::size_t at = 0;
  for (; at + kSerialRows <= range.count; at += kSerialRows) {
    moved =
        serial_rows<kSerialRows>(block, tile, range.first, at, gram, magnitudes, scratch, moved);
  }
  for (; at < range.count; ++at) {
    moved = serial_rows<1>(block, tile, range.first, at, gram, magnitudes, scratch, moved);
  }
  return moved;
}

struct UpdateRuns {
  const LayerBlock& block;
  const Tile& tile;
  const float* input;  // first row of the chain
  const LayerScratch& scratch;

  template <int kLanes>
  void run(std::size_t at) {
    // In locals for the same reason as in DotRuns.
    const float* const input_at = input + at * kLaneCount;
    const std::size_t stride = block.stride;
    const std::size_t context_count = block.context_count;
    float* const* rows = block.update_rows + tile.first * context_count;
    const std::uint16_t* order = scratch.order;
    const ContextGroup* groups = scratch.groups;
    for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
      const std::uint16_t* row = order;
      const float* const steps = scratch.steps + neuron;
      const ContextGroup* const end = groups + scratch.group_count[neuron];
      for (const ContextGroup* group = groups; group != end; ++group) {
        const std::uint16_t* const last = row + group->count;
        if (group->settled != 0) {
          row = last;
          continue;
        }
        float* weights = rows[group->context] + at * kLaneCount;
        GLN_KEEP_POINTER(weights);
        Lanes weight[kLanes];
        for (int i = 0; i < kLanes; ++i) weight[i] = load(weights + i * 16);
        for (; row != last; ++row) {
          const float* x = input_at + *row * stride;
          GLN_KEEP_POINTER(x);
          const Lanes step = broadcast(steps[*row * kTileNeurons]);
          for (int i = 0; i < kLanes; ++i) {
            weight[i] = negative_multiply_add(step, load(x + i * 16), weight[i]);
          }
        }
        for (int i = 0; i < kLanes; ++i) store(weights + i * 16, weight[i]);
      }
      rows += context_count;
      order += kChainRows;
      groups += kChainRows;
    }
  }
};

// Learns the rows of one group one by one, clamping after each.
inline void settle_group(const LayerBlock& block, const Tile& tile, std::size_t first,
                         std::size_t neuron, ContextGroup* group, LayerScratch& scratch) {
  float* weights = block.update_rows[(tile.first + neuron) * block.context_count + group->context];
  const std::size_t size = tile.lanes * kLaneCount;
  const Lanes bound = broadcast(block.logit_bound);
  for (std::size_t i = 0; i < group->count; ++i) {
    const std::size_t row = first + scratch.order[neuron * kChainRows + group->first + i];
    const float* x = tile.input + row * block.stride;
    const Lanes sums = broadcast(dot(weights, x, size));
    const Lanes logits = clamp(sums, bound);
    tile.output[row * block.output_stride + neuron] = first_lane(logits);
    if (tile.sums != nullptr) tile.sums[row] = first_lane(sums);
    const float step = first_lane(row_steps(block, tile, row, logits));
    update(weights, x, size, step, block.weight_bound);
  }
  group->settled = 1;
}

// Clamping breaks the chain's linearity, but only where it bites. Finds the
// groups in which it might, by a bound on the weights and on how far they moved,
// and learns those row by row.
inline void settle_clamped(const LayerBlock& block, const Tile& tile, const ChainRange& range,
                           Lanes moved, LayerScratch& scratch) {
  float movement[kLaneCount];
  store(movement, mul(moved, broadcast(kSlack)));
  const float* magnitudes = block.row_magnitudes + tile.input_index * block.capacity + range.first;
  const std::size_t size = tile.lanes * kLaneCount;
  for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
    float& known = block.neuron_bounds[tile.first + neuron];
    if (known + movement[neuron] <= block.weight_bound) {
      known = (known + movement[neuron]) * kRoundUp;
      continue;
    }
    float* const* rows = block.update_rows + (tile.first + neuron) * block.context_count;
    if (may_look(block, range.first)) known = largest_of_neuron(block, rows, size);
    const float grown = (known + movement[neuron]) * kRoundUp;
    const bool safe = grown <= block.weight_bound;
    known = safe ? grown : block.weight_bound;
    if (safe) continue;
    for (std::size_t i = 0; i < scratch.group_count[neuron]; ++i) {
      ContextGroup* group = scratch.groups + neuron * kChainRows + i;
      float reach = 0.0f;
      for (std::size_t k = 0; k < group->count; ++k) {
        const std::size_t row = scratch.order[neuron * kChainRows + group->first + k];
        const float step = scratch.steps[row * kTileNeurons + neuron];
        reach += (step < 0.0f ? -step : step) * magnitudes[row];
      }
      if (largest_weight(rows[group->context], size) + reach * kSlack > block.weight_bound) {
        settle_group(block, tile, range.first, neuron, group, scratch);
      }
    }
  }
}

inline void learn_chain(const LayerBlock& block, const Tile& tile, std::size_t chain,
                        LayerScratch& scratch) {
  const ChainRange range = chain_range(block, chain);
  const float* gram =
      block.gram + tile.input_index * block.gram_stride + chain * kChainRows * kChainRows;
  group_rows(block, tile, range.first, range.count, scratch);
  chain_dots(block, tile, range.first, range.count, scratch);
  const Lanes moved = serial_chain(block, tile, range, gram, scratch);
  if (block.coupled) settle_clamped(block, tile, range, moved, scratch);
  UpdateRuns runs{block, tile, tile.input + range.first * block.stride, scratch};
  for_each_run(tile.lanes, runs);
}

// Dot products of a chain of rows with the weight rows that their contexts pick.
//
// Rows of one context are taken together, so that a run of the weight row stays
// in registers and each multiply-add costs one load. Partial sums wait in
// scratch.accumulators, sixteen lanes for each (row, neuron), until every run of
// features has been added; their order is that of dot(). Included after
// tile-inl.hpp, in its namespace.

struct DotRuns {
  const LayerBlock& block;
  const Tile& tile;
  const float* input;  // first row of the chain
  LayerScratch& scratch;

  template <int kLanes, bool kFirst>
  void run(std::size_t at) {
    for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
      float* const* rows = block.weight_rows + (tile.first + neuron) * block.context_count;
      const std::uint16_t* order = scratch.order + neuron * kChainRows;
      const ContextGroup* group = scratch.groups + neuron * kChainRows;
      const ContextGroup* end = group + scratch.group_count[neuron];
      float* accumulators = scratch.accumulators + neuron * kLaneCount;
      for (; group != end; ++group) {
        const float* weights = rows[group->context] + at * kLaneCount;
        Lanes weight[kLanes];
        for (int i = 0; i < kLanes; ++i) weight[i] = load(weights + i * 16);
        const std::uint16_t* row = order + group->first;
        const std::uint16_t* last = row + group->count;
        for (; row != last; ++row) {
          const float* x = input + *row * block.stride + at * kLaneCount;
          float* accumulator = accumulators + *row * (kTileNeurons * kLaneCount);
          Lanes total = kFirst ? zero() : load(accumulator);
          for (int i = 0; i < kLanes; ++i) total = multiply_add(weight[i], load(x + i * 16), total);
          store(accumulator, total);
        }
      }
    }
  }

  template <int kLanes>
  void dispatch(std::size_t at, std::size_t length) {
    if constexpr (kLanes > 0) {
      if (length != kLanes) {
        dispatch<kLanes - 1>(at, length);
      } else if (at == 0) {
        run<kLanes, true>(at);
      } else {
        run<kLanes, false>(at);
      }
    }
  }

  void advance(std::size_t at, std::size_t length) { dispatch<kRunLanes>(at, length); }
};

// Leaves scratch.accumulators ready for row_sums. Rows must have been grouped.
inline void chain_dots(const LayerBlock& block, const Tile& tile, std::size_t first,
                       LayerScratch& scratch) {
  DotRuns runs{block, tile, tile.input + first * block.stride, scratch};
  for_each_run(tile.lanes, runs);
}

// The dot products of one row with all neurons of the tile. Lanes without a
// neuron hold numbers of no meaning.
GLN_INLINE Lanes row_sums(const LayerScratch& scratch, std::size_t row) {
  return sum_sixteen(scratch.accumulators + row * (kTileNeurons * kLaneCount));
}

// The same for one row directly, without grouping.
inline Lanes single_row_sums(const LayerBlock& block, const Tile& tile, std::size_t row,
                             LayerScratch& scratch) {
  const float* x = tile.input + row * block.stride;
  for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
    const std::size_t context = tile_contexts(block, tile, neuron)[row];
    const float* weights = block.weight_rows[(tile.first + neuron) * block.context_count + context];
    Lanes total = zero();
    for (std::size_t i = 0; i < tile.lanes * kLaneCount; i += kLaneCount) {
      total = multiply_add(load(weights + i), load(x + i), total);
    }
    if (tile.count == 1) return broadcast(sum(total));
    store(scratch.accumulators + neuron * kLaneCount, total);
  }
  return sum_sixteen(scratch.accumulators);
}

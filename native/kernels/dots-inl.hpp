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

  // Adds a run of features to every sum; the first one begins them.
  template <int kLanes, bool kFirst>
  void add_run(std::size_t at) {
    // Everything that the loops need stands in locals: what is stored could
    // otherwise alias it, and would have it loaded again for every row.
    const float* const input_at = input + at * kLaneCount;
    const std::size_t stride = block.stride;
    const std::size_t count = tile.count;
    const std::size_t context_count = block.context_count;
    float* const* rows = block.weight_rows + tile.first * context_count;
    const std::uint16_t* order = scratch.order;
    const ContextGroup* groups = scratch.groups;
    const std::size_t* group_count = scratch.group_count;
    float* accumulator = scratch.accumulators;
    for (std::size_t neuron = 0; neuron < count; ++neuron) {
      const std::uint16_t* row = order;
      float* total_at = accumulator;
      const ContextGroup* const end = groups + group_count[neuron];
      for (const ContextGroup* group = groups; group != end; ++group) {
        const float* weights = rows[group->context] + at * kLaneCount;
        GLN_KEEP_POINTER(weights);
        Lanes weight[kLanes];
        for (int i = 0; i < kLanes; ++i) weight[i] = load(weights + i * 16);
        const std::uint16_t* const last = row + group->count;
        for (; row != last; ++row, total_at += kLaneCount) {
          const float* x = input_at + *row * stride;
          GLN_KEEP_POINTER(x);
          Lanes total = kFirst ? zero() : load(total_at);
          for (int i = 0; i < kLanes; ++i) total = multiply_add(weight[i], load(x + i * 16), total);
          store(total_at, total);
        }
      }
      rows += context_count;
      order += kChainRows;
      groups += kChainRows;
      accumulator += kAccumulatorStride;
    }
  }

  template <int kLanes>
  void run(std::size_t at) {
    if (at == 0) {
      add_run<kLanes, true>(at);
    } else {
      add_run<kLanes, false>(at);
    }
  }
};

// Dot products of the chain's rows with all neurons of the tile, into
// scratch.sums. Rows must have been grouped. Lanes without a neuron hold numbers
// of no meaning.
inline void chain_dots(const LayerBlock& block, const Tile& tile, std::size_t first,
                       std::size_t count, LayerScratch& scratch) {
  DotRuns runs{block, tile, tile.input + first * block.stride, scratch};
  for_each_run(tile.lanes, runs);
  // Accumulators stand in the order of contexts; sums go back to that of time.
  for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
    const float* accumulators = scratch.accumulators + neuron * kAccumulatorStride;
    const std::uint16_t* order = scratch.order + neuron * kChainRows;
    for (std::size_t at = 0; at < count; at += kLaneCount) {
      float sums[kLaneCount];
      store(sums, sum_sixteen(accumulators + at * kLaneCount, kLaneCount));
      const std::size_t left = count - at < kLaneCount ? count - at : kLaneCount;
      for (std::size_t i = 0; i < left; ++i) {
        scratch.sums[order[at + i] * kTileNeurons + neuron] = sums[i];
      }
    }
  }
}

// The same for one row directly, without grouping. Rows of a single lane group are
// summed in double precision: it costs a small network nothing that it would
// notice, and keeps large steps on few inputs close to exact arithmetic.
inline Lanes single_row_sums(const LayerBlock& block, const Tile& tile, std::size_t row,
                             LayerScratch& scratch) {
  const float* x = tile.input + row * block.stride;
  float* const* rows = block.weight_rows + tile.first * block.context_count;
  const std::uint16_t* contexts = tile_contexts(block, tile, 0) + row;
  if (tile.lanes == 1) {
    float sums[kTileNeurons] = {};
    for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
      sums[neuron] = precise_dot(rows[*contexts], x);
      rows += block.context_count;
      contexts += block.capacity;
    }
    return load(sums);
  }
  for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
    const float* weights = rows[*contexts];
    Lanes total = zero();
    for (std::size_t i = 0; i < tile.lanes * kLaneCount; i += kLaneCount) {
      total = multiply_add(load(weights + i), load(x + i), total);
    }
    if (tile.count == 1) return broadcast(sum(total));
    store(scratch.accumulators + neuron * kLaneCount, total);
    rows += block.context_count;
    contexts += block.capacity;
  }
  return sum_sixteen(scratch.accumulators, kLaneCount);
}

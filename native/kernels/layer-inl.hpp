// One layer over a block of rows: predictions, and the local update of every
// neuron. Included after chain-inl.hpp, in its namespace.

inline void predict_tile(const LayerBlock& block, const Tile& tile, LayerScratch& scratch) {
  const Lanes bound = broadcast(block.logit_bound);
  const bool short_rows = tile.lanes <= kShortLanes;
  for (std::size_t first = 0; first < block.rows; first += kChainRows) {
    const std::size_t left = block.rows - first;
    const std::size_t count = left < kChainRows ? left : kChainRows;
    const bool singly = short_rows || count < kShortestChain;
    if (!singly) {
      group_rows(block, tile, first, count, scratch);
      chain_dots(block, tile, first, count, scratch);
    }
    for (std::size_t row = 0; row < count; ++row) {
      const Lanes sums = singly ? single_row_sums(block, tile, first + row, scratch)
                                : load(scratch.sums + row * kTileNeurons);
      write_row(block, tile, first + row, sums, clamp(sums, bound));
    }
  }
}

inline void predict_layer(const LayerBlock& block, std::size_t first_tile, std::size_t last_tile,
                          LayerScratch& scratch) {
  for (std::size_t index = first_tile; index < last_tile; ++index) {
    predict_tile(block, tile_at(block, index), scratch);
  }
}

// Rows one after the other, with lanes over the neurons only where they are
// scalars.
inline void learn_rows(const LayerBlock& block, const Tile& tile, const ChainRange& range,
                       LayerScratch& scratch) {
  const Lanes bound = broadcast(block.logit_bound);
  const std::size_t size = tile.lanes * kLaneCount;
  const bool keeps_bounds = tile.lanes > kShortLanes && block.coupled;
  for (std::size_t row = range.first; row < range.first + range.count; ++row) {
    const Lanes sums = single_row_sums(block, tile, row, scratch);
    const Lanes logits = clamp(sums, bound);
    write_row(block, tile, row, sums, logits);
    float steps[kLaneCount];
    store(steps, row_steps(block, tile, row, logits));
    const float* x = tile.input + row * block.stride;
    for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
      const std::size_t context = tile_contexts(block, tile, neuron)[row];
      float* weights = block.update_rows[(tile.first + neuron) * block.context_count + context];
      if (keeps_bounds && grow_bound(block, tile, neuron, row, steps[neuron])) {
        update_row<false>(weights, x, size, steps[neuron], block.weight_bound);
      } else {
        update_row<true>(weights, x, size, steps[neuron], block.weight_bound);
      }
    }
  }
}

inline void learn_layer(const LayerBlock& block, std::size_t first_tile, std::size_t last_tile,
                        LayerScratch& scratch) {
  const std::size_t chains = chain_count(block.rows_before, block.rows);
  for (std::size_t index = first_tile; index < last_tile; ++index) {
    const Tile tile = tile_at(block, index);
    for (std::size_t chain = 0; chain < chains; ++chain) {
      const ChainRange range = chain_range(block, chain);
      if (tile.lanes <= kShortLanes ||
          block.singly[tile.input_index * block.singly_stride + chain] != 0) {
        learn_rows(block, tile, range, scratch);
      } else {
        learn_chain(block, tile, chain, scratch);
      }
    }
  }
}

// A tile: up to sixteen neurons of one network over the rows of a block, and how
// their rows are grouped by context. Included after rows-inl.hpp, in its
// namespace.

struct Tile {
  std::size_t network;
  std::size_t first;        // neuron, counted over all networks
  std::size_t gate;         // the same, counted over all that have contexts of their own
  std::size_t count;        // neurons
  std::size_t lanes;        // lane groups of a weight row that matter
  std::size_t input_index;  // which of the layer's inputs: 0 where networks share one
  const float* input;       // row 0
  float* output;            // row 0, first neuron
  float* sums;              // row 0, or null
};

inline Tile tile_at(const LayerBlock& block, std::size_t index) {
  const std::size_t network = index / block.tiles_per_network;
  const std::size_t in_network = (index - network * block.tiles_per_network) * block.tile_width;
  const std::size_t left = block.neurons - in_network;
  return {network,
          network * block.neurons + in_network,
          network * block.context_neurons + in_network,
          left < block.tile_width ? left : block.tile_width,
          (block.inputs + kLaneCount - 1) / kLaneCount,
          block.network_stride == 0 ? 0 : network,
          block.input + network * block.network_stride,
          block.output + network * block.output_network_stride + in_network,
          block.sums == nullptr ? nullptr : block.sums + network * block.capacity};
}

GLN_INLINE const std::uint16_t* tile_contexts(const LayerBlock& block, const Tile& tile,
                                              std::size_t neuron) {
  return block.contexts + (tile.gate + neuron) * block.capacity;
}

// Clamped logits of one row, and the sums where they are asked for.
GLN_INLINE void write_row(const LayerBlock& block, const Tile& tile, std::size_t row, Lanes sums,
                          Lanes logits) {
  store_first(tile.output + row * block.output_stride, logits, tile.count);
  if (tile.sums != nullptr) tile.sums[row] = first_lane(sums);
}

// Sorts rows first … first+count of every neuron by context, keeping time's order
// within a context.
inline void group_rows(const LayerBlock& block, const Tile& tile, std::size_t first,
                       std::size_t count, LayerScratch& scratch) {
  for (std::size_t neuron = 0; neuron < tile.count; ++neuron) {
    const std::uint16_t* contexts = tile_contexts(block, tile, neuron) + first;
    ContextGroup* groups = scratch.groups + neuron * kChainRows;
    std::uint16_t* order = scratch.order + neuron * kChainRows;
    std::size_t group_count = 0;
    // A slot holds one more than the number of the context's group.
    for (std::size_t row = 0; row < count; ++row) {
      std::uint16_t& slot = scratch.slots[contexts[row]];
      if (slot == 0) {
        groups[group_count] = {contexts[row], 0, 0, 0};
        slot = static_cast<std::uint16_t>(++group_count);
      }
      ++groups[slot - 1].count;
    }
    std::uint16_t begin = 0;
    for (std::size_t group = 0; group < group_count; ++group) {
      groups[group].first = begin;
      begin = static_cast<std::uint16_t>(begin + groups[group].count);
      groups[group].count = 0;
    }
    for (std::size_t row = 0; row < count; ++row) {
      ContextGroup& group = groups[scratch.slots[contexts[row]] - 1];
      order[group.first + group.count++] = static_cast<std::uint16_t>(row);
    }
    for (std::size_t group = 0; group < group_count; ++group) {
      scratch.slots[groups[group].context] = 0;
    }
    scratch.group_count[neuron] = group_count;
  }
}

// Calls runs.run<length>(at) for consecutive runs that cover `lanes` lane groups, of
// nearly equal length, none longer than kRunLanes, so that a run of a weight row
// stays in registers.
template <int kLanes, typename Runs>
inline void dispatch_run(Runs& runs, std::size_t at, std::size_t length) {
  if constexpr (kLanes > 0) {
    if (length == kLanes) {
      runs.template run<kLanes>(at);
    } else {
      dispatch_run<kLanes - 1>(runs, at, length);
    }
  }
}
template <typename Runs>
inline void for_each_run(std::size_t lanes, Runs& runs) {
  const std::size_t count = (lanes + kRunLanes - 1) / kRunLanes;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t length = (lanes - at) / (count - i);
    dispatch_run<kRunLanes>(runs, at, length);
    at += length;
  }
}

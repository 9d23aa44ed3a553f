// Bounds on weights, by which learning knows where clamping cannot bite.
//
// A neuron's bound grows with every step by as much as a weight can have moved.
// When it reaches the clamp the weights themselves are looked at. Included after
// tile-inl.hpp, in its namespace.

// Estimates of how far weights may have moved are rounded up by these.
constexpr float kSlack = 1.0001f;
constexpr float kRoundUp = 1.0000003f;

inline float largest_weight(const float* weights, std::size_t size) {
  Lanes most = zero();
  for (std::size_t i = 0; i < size; i += kLaneCount) most = max(absolute(load(weights + i)), most);
  return largest(most);
}

// Of all contexts of one neuron, whose weight rows begin at `rows`.
inline float largest_of_neuron(const LayerBlock& block, float* const* rows, std::size_t size) {
  float most = 0.0f;
  for (std::size_t context = 0; context < block.context_count; ++context) {
    const float of_row = largest_weight(rows[context], size);
    most = of_row > most ? of_row : most;
  }
  return most;
}

// Whether a neuron's weights may be looked at before a row: once in so many chains
// as there are contexts to see, so that it never costs more than the learning. A
// matter of the row's place among all ever learned, not of the call.
inline bool may_look(const LayerBlock& block, std::size_t row) {
  const std::uint64_t place = block.rows_before + row;
  return place % kChainRows == 0 &&
         place / kChainRows % (block.context_count / kLaneCount + 1) == 0;
}

// Lets the bound of one neuron grow by what a step on a row moves. False where a
// weight might then lie outside ±weight_bound.
inline bool grow_bound(const LayerBlock& block, const Tile& tile, std::size_t neuron,
                       std::size_t row, float step) {
  const float magnitude = block.row_magnitudes[tile.input_index * block.capacity + row];
  const float reach = (step < 0.0f ? -step : step) * magnitude;
  float& known = block.neuron_bounds[tile.first + neuron];
  if ((known + reach) * kRoundUp > block.weight_bound && may_look(block, row)) {
    known =
        largest_of_neuron(block, block.update_rows + (tile.first + neuron) * block.context_count,
                          tile.lanes * kLaneCount);
  }
  const float grown = (known + reach) * kRoundUp;
  const bool inside = grown <= block.weight_bound;
  known = inside ? grown : block.weight_bound;
  return inside;
}

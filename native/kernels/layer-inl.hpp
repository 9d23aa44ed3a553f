// One layer over a block of rows: predictions, and the local update of every
// neuron. Included after rows-inl.hpp, in its namespace.

// Where one neuron finds its data in a LayerBlock.
struct NeuronView {
  const float* input;
  const std::uint16_t* contexts;
  float* const* weight_rows;
  float* output;
  float* sums;  // null unless this is the last layer
  std::size_t network;
};

GLN_INLINE NeuronView neuron_view(const LayerBlock& block, std::size_t neuron) {
  const std::size_t network = neuron / block.neurons;
  const std::size_t index = neuron - network * block.neurons;
  return {block.input + network * block.network_stride,
          block.contexts + neuron * kBlockRows,
          block.weight_rows + neuron * block.context_count,
          block.output + network * block.output_network_stride + index,
          block.sums == nullptr ? nullptr : block.sums + network * kBlockRows,
          network};
}

GLN_INLINE float limit(float x, float bound) {
  const float above = x > -bound ? x : -bound;
  return above < bound ? above : bound;
}

inline void predict_layer(const LayerBlock& block, std::size_t first_neuron,
                          std::size_t last_neuron) {
  for (std::size_t neuron = first_neuron; neuron < last_neuron; ++neuron) {
    const NeuronView view = neuron_view(block, neuron);
    for (std::size_t row = 0; row < block.rows; ++row) {
      const float s =
          dot(view.weight_rows[view.contexts[row]], view.input + row * block.stride, block.stride);
      view.output[row * block.output_stride] = limit(s, block.logit_bound);
      if (view.sums != nullptr) view.sums[row] = s;
    }
  }
}

inline void learn_layer(const LayerBlock& block, std::size_t first_neuron,
                        std::size_t last_neuron) {
  for (std::size_t neuron = first_neuron; neuron < last_neuron; ++neuron) {
    const NeuronView view = neuron_view(block, neuron);
    float* const* update_rows = block.update_rows + neuron * block.context_count;
    const float* targets = block.targets + view.network * kBlockRows;
    for (std::size_t row = 0; row < block.rows; ++row) {
      const std::size_t context = view.contexts[row];
      const float* input = view.input + row * block.stride;
      const float s = dot(view.weight_rows[context], input, block.stride);
      const float logit = limit(s, block.logit_bound);
      view.output[row * block.output_stride] = logit;
      if (view.sums != nullptr) view.sums[row] = s;
      float probability[kLaneCount];
      store(probability, logistic(broadcast(logit)));
      const float step = block.rates[row] * (probability[0] - targets[row]);
      update(update_rows[context], input, block.stride, step, block.weight_bound);
    }
  }
}

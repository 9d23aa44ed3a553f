// Gating by structured hyperplanes: three rounds of random signs and a
// Walsh-Hadamard transform, which cost O(D log D) for D hyperplanes instead of
// O(D²). (Andoni et al., "Practical and optimal LSH for angular distance", 2015,
// show that three rounds behave like independent normals.)
//
// Lanes run over sixteen rows, so that a butterfly is two additions of whole lane
// groups, the same in every instruction set. Included after the lanes, in their
// namespace.

// Sixteen rows, transposed: buffer[feature][row], zero where there is no row or
// no feature.
inline void hadamard_load(const HadamardBlock& block, std::size_t first_row, float* buffer) {
  const std::size_t left = block.rows - first_row;
  const std::size_t count = left < kLaneCount ? left : kLaneCount;
  const float* rows = block.side_info + first_row * block.size;
  std::size_t feature = 0;
  if (count == kLaneCount) {
    for (; feature + kLaneCount <= block.size; feature += kLaneCount) {
      transpose_sixteen(rows + feature, block.size, buffer + feature * kLaneCount);
    }
  }
  for (; feature < block.width; ++feature) {
    float* lanes = buffer + feature * kLaneCount;
    store(lanes, zero());
    if (feature >= block.size) continue;
    for (std::size_t row = 0; row < count; ++row) lanes[row] = rows[row * block.size + feature];
  }
}

inline void hadamard_sign(const float* signs, std::size_t width, const float* from, float* to) {
  for (std::size_t i = 0; i < width; ++i) {
    store(to + i * kLaneCount, mul(load(from + i * kLaneCount), broadcast(signs[i])));
  }
}

// In place, without the factor 1 / sqrt(width). Two stages at a time.
inline void hadamard_transform(float* data, std::size_t width) {
  std::size_t half = 1;
  for (; half * 4 <= width; half *= 4) {
    const std::size_t step = half * kLaneCount;
    for (std::size_t block = 0; block < width * kLaneCount; block += 4 * step) {
      for (std::size_t i = block; i < block + step; i += kLaneCount) {
        const Lanes a = load(data + i);
        const Lanes b = load(data + i + step);
        const Lanes c = load(data + i + 2 * step);
        const Lanes d = load(data + i + 3 * step);
        const Lanes ab = add(a, b);
        const Lanes cd = add(c, d);
        const Lanes a_b = sub(a, b);
        const Lanes c_d = sub(c, d);
        store(data + i, add(ab, cd));
        store(data + i + step, add(a_b, c_d));
        store(data + i + 2 * step, sub(ab, cd));
        store(data + i + 3 * step, sub(a_b, c_d));
      }
    }
  }
  if (half < width) {
    const std::size_t step = half * kLaneCount;
    for (std::size_t i = 0; i < step; i += kLaneCount) {
      const Lanes a = load(data + i);
      const Lanes b = load(data + i + step);
      store(data + i, add(a, b));
      store(data + i + step, sub(a, b));
    }
  }
}

// Contexts of the neurons whose hyperplanes are this transform's outputs.
inline void hadamard_contexts(const HadamardBlock& block, std::size_t transform,
                              std::size_t first_row, const float* outputs) {
  const std::size_t left = block.rows - first_row;
  const std::size_t count = left < kLaneCount ? left : kLaneCount;
  const std::size_t first = transform * block.neurons_per_transform;
  const std::size_t end = first + block.neurons_per_transform;
  const std::size_t last = end < block.neurons ? end : block.neurons;
  for (std::size_t neuron = first; neuron < last; ++neuron) {
    const std::size_t plane = neuron * block.per_neuron;
    const float* output = outputs + (neuron - first) * block.per_neuron * kLaneCount;
    IntLanes context = broadcast_int(0);
    for (std::size_t i = 0; i < block.per_neuron; ++i) {
      const Mask inside =
          greater(load(output + i * kLaneCount), broadcast(block.thresholds[plane + i]));
      context = add_ints(context, bits_where(inside, std::int32_t{1} << i));
    }
    std::int32_t contexts[kLaneCount];
    store_ints(contexts, context);
    std::uint16_t* to = block.contexts + neuron * block.context_stride + first_row;
    for (std::size_t row = 0; row < count; ++row)
      to[row] = static_cast<std::uint16_t>(contexts[row]);
  }
}

// Panels of sixteen rows; `buffer` holds 2 · width · 16 floats.
inline void hadamard_gate(const HadamardBlock& block, std::size_t first_panel,
                          std::size_t last_panel, float* buffer) {
  float* const side_info = buffer;
  float* const work = buffer + block.width * kLaneCount;
  for (std::size_t panel = first_panel; panel < last_panel; ++panel) {
    hadamard_load(block, panel * kLaneCount, side_info);
    for (std::size_t transform = 0; transform < block.transforms; ++transform) {
      const float* signs = block.signs + transform * kHadamardRounds * block.width;
      const float* from = side_info;
      for (std::size_t round = 0; round < kHadamardRounds; ++round) {
        hadamard_sign(signs + round * block.width, block.width, from, work);
        hadamard_transform(work, block.width);
        from = work;
      }
      hadamard_contexts(block, transform, panel * kLaneCount, work);
    }
  }
}

// Neurons with branches: a row opens some of them, and the sum of their weight rows
// is what the neuron mixes its inputs with. Rows are worked on one after the other,
// with lanes over the neurons of a tile where they are scalars. Included after
// tile-inl.hpp, in its namespace.

struct OpenBranches {
  std::size_t count;
  std::uint8_t index[64];
};

GLN_INLINE void list_open(std::uint64_t bits, OpenBranches* open) {
  std::size_t count = 0;
  for (; bits != 0; bits &= bits - 1) {
    open->index[count++] = static_cast<std::uint8_t>(__builtin_ctzll(bits));
  }
  open->count = count;
}

// Adds the products of a run of features to `total`, lane by lane in the order of
// dot(). The weight rows are added up in the order of the branches.
struct BranchDots {
  const float* weights;
  std::size_t stride;
  const OpenBranches& open;
  const float* input;
  Lanes total;

  template <int kLanes>
  void run(std::size_t at) {
    const float* const first = weights + at * kLaneCount;
    Lanes effective[kLanes];
    for (int i = 0; i < kLanes; ++i) effective[i] = zero();
    for (std::size_t k = 0; k < open.count; ++k) {
      const float* row = first + open.index[k] * stride;
      GLN_KEEP_POINTER(row);
      for (int i = 0; i < kLanes; ++i) effective[i] = add(effective[i], load(row + i * 16));
    }
    const float* x = input + at * kLaneCount;
    for (int i = 0; i < kLanes; ++i) total = multiply_add(effective[i], load(x + i * 16), total);
  }
};

// weights ← weights - step · input, clamped to ±bound, for every open branch.
struct BranchUpdates {
  float* weights;
  std::size_t stride;
  const OpenBranches& open;
  const float* input;
  Lanes step;
  Lanes bound;

  template <int kLanes>
  void run(std::size_t at) {
    float* const first = weights + at * kLaneCount;
    const Lanes steps = step;
    const Lanes bounds = bound;
    Lanes x[kLanes];
    for (int i = 0; i < kLanes; ++i) x[i] = load(input + at * kLaneCount + i * 16);
    for (std::size_t k = 0; k < open.count; ++k) {
      float* row = first + open.index[k] * stride;
      GLN_KEEP_POINTER(row);
      for (int i = 0; i < kLanes; ++i) {
        store(row + i * 16, clamp(negative_multiply_add(steps, x[i], load(row + i * 16)), bounds));
      }
    }
  }
};

// η (output - y). Of logits the output is the logistic of the clamped one, and
// nothing is learned where the probability is within ε of the target already.
GLN_INLINE Lanes dendrite_steps(const DendriteTile& tile, std::size_t row, Lanes sums,
                                Lanes outputs) {
  const Lanes rate = broadcast(tile.rates[row]);
  const Lanes target = broadcast(tile.targets[row]);
  if (tile.regression) {
    // An infinite step would make NaN of inputs that are 0.
    constexpr float kLargestFloat = 3.402823466e38f;
    return clamp(mul(rate, sub(outputs, target)), broadcast(kLargestFloat));
  }
  const Lanes towards = broadcast(tile.targets[row] > 0.5f ? 1.0f : -1.0f);
  const Mask wrong = greater(broadcast(tile.output_bound), mul(towards, sums));
  return select(wrong, mul(rate, sub(logistic(outputs), target)), zero());
}

// shared ← the sums of all neurons' weight rows, branch by branch.
inline void share_rows(const DendriteTile& tile) {
  const std::size_t size = tile.branches * tile.stride;
  for (std::size_t i = 0; i < size; i += kLaneCount) {
    Lanes total = zero();
    const float* weights = tile.weights + i;
    for (std::size_t neuron = 0; neuron < tile.neurons; ++neuron, weights += size) {
      total = add(total, load(weights));
    }
    store(tile.shared + i, total);
  }
}

// One row of up to kTileNeurons neurons from `first` on. `totals` has room for their
// lanes, and zeros where there is no neuron.
template <bool kLearning>
GLN_INLINE void run_dendrite_row(const DendriteTile& tile, std::size_t row, std::size_t first,
                                 std::size_t count, float* totals) {
  OpenBranches open[kTileNeurons];
  const float* x = tile.input + row * tile.stride;
  const std::size_t neuron_size = tile.branches * tile.stride;
  float* const weights = tile.weights + first * neuron_size;
  for (std::size_t neuron = 0; neuron < count; ++neuron) {
    list_open(tile.open[(first + neuron) * tile.open_stride + row], open + neuron);
    const float* mixed = tile.shared != nullptr ? tile.shared : weights + neuron * neuron_size;
    BranchDots dots{mixed, tile.stride, open[neuron], x, zero()};
    for_each_run(tile.lanes, dots);
    store(totals + neuron * kLaneCount, dots.total);
  }
  const Lanes sums = sum_sixteen(totals, kLaneCount);
  const Lanes outputs = clamp(sums, broadcast(tile.output_bound));
  store_first(tile.output + row * tile.output_stride + first, outputs, count);
  if (tile.sums != nullptr) tile.sums[row] = first_lane(sums);
  if (!kLearning) return;
  float steps[kTileNeurons];
  store(steps, dendrite_steps(tile, row, sums, outputs));
  for (std::size_t neuron = 0; neuron < count; ++neuron) {
    if (steps[neuron] == 0.0f) continue;
    BranchUpdates updates{
        weights + neuron * neuron_size, tile.stride, open[neuron], x, broadcast(steps[neuron]),
        broadcast(tile.weight_bound)};
    for_each_run(tile.lanes, updates);
  }
}

template <bool kLearning>
inline void run_dendrites(const DendriteTile& tile) {
  float totals[kTileNeurons * kLaneCount] = {};
  for (std::size_t row = 0; row < tile.rows; ++row) {
    if (tile.shared != nullptr && (kLearning || row == 0)) share_rows(tile);
    for (std::size_t first = 0; first < tile.neurons; first += kTileNeurons) {
      const std::size_t left = tile.neurons - first;
      run_dendrite_row<kLearning>(tile, row, first, left < kTileNeurons ? left : kTileNeurons,
                                  totals);
    }
  }
}

inline void predict_dendrites(const DendriteTile& tile) { run_dendrites<false>(tile); }
inline void learn_dendrites(const DendriteTile& tile) { run_dendrites<true>(tile); }

constexpr DendriteKernels kDendriteKernels = {predict_dendrites, learn_dendrites};

// Base predictors: from a row of inputs to the logits that layer 0 mixes.
// Included after rows-inl.hpp, in its namespace.

// logit(p) with p = above / (above + below), clipped through the ratio p/(1-p):
// that keeps its relative precision at both ends, where 1 - p would lose it.
GLN_INLINE Lanes logit_of_ratio(Lanes above, Lanes below, float largest_ratio) {
  const Lanes most = broadcast(largest_ratio);
  const Lanes least = broadcast(1.0f / largest_ratio);
  return logarithm(min(max(div(above, below), least), most));
}

GLN_INLINE Lanes logit_of_probability(Lanes p, float largest_ratio) {
  const Lanes inside = min(max(p, zero()), broadcast(1.0f));
  return logit_of_ratio(inside, sub(broadcast(1.0f), inside), largest_ratio);
}

// (x - min) / (max - min), as the ratio (x - min) / (max - x). Everything is
// halved first, which is exact and keeps max - min finite for any floats.
GLN_INLINE Lanes logit_of_range(Lanes x, float half_low, float half_high, float largest_ratio) {
  const Lanes half = mul(x, broadcast(0.5f));
  return logit_of_ratio(sub(half, broadcast(half_low)), sub(broadcast(half_high), half),
                        largest_ratio);
}

inline void row_range(const float* row, std::size_t size, float* low, float* high) {
  Lanes lows = broadcast(row[0]);
  Lanes highs = lows;
  std::size_t i = 0;
  for (; i + kLaneCount <= size; i += kLaneCount) {
    const Lanes x = load(row + i);
    lows = min(x, lows);
    highs = max(x, highs);
  }
  float lowest = -largest(sub(zero(), lows));
  float highest = largest(highs);
  for (; i < size; ++i) {
    lowest = row[i] < lowest ? row[i] : lowest;
    highest = row[i] > highest ? row[i] : highest;
  }
  *low = lowest;
  *high = highest;
}

template <BasePredictor kKind>
GLN_INLINE Lanes base_logit(Lanes x, float half_low, float half_high, float largest_ratio) {
  if constexpr (kKind == BasePredictor::kMinMax) {
    return logit_of_range(x, half_low, half_high, largest_ratio);
  } else if constexpr (kKind == BasePredictor::kProbabilities) {
    return logit_of_probability(x, largest_ratio);
  } else {
    return clamp(x, broadcast(kLargestLogit));
  }
}

template <BasePredictor kKind>
inline void base_row(const float* input, std::size_t size, float* output, float largest_ratio) {
  float half_low = 0.0f;
  float half_high = 0.0f;
  if constexpr (kKind == BasePredictor::kMinMax) {
    row_range(input, size, &half_low, &half_high);
    half_low *= 0.5f;
    half_high *= 0.5f;
    if (half_low == half_high) {  // a constant row says nothing: p = 1/2
      for (std::size_t i = 0; i < size; ++i) output[i] = 0.0f;
      return;
    }
  }
  std::size_t i = 0;
  for (; i + kLaneCount <= size; i += kLaneCount) {
    store(output + i, base_logit<kKind>(load(input + i), half_low, half_high, largest_ratio));
  }
  if (i < size) {
    const Lanes x = load_first(input + i, size - i);
    store_first(output + i, base_logit<kKind>(x, half_low, half_high, largest_ratio), size - i);
  }
}

inline void base_logits(const BaseBlock& block) {
  for (std::size_t row = 0; row < block.rows; ++row) {
    const float* input = block.input + row * block.size;
    float* output = block.output + row * block.output_stride;
    switch (block.kind) {
      case BasePredictor::kMinMax:
        base_row<BasePredictor::kMinMax>(input, block.size, output, block.largest_ratio);
        break;
      case BasePredictor::kProbabilities:
        base_row<BasePredictor::kProbabilities>(input, block.size, output, block.largest_ratio);
        break;
      case BasePredictor::kLogits:
        base_row<BasePredictor::kLogits>(input, block.size, output, block.largest_ratio);
        break;
    }
  }
}

// x - x is zero for every finite x and NaN otherwise.
inline std::size_t first_non_finite(const float* input, std::size_t size) {
  std::size_t i = 0;
  for (; i + 4 * kLaneCount <= size; i += 4 * kLaneCount) {
    Lanes spoiled = zero();
    for (std::size_t k = 0; k < 4; ++k) {
      const Lanes x = load(input + i + k * kLaneCount);
      spoiled = add(spoiled, sub(x, x));
    }
    if (!(sum(spoiled) == 0.0f)) break;
  }
  for (; i < size; ++i) {
    const float x = input[i];
    if (!(x - x == 0.0f)) return i;
  }
  return size;
}

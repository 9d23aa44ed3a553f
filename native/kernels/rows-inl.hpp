// Work on single rows: dot products, updates, elementwise functions, and the
// base predictors. Included after the lanes and the math, in their namespace.

// Σ a_i b_i. Lane i of sixteen takes the elements i, i+16, … in order with a
// fused multiply-add; the lanes are then summed by a fixed tree. Any alignment.
inline float dot(const float* a, const float* b, std::size_t size) {
  Lanes total = zero();
  std::size_t i = 0;
  for (; i + kLaneCount <= size; i += kLaneCount) {
    total = multiply_add(load(a + i), load(b + i), total);
  }
  if (i < size) {
    total = multiply_add(load_first(a + i, size - i), load_first(b + i, size - i), total);
  }
  return sum(total);
}

// The same for the sixteen elements of a short row, in double precision.
inline float short_dot(const float* a, const float* b) { return precise_dot(a, b); }

// weights ← weights - step · input, clamped to ±bound with kClamped. The arrays do
// not overlap.
template <bool kClamped>
inline void update_row(float* weights, const float* input, std::size_t size, float step,
                       float bound) {
  const Lanes steps = broadcast(step);
  const Lanes bounds = broadcast(bound);
  std::size_t i = 0;
  for (; i + kLaneCount <= size; i += kLaneCount) {
    const Lanes moved = negative_multiply_add(steps, load(input + i), load(weights + i));
    store(weights + i, kClamped ? clamp(moved, bounds) : moved);
  }
  if (i < size) {
    const std::size_t rest = size - i;
    const Lanes moved =
        negative_multiply_add(steps, load_first(input + i, rest), load_first(weights + i, rest));
    store_first(weights + i, kClamped ? clamp(moved, bounds) : moved, rest);
  }
}
inline void update(float* weights, const float* input, std::size_t size, float step, float bound) {
  update_row<true>(weights, input, size, step, bound);
}

inline void add_row(float* target, const float* source, std::size_t size, float bound) {
  const Lanes bounds = broadcast(bound);
  for (std::size_t i = 0; i < size; i += kLaneCount) {
    store(target + i, clamp(add(load(target + i), load(source + i)), bounds));
  }
}

// output ← function(input), elementwise; may be in place. A template argument
// instead of a lambda, which would lose the target region.
template <Lanes (*kFunction)(Lanes)>
GLN_INLINE void map_row(const float* input, float* output, std::size_t size) {
  std::size_t i = 0;
  for (; i + kLaneCount <= size; i += kLaneCount) {
    store(output + i, kFunction(load(input + i)));
  }
  if (i < size) {
    store_first(output + i, kFunction(load_first(input + i, size - i)), size - i);
  }
}

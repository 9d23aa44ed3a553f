// Activations, their derivatives, and the steps of optimizers: everything of the
// gradient-trained layers that works on elements one by one. Included after
// rows-inl.hpp, in its namespace.
//
// Unlike the functions of math-inl.hpp, these pass NaN on: training that diverges
// must show. min and max return their second argument where either is NaN.

GLN_INLINE Lanes inside_exponents(Lanes x) {
  return min(broadcast(kMostExponent), max(broadcast(kLeastExponent), x));
}

// 1 / (1 + e^-x).
GLN_INLINE Lanes sigmoid_activation(Lanes x) {
  const Lanes one = broadcast(1.0f);
  const SplitExponential split = split_exponential(inside_exponents(sub(zero(), x)));
  return div(one, add(one, mul(add(split.small, one), split.scale)));
}

// e^x - 1, without cancelling where x is small.
GLN_INLINE Lanes exponential_minus_one(Lanes x) {
  const SplitExponential split = split_exponential(inside_exponents(x));
  return multiply_add(split.small, split.scale, sub(split.scale, broadcast(1.0f)));
}

// t / (t + 2) with t = e^2x - 1.
GLN_INLINE Lanes tanh_activation(Lanes x) {
  const Lanes t = exponential_minus_one(add(x, x));
  return div(t, add(t, broadcast(2.0f)));
}

GLN_INLINE Lanes elu_activation(Lanes x) {
  return select(greater(x, zero()), x, exponential_minus_one(x));
}

GLN_INLINE Lanes relu_activation(Lanes x) { return max(zero(), x); }

GLN_INLINE Lanes linear_activation(Lanes x) { return x; }

inline void activate(Activation activation, const float* input, float* output, std::size_t size) {
  switch (activation) {
    case Activation::kLinear:
      return map_row<linear_activation>(input, output, size);
    case Activation::kRelu:
      return map_row<relu_activation>(input, output, size);
    case Activation::kSigmoid:
      return map_row<sigmoid_activation>(input, output, size);
    case Activation::kElu:
      return map_row<elu_activation>(input, output, size);
    case Activation::kTanh:
      return map_row<tanh_activation>(input, output, size);
  }
}

// gradient · derivative, where the derivative is known from the output y.
GLN_INLINE Lanes linear_slope(Lanes, Lanes gradient) { return gradient; }
GLN_INLINE Lanes relu_slope(Lanes y, Lanes gradient) {
  return select(greater(y, zero()), gradient, zero());
}
GLN_INLINE Lanes sigmoid_slope(Lanes y, Lanes gradient) {
  return mul(gradient, mul(y, sub(broadcast(1.0f), y)));
}
GLN_INLINE Lanes elu_slope(Lanes y, Lanes gradient) {
  return select(greater(y, zero()), gradient, multiply_add(gradient, y, gradient));
}
GLN_INLINE Lanes tanh_slope(Lanes y, Lanes gradient) {
  return mul(gradient, negative_multiply_add(y, y, broadcast(1.0f)));
}

// output ← function(a, b), elementwise; may be in place.
template <Lanes (*kFunction)(Lanes, Lanes)>
GLN_INLINE void map_rows(const float* a, const float* b, float* output, std::size_t size) {
  std::size_t i = 0;
  for (; i + kLaneCount <= size; i += kLaneCount) {
    store(output + i, kFunction(load(a + i), load(b + i)));
  }
  if (i < size) {
    const std::size_t rest = size - i;
    store_first(output + i, kFunction(load_first(a + i, rest), load_first(b + i, rest)), rest);
  }
}

inline void activation_gradient(Activation activation, const float* output,
                                const float* output_gradient, float* input_gradient,
                                std::size_t size) {
  switch (activation) {
    case Activation::kLinear:
      return map_rows<linear_slope>(output, output_gradient, input_gradient, size);
    case Activation::kRelu:
      return map_rows<relu_slope>(output, output_gradient, input_gradient, size);
    case Activation::kSigmoid:
      return map_rows<sigmoid_slope>(output, output_gradient, input_gradient, size);
    case Activation::kElu:
      return map_rows<elu_slope>(output, output_gradient, input_gradient, size);
    case Activation::kTanh:
      return map_rows<tanh_slope>(output, output_gradient, input_gradient, size);
  }
}

inline void gate_gradient(const float* linear, const float* gate, const float* output_gradient,
                          float* before_linear, float* before_gate, std::size_t size) {
  for (std::size_t i = 0; i < size; i += kLaneCount) {
    const std::size_t count = size - i < kLaneCount ? size - i : kLaneCount;
    const Lanes gradient = load_first(output_gradient + i, count);
    const Lanes open = load_first(gate + i, count);
    const Lanes by_gate = mul(gradient, load_first(linear + i, count));
    store_first(before_linear + i, mul(gradient, open), count);
    store_first(before_gate + i, sigmoid_slope(open, by_gate), count);
  }
}

// Kingma & Ba's rule as Keras computes it: the step holds the bias correction.
inline void adam(const AdamRule& rule, const float* gradients, float* parameters, float* mean,
                 float* variance, std::size_t size) {
  const Lanes step = broadcast(rule.step);
  const Lanes mean_share = broadcast(rule.mean_share);
  const Lanes variance_share = broadcast(rule.variance_share);
  const Lanes epsilon = broadcast(rule.epsilon);
  for (std::size_t i = 0; i < size; i += kLaneCount) {
    const std::size_t count = size - i < kLaneCount ? size - i : kLaneCount;
    const Lanes g = load_first(gradients + i, count);
    Lanes m = load_first(mean + i, count);
    Lanes v = load_first(variance + i, count);
    m = multiply_add(sub(g, m), mean_share, m);
    v = multiply_add(sub(mul(g, g), v), variance_share, v);
    const Lanes move = div(mul(m, step), add(square_root(v), epsilon));
    store_first(mean + i, m, count);
    store_first(variance + i, v, count);
    store_first(parameters + i, sub(load_first(parameters + i, count), move), count);
  }
}

inline void descend(const float* gradients, float* parameters, float* velocity, float rate,
                    float momentum, std::size_t size) {
  const Lanes rates = broadcast(rate);
  const Lanes kept = broadcast(momentum);
  for (std::size_t i = 0; i < size; i += kLaneCount) {
    const std::size_t count = size - i < kLaneCount ? size - i : kLaneCount;
    const Lanes g = load_first(gradients + i, count);
    const Lanes p = load_first(parameters + i, count);
    if (velocity == nullptr) {
      store_first(parameters + i, negative_multiply_add(rates, g, p), count);
    } else {
      const Lanes before = mul(kept, load_first(velocity + i, count));
      const Lanes v = negative_multiply_add(rates, g, before);
      store_first(velocity + i, v, count);
      store_first(parameters + i, add(p, v), count);
    }
  }
}

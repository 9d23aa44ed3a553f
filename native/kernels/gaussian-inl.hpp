// One layer of Gaussian neurons over a block of rows (Budden et al., arXiv
// 2006.05964), in double precision: precisions may differ by many orders of
// magnitude, and differences of them decide where weights are projected to.
// Included after measure-inl.hpp, in its namespace.
//
// Eight lanes of doubles, of which the compiler makes as many registers as the
// instruction set needs; multiplications and additions are never fused. So all sets
// compute the same bits.

typedef double DoubleLanes __attribute__((vector_size(kDoubleLanes * sizeof(double))));

// A padded, aligned row as lanes. Lanes never pass a function by value: that would
// depend on the instruction set.
GLN_INLINE const DoubleLanes* lanes_of(const double* row) {
  return reinterpret_cast<const DoubleLanes*>(row);
}

// A fixed tree: lanes four apart first.
GLN_INLINE double sum_lanes(const DoubleLanes& x) {
  const double low = (x[0] + x[4]) + (x[2] + x[6]);
  const double high = (x[1] + x[5]) + (x[3] + x[7]);
  return low + high;
}

// What one neuron predicts for one row, and where its projected weights lie.
struct GaussianMixture {
  double mean;
  double variance;
  bool projected;
};

// With w limited to the range, λ the inputs' precisions and κ = λ · mean, the
// mixture's precision is q = Σ w λ and its mean Σ w κ / q. Where 1 / q is beyond a
// bound, w moves by the shortest way to where it is the bound: by λ (q - 1 / bound)
// / Σ λ². A negative q counts as too small a variance, as in DeepMind's reference, or
// as too large a one, which is what q was before it became negative.
GLN_INLINE GaussianMixture mix_gaussians(const GaussianBlock& block, const double* weights,
                                         std::size_t row) {
  const DoubleLanes* precisions = lanes_of(block.precisions + row * block.stride);
  const DoubleLanes* scaled = lanes_of(block.scaled_means + row * block.stride);
  const DoubleLanes low = DoubleLanes{} + block.least_weight;
  const DoubleLanes high = DoubleLanes{} + block.largest_weight;
  DoubleLanes precision_lanes = {};
  DoubleLanes mean_lanes = {};
  for (std::size_t i = 0; i < block.stride / kDoubleLanes; ++i) {
    DoubleLanes w = lanes_of(weights)[i];
    w = w < low ? low : w;
    w = w > high ? high : w;
    precision_lanes += w * precisions[i];
    mean_lanes += w * scaled[i];
  }
  const double precision = sum_lanes(precision_lanes);
  double mean = sum_lanes(mean_lanes);
  double variance = 1.0 / precision;
  const bool wide = variance > block.max_variance || (block.robust && precision < 0.0);
  const bool narrow = variance < block.min_variance && !wide;
  const bool projected = wide || narrow;
  if (projected) {
    const GaussianRowSums& sums = block.row_sums[row];
    variance = narrow ? block.min_variance : block.max_variance;
    mean -= (precision - 1.0 / variance) / sums.squares * sums.square_means;
  }
  mean *= variance;
  mean = mean < -block.largest_mean ? -block.largest_mean : mean;
  mean = mean > block.largest_mean ? block.largest_mean : mean;
  return {mean, variance, projected};
}

// The rate that a step of gradient G = λ common - κ away is taken with. The loss is
// convex in the weights while q > 0; along G its first derivative is |G|², its second
// c = (Σ λ G σ²)² / 2 + (Σ (κ - μ λ) G)² σ². A step of |G|² / c would find the minimum of
// the quadratic that touches the loss; η / (1 + η c / |G|²) never goes beyond it. The
// last term keeps q from changing by more than itself.
GLN_INLINE double damped_rate(const GaussianMixture& mixture, const GaussianRowSums& sums,
                              double common, double away, double rate) {
  // Through a projection q does not change.
  const double precision_slope =
      mixture.projected ? 0.0 : common * sums.squares - away * sums.square_means;
  const double mean_slope = common * sums.square_means - away * sums.square_mean_squares;
  const double square = common * precision_slope - away * mean_slope;
  if (!(square > 0.0)) return 0.0;
  const double relative = precision_slope * mixture.variance;
  const double across = mean_slope - mixture.mean * precision_slope;
  const double curvature =
      (0.5 * relative * relative + across * across * mixture.variance) / square;
  const double size = relative < 0.0 ? -relative : relative;
  const double damped = rate / (1.0 + rate * (curvature + size));
  // Where numbers went out of range there is no step.
  return damped >= 0.0 ? damped : 0.0;
}

// w_i ← w_i - η λ_i ((d² - σ²) / 2 + d (μ - μ_i)) with d = y - μ. Through a
// projection only what is at a right angle to λ comes: then the bracket's first part
// is what makes the whole Σ λ_i · gradient_i = 0. Weights outside the range stay.
GLN_INLINE void learn_gaussian(const GaussianBlock& block, const GaussianMixture& mixture,
                               std::size_t row, double* weights) {
  const GaussianRowSums& sums = block.row_sums[row];
  const double away = block.targets[row] - mixture.mean;
  const double common = mixture.projected
                            ? away * (sums.square_means / sums.squares)
                            : 0.5 * (away * away - mixture.variance) + away * mixture.mean;
  const double rate =
      block.robust ? damped_rate(mixture, sums, common, away, block.rates[row]) : block.rates[row];
  const DoubleLanes* precisions = lanes_of(block.precisions + row * block.stride);
  const DoubleLanes* scaled = lanes_of(block.scaled_means + row * block.stride);
  const DoubleLanes low = DoubleLanes{} + block.least_weight;
  const DoubleLanes high = DoubleLanes{} + block.largest_weight;
  const DoubleLanes common_step = DoubleLanes{} + rate * common;
  const DoubleLanes mean_step = DoubleLanes{} + rate * away;
  DoubleLanes* target = reinterpret_cast<DoubleLanes*>(weights);
  for (std::size_t i = 0; i < block.stride / kDoubleLanes; ++i) {
    const DoubleLanes w = target[i];
    const DoubleLanes moved = w - (common_step * precisions[i] - mean_step * scaled[i]);
    target[i] = ((w < low) | (w > high)) ? w : moved;
  }
}

template <bool kLearns>
inline void run_gaussian_layer(const GaussianBlock& block, std::size_t first_neuron,
                               std::size_t last_neuron) {
  for (std::size_t neuron = first_neuron; neuron < last_neuron; ++neuron) {
    const std::uint16_t* contexts = block.contexts + neuron * block.capacity;
    double* const* rows_of_neuron = block.weight_rows + neuron * block.context_count;
    for (std::size_t row = 0; row < block.rows; ++row) {
      double* weights = rows_of_neuron[contexts[row]];
      const GaussianMixture mixture = mix_gaussians(block, weights, row);
      block.means[row * block.output_stride + neuron] = mixture.mean;
      block.variances[row * block.output_stride + neuron] = mixture.variance;
      if (kLearns) learn_gaussian(block, mixture, row, weights);
    }
  }
}

constexpr GaussianKernels kGaussianKernels = {run_gaussian_layer<false>, run_gaussian_layer<true>};

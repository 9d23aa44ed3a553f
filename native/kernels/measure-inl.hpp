// What the machine itself can do with one instruction set: the yardsticks that
// the benchmark holds the kernels against. Included after product-inl.hpp, in its
// namespace.

// A multiply-add waits four cycles for the one before it on the same sum, and two
// start in each: eight sums at least, or what a tile of a matrix product keeps in
// registers. Not more than twelve: compilers stop unrolling, and registers become
// memory.
constexpr int kTileSums = kProductGroups * kProductRows;
constexpr int kPeakSums = kTileSums < 12 ? kTileSums : 12;

// sum ← sum · values[0] + values[1], over and over, for kPeakSums lane groups and
// nothing else: registers only. values[2] receives what comes out, so that no
// compiler can leave the work away. The factor is read, not known, for the same
// reason; below 1 it keeps the sums finite. Returns the operations done, two a
// multiply-add.
inline double fused_multiply_adds(std::size_t iterations, float* values) {
  const Lanes factor = broadcast(values[0]);
  const Lanes addend = broadcast(values[1]);
  Lanes sums[kPeakSums];
  for (int i = 0; i < kPeakSums; ++i) sums[i] = broadcast(static_cast<float>(i));
  for (std::size_t iteration = 0; iteration < iterations; ++iteration) {
    for (int i = 0; i < kPeakSums; ++i) sums[i] = multiply_add(sums[i], factor, addend);
  }
  Lanes total = sums[0];
  for (int i = 1; i < kPeakSums; ++i) total = add(total, sums[i]);
  values[2] = sum(total);
  return 2.0 * kPeakSums * static_cast<double>(kLaneCount) * static_cast<double>(iterations);
}

// Σ of the array, its four quarters side by side: processors fetch ahead better
// from several streams than from one. `size` is a multiple of 64.
inline float read_all(const float* from, std::size_t size) {
  const std::size_t quarter = size / 4;
  Lanes total[4] = {zero(), zero(), zero(), zero()};
  for (std::size_t i = 0; i < quarter; i += kLaneCount) {
    for (std::size_t k = 0; k < 4; ++k) total[k] = add(total[k], load(from + k * quarter + i));
  }
  return sum(add(add(total[0], total[1]), add(total[2], total[3])));
}

// With the ordinary loads and stores that the kernels use. No overlap; `size` is
// a multiple of 64.
inline void copy_all(const float* from, float* to, std::size_t size) {
  for (std::size_t i = 0; i < size; i += 4 * kLaneCount) {
    for (std::size_t k = 0; k < 4; ++k)
      store(to + i + k * kLaneCount, load(from + i + k * kLaneCount));
  }
}

constexpr MeasureKernels kMeasureKernels = {fused_multiply_adds, read_all, copy_all};

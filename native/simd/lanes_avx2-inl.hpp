// Sixteen float lanes in two AVX2 registers, with FMA.
//
// Included inside the namespace and target region of one instruction set, after
// the standard and intrinsic headers. What each operation means is written in
// lanes_scalar-inl.hpp.

constexpr char kInstructionSetName[] = "avx2";

constexpr int kProductGroups = 1;
constexpr int kProductRows = 6;
constexpr int kRunLanes = 4;

struct Lanes {
  __m256 low;
  __m256 high;
};
struct IntLanes {
  __m256i low;
  __m256i high;
};
struct Mask {
  __m256 low;
  __m256 high;
};

GLN_INLINE Lanes broadcast(float x) {
  const __m256 v = _mm256_set1_ps(x);
  return {v, v};
}
GLN_INLINE Lanes zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
GLN_INLINE Lanes load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
// All ones in the first `count` lanes of eight; count may be below 0 or above 8.
GLN_INLINE __m256i first_mask(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
GLN_INLINE Lanes load_first(const float* p, std::size_t count) {
  const int n = static_cast<int>(count);
  return {_mm256_maskload_ps(p, first_mask(n)), _mm256_maskload_ps(p + 8, first_mask(n - 8))};
}
GLN_INLINE void store(float* p, Lanes a) {
  _mm256_storeu_ps(p, a.low);
  _mm256_storeu_ps(p + 8, a.high);
}
GLN_INLINE void store_first(float* p, Lanes a, std::size_t count) {
  const int n = static_cast<int>(count);
  _mm256_maskstore_ps(p, first_mask(n), a.low);
  _mm256_maskstore_ps(p + 8, first_mask(n - 8), a.high);
}

GLN_INLINE float first_lane(Lanes a) { return _mm256_cvtss_f32(a.low); }

GLN_INLINE Lanes add(Lanes a, Lanes b) {
  return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
}
GLN_INLINE Lanes sub(Lanes a, Lanes b) {
  return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
}
GLN_INLINE Lanes mul(Lanes a, Lanes b) {
  return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
}
GLN_INLINE Lanes div(Lanes a, Lanes b) {
  return {_mm256_div_ps(a.low, b.low), _mm256_div_ps(a.high, b.high)};
}
GLN_INLINE Lanes min(Lanes a, Lanes b) {
  return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
}
GLN_INLINE Lanes max(Lanes a, Lanes b) {
  return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
}
GLN_INLINE Lanes absolute(Lanes a) {
  const __m256 sign = _mm256_set1_ps(-0.0f);
  return {_mm256_andnot_ps(sign, a.low), _mm256_andnot_ps(sign, a.high)};
}
GLN_INLINE Lanes square_root(Lanes a) { return {_mm256_sqrt_ps(a.low), _mm256_sqrt_ps(a.high)}; }
GLN_INLINE Lanes multiply_add(Lanes a, Lanes b, Lanes c) {
  return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}
GLN_INLINE Lanes negative_multiply_add(Lanes a, Lanes b, Lanes c) {
  return {_mm256_fnmadd_ps(a.low, b.low, c.low), _mm256_fnmadd_ps(a.high, b.high, c.high)};
}

GLN_INLINE float sum(Lanes a) {
  const __m256 eight = _mm256_add_ps(a.low, a.high);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}
GLN_INLINE __m256d precise_products(const float* a, const float* b) {
  return _mm256_mul_pd(_mm256_cvtps_pd(_mm_loadu_ps(a)), _mm256_cvtps_pd(_mm_loadu_ps(b)));
}
GLN_INLINE float precise_dot(const float* a, const float* b) {
  const __m256d low = _mm256_add_pd(precise_products(a, b), precise_products(a + 8, b + 8));
  const __m256d high =
      _mm256_add_pd(precise_products(a + 4, b + 4), precise_products(a + 12, b + 12));
  const __m256d four = _mm256_add_pd(low, high);
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return static_cast<float>(_mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two))));
}
GLN_INLINE float largest(Lanes a) {
  const __m256 eight = _mm256_max_ps(a.low, a.high);
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_shuffle_ps(two, two, 1)));
}

// The tree of sum() on eight groups at once; see lanes_avx512-inl.hpp.
GLN_INLINE __m256 fold_group(const float* p) {
  return _mm256_add_ps(_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8));
}
GLN_INLINE __m256 fold_halves(__m256 a, __m256 b) {
  return _mm256_add_ps(_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31));
}
GLN_INLINE __m256 fold_pairs(__m256 a, __m256 b) {
  return _mm256_add_ps(_mm256_shuffle_ps(a, b, 0x44), _mm256_shuffle_ps(a, b, 0xEE));
}
GLN_INLINE __m256 fold_singles(__m256 a, __m256 b) {
  return _mm256_add_ps(_mm256_shuffle_ps(a, b, 0x88), _mm256_shuffle_ps(a, b, 0xDD));
}
GLN_INLINE __m256 sum_eight(const float* p, std::size_t stride) {
  const __m256 a = fold_halves(fold_group(p), fold_group(p + 4 * stride));
  const __m256 b = fold_halves(fold_group(p + stride), fold_group(p + 5 * stride));
  const __m256 c = fold_halves(fold_group(p + 2 * stride), fold_group(p + 6 * stride));
  const __m256 d = fold_halves(fold_group(p + 3 * stride), fold_group(p + 7 * stride));
  return fold_singles(fold_pairs(a, b), fold_pairs(c, d));
}
GLN_INLINE Lanes sum_sixteen(const float* p, std::size_t stride) {
  return {sum_eight(p, stride), sum_eight(p + 8 * stride, stride)};
}

GLN_INLINE Mask greater(Lanes a, Lanes b) {
  return {_mm256_cmp_ps(a.low, b.low, _CMP_GT_OQ), _mm256_cmp_ps(a.high, b.high, _CMP_GT_OQ)};
}
GLN_INLINE std::uint32_t greater_bits(Lanes a, Lanes b) {
  const Mask m = greater(a, b);
  return static_cast<std::uint32_t>(_mm256_movemask_ps(m.low)) |
         static_cast<std::uint32_t>(_mm256_movemask_ps(m.high)) << 8;
}
GLN_INLINE Mask equal(IntLanes a, IntLanes b) {
  return {_mm256_castsi256_ps(_mm256_cmpeq_epi32(a.low, b.low)),
          _mm256_castsi256_ps(_mm256_cmpeq_epi32(a.high, b.high))};
}
GLN_INLINE Lanes select(Mask m, Lanes yes, Lanes no) {
  return {_mm256_blendv_ps(no.low, yes.low, m.low), _mm256_blendv_ps(no.high, yes.high, m.high)};
}

GLN_INLINE Lanes negative_multiply_add_where(Mask m, Lanes a, Lanes b, Lanes c) {
  return select(m, negative_multiply_add(a, b, c), c);
}

// One 8 × 8 quarter; see lanes_avx512-inl.hpp.
GLN_INLINE void transpose_eight(const float* from, std::size_t stride, float* to) {
  __m256 a[8];
  __m256 b[8];
  for (std::size_t i = 0; i < 8; ++i) a[i] = _mm256_loadu_ps(from + i * stride);
  for (int i = 0; i < 8; i += 2) {
    b[i] = _mm256_unpacklo_ps(a[i], a[i + 1]);
    b[i + 1] = _mm256_unpackhi_ps(a[i], a[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    a[i] = _mm256_shuffle_ps(b[i], b[i + 2], 0x44);
    a[i + 1] = _mm256_shuffle_ps(b[i], b[i + 2], 0xEE);
    a[i + 2] = _mm256_shuffle_ps(b[i + 1], b[i + 3], 0x44);
    a[i + 3] = _mm256_shuffle_ps(b[i + 1], b[i + 3], 0xEE);
  }
  for (int c = 0; c < 4; ++c) {
    _mm256_storeu_ps(to + 16 * c, _mm256_permute2f128_ps(a[c], a[4 + c], 0x20));
    _mm256_storeu_ps(to + 16 * (4 + c), _mm256_permute2f128_ps(a[c], a[4 + c], 0x31));
  }
}
GLN_INLINE void transpose_sixteen(const float* from, std::size_t stride, float* to) {
  transpose_eight(from, stride, to);
  transpose_eight(from + 8, stride, to + 16 * 8);
  transpose_eight(from + 8 * stride, stride, to + 8);
  transpose_eight(from + 8 * stride + 8, stride, to + 16 * 8 + 8);
}

GLN_INLINE IntLanes load_ints(const std::int32_t* p) {
  const __m256i* q = reinterpret_cast<const __m256i*>(p);
  return {_mm256_loadu_si256(q), _mm256_loadu_si256(q + 1)};
}
GLN_INLINE IntLanes load_shorts(const std::uint16_t* p) {
  const __m128i* q = reinterpret_cast<const __m128i*>(p);
  return {_mm256_cvtepu16_epi32(_mm_loadu_si128(q)), _mm256_cvtepu16_epi32(_mm_loadu_si128(q + 1))};
}
GLN_INLINE void store_ints(std::int32_t* p, IntLanes a) {
  __m256i* q = reinterpret_cast<__m256i*>(p);
  _mm256_storeu_si256(q, a.low);
  _mm256_storeu_si256(q + 1, a.high);
}
GLN_INLINE IntLanes bits_where(Mask m, std::int32_t bits) {
  const __m256i all = _mm256_set1_epi32(bits);
  return {_mm256_and_si256(_mm256_castps_si256(m.low), all),
          _mm256_and_si256(_mm256_castps_si256(m.high), all)};
}
GLN_INLINE IntLanes broadcast_int(std::int32_t x) {
  const __m256i v = _mm256_set1_epi32(x);
  return {v, v};
}
GLN_INLINE IntLanes bits_of(Lanes a) {
  return {_mm256_castps_si256(a.low), _mm256_castps_si256(a.high)};
}
GLN_INLINE Lanes float_of_bits(IntLanes a) {
  return {_mm256_castsi256_ps(a.low), _mm256_castsi256_ps(a.high)};
}
GLN_INLINE IntLanes add_ints(IntLanes a, IntLanes b) {
  return {_mm256_add_epi32(a.low, b.low), _mm256_add_epi32(a.high, b.high)};
}
GLN_INLINE IntLanes sub_ints(IntLanes a, IntLanes b) {
  return {_mm256_sub_epi32(a.low, b.low), _mm256_sub_epi32(a.high, b.high)};
}
template <int kBits>
GLN_INLINE IntLanes shift_left(IntLanes a) {
  return {_mm256_slli_epi32(a.low, kBits), _mm256_slli_epi32(a.high, kBits)};
}
template <int kBits>
GLN_INLINE IntLanes shift_right(IntLanes a) {
  return {_mm256_srai_epi32(a.low, kBits), _mm256_srai_epi32(a.high, kBits)};
}
GLN_INLINE Lanes to_float(IntLanes a) {
  return {_mm256_cvtepi32_ps(a.low), _mm256_cvtepi32_ps(a.high)};
}

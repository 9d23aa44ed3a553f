// Sixteen float lanes in one AVX-512 register.
//
// Included inside the namespace and target region of one instruction set, after
// the standard and intrinsic headers. What each operation means is written in
// lanes_scalar-inl.hpp.

constexpr char kInstructionSetName[] = "avx512";

constexpr int kProductGroups = 4;
constexpr int kProductRows = 6;
constexpr int kRunLanes = 8;

struct Lanes {
  __m512 value;
};
struct IntLanes {
  __m512i value;
};
struct Mask {
  __mmask16 value;
};

GLN_INLINE Lanes broadcast(float x) { return {_mm512_set1_ps(x)}; }
GLN_INLINE Lanes zero() { return {_mm512_setzero_ps()}; }
GLN_INLINE Lanes load(const float* p) { return {_mm512_loadu_ps(p)}; }
GLN_INLINE __mmask16 first_mask(std::size_t count) {
  return static_cast<__mmask16>((1u << count) - 1u);
}
GLN_INLINE Lanes load_first(const float* p, std::size_t count) {
  return {_mm512_maskz_loadu_ps(first_mask(count), p)};
}
GLN_INLINE void store(float* p, Lanes a) { _mm512_storeu_ps(p, a.value); }
GLN_INLINE void store_first(float* p, Lanes a, std::size_t count) {
  _mm512_mask_storeu_ps(p, first_mask(count), a.value);
}

GLN_INLINE float first_lane(Lanes a) { return _mm512_cvtss_f32(a.value); }

GLN_INLINE Lanes add(Lanes a, Lanes b) { return {_mm512_add_ps(a.value, b.value)}; }
GLN_INLINE Lanes sub(Lanes a, Lanes b) { return {_mm512_sub_ps(a.value, b.value)}; }
GLN_INLINE Lanes mul(Lanes a, Lanes b) { return {_mm512_mul_ps(a.value, b.value)}; }
GLN_INLINE Lanes div(Lanes a, Lanes b) { return {_mm512_div_ps(a.value, b.value)}; }
GLN_INLINE Lanes min(Lanes a, Lanes b) { return {_mm512_min_ps(a.value, b.value)}; }
GLN_INLINE Lanes max(Lanes a, Lanes b) { return {_mm512_max_ps(a.value, b.value)}; }
GLN_INLINE Lanes absolute(Lanes a) { return {_mm512_abs_ps(a.value)}; }
GLN_INLINE Lanes square_root(Lanes a) { return {_mm512_sqrt_ps(a.value)}; }
GLN_INLINE Lanes multiply_add(Lanes a, Lanes b, Lanes c) {
  return {_mm512_fmadd_ps(a.value, b.value, c.value)};
}
GLN_INLINE Lanes negative_multiply_add(Lanes a, Lanes b, Lanes c) {
  return {_mm512_fnmadd_ps(a.value, b.value, c.value)};
}

GLN_INLINE Lanes negative_multiply_add_where(Mask m, Lanes a, Lanes b, Lanes c) {
  return {_mm512_mask3_fnmadd_ps(a.value, b.value, c.value, m.value)};
}

GLN_INLINE __m256 lower_half(__m512 a) { return _mm512_castps512_ps256(a); }
GLN_INLINE __m256 upper_half(__m512 a) {
  return _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a), 1));
}
GLN_INLINE float sum(Lanes a) {
  const __m256 eight = _mm256_add_ps(lower_half(a.value), upper_half(a.value));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}
GLN_INLINE __m512d precise_products(const float* a, const float* b) {
  return _mm512_mul_pd(_mm512_cvtps_pd(_mm256_loadu_ps(a)), _mm512_cvtps_pd(_mm256_loadu_ps(b)));
}
GLN_INLINE float precise_dot(const float* a, const float* b) {
  const __m512d eight = _mm512_add_pd(precise_products(a, b), precise_products(a + 8, b + 8));
  const __m256d four =
      _mm256_add_pd(_mm512_castpd512_pd256(eight), _mm512_extractf64x4_pd(eight, 1));
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return static_cast<float>(_mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two))));
}
GLN_INLINE float largest(Lanes a) {
  const __m256 eight = _mm256_max_ps(lower_half(a.value), upper_half(a.value));
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_shuffle_ps(two, two, 1)));
}

// The tree of sum(), on many groups at once: each step folds two registers into
// one, so that sixteen sums cost fifteen additions.
GLN_INLINE __m512 fold_halves(__m512 a, __m512 b) {
  return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xEE));
}
GLN_INLINE __m512 fold_quarters(__m512 a, __m512 b) {
  return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xDD));
}
GLN_INLINE __m512 fold_pairs(__m512 a, __m512 b) {
  return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x44), _mm512_shuffle_ps(a, b, 0xEE));
}
GLN_INLINE __m512 fold_singles(__m512 a, __m512 b) {
  return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x88), _mm512_shuffle_ps(a, b, 0xDD));
}
GLN_INLINE __m512 fold_four(const float* p, std::size_t step) {
  const __m512 a = _mm512_loadu_ps(p);
  const __m512 b = _mm512_loadu_ps(p + step);
  const __m512 c = _mm512_loadu_ps(p + 2 * step);
  const __m512 d = _mm512_loadu_ps(p + 3 * step);
  // Quarters now hold a, b, c, d, four partial sums each.
  return fold_quarters(fold_halves(a, b), fold_halves(c, d));
}
GLN_INLINE Lanes sum_sixteen(const float* p, std::size_t stride) {
  const __m512 x = fold_pairs(fold_four(p, 4 * stride), fold_four(p + stride, 4 * stride));
  const __m512 y =
      fold_pairs(fold_four(p + 2 * stride, 4 * stride), fold_four(p + 3 * stride, 4 * stride));
  // In quarter q: the groups 4q, 4q+1, 4q+2, 4q+3 in order.
  return {fold_singles(x, y)};
}

// Four rounds, each of which interleaves two halves of the sixteen rows.
GLN_INLINE void transpose_sixteen(const float* from, std::size_t stride, float* to) {
  __m512 a[16];
  __m512 b[16];
  for (std::size_t i = 0; i < 16; ++i) a[i] = _mm512_loadu_ps(from + i * stride);
  for (int i = 0; i < 16; i += 2) {
    b[i] = _mm512_unpacklo_ps(a[i], a[i + 1]);
    b[i + 1] = _mm512_unpackhi_ps(a[i], a[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    a[i] = _mm512_shuffle_ps(b[i], b[i + 2], 0x44);
    a[i + 1] = _mm512_shuffle_ps(b[i], b[i + 2], 0xEE);
    a[i + 2] = _mm512_shuffle_ps(b[i + 1], b[i + 3], 0x44);
    a[i + 3] = _mm512_shuffle_ps(b[i + 1], b[i + 3], 0xEE);
  }
  // a[4g + c]: quarter q holds rows 4g … 4g+3 of column 4q + c.
  for (int c = 0; c < 4; ++c) {
    const __m512 low_a = _mm512_shuffle_f32x4(a[c], a[4 + c], 0x88);
    const __m512 high_a = _mm512_shuffle_f32x4(a[c], a[4 + c], 0xDD);
    const __m512 low_b = _mm512_shuffle_f32x4(a[8 + c], a[12 + c], 0x88);
    const __m512 high_b = _mm512_shuffle_f32x4(a[8 + c], a[12 + c], 0xDD);
    _mm512_storeu_ps(to + 16 * c, _mm512_shuffle_f32x4(low_a, low_b, 0x88));
    _mm512_storeu_ps(to + 16 * (4 + c), _mm512_shuffle_f32x4(high_a, high_b, 0x88));
    _mm512_storeu_ps(to + 16 * (8 + c), _mm512_shuffle_f32x4(low_a, low_b, 0xDD));
    _mm512_storeu_ps(to + 16 * (12 + c), _mm512_shuffle_f32x4(high_a, high_b, 0xDD));
  }
}

GLN_INLINE std::uint32_t greater_bits(Lanes a, Lanes b) {
  return _mm512_cmp_ps_mask(a.value, b.value, _CMP_GT_OQ);
}
GLN_INLINE Mask greater(Lanes a, Lanes b) {
  return {_mm512_cmp_ps_mask(a.value, b.value, _CMP_GT_OQ)};
}
GLN_INLINE Mask equal(IntLanes a, IntLanes b) {
  return {_mm512_cmpeq_epi32_mask(a.value, b.value)};
}
GLN_INLINE Lanes select(Mask m, Lanes yes, Lanes no) {
  return {_mm512_mask_blend_ps(m.value, no.value, yes.value)};
}

GLN_INLINE IntLanes load_ints(const std::int32_t* p) { return {_mm512_loadu_si512(p)}; }
GLN_INLINE IntLanes load_shorts(const std::uint16_t* p) {
  return {_mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
}
GLN_INLINE void store_ints(std::int32_t* p, IntLanes a) { _mm512_storeu_si512(p, a.value); }
GLN_INLINE IntLanes bits_where(Mask m, std::int32_t bits) {
  return {_mm512_maskz_set1_epi32(m.value, bits)};
}
GLN_INLINE IntLanes broadcast_int(std::int32_t x) { return {_mm512_set1_epi32(x)}; }
GLN_INLINE IntLanes bits_of(Lanes a) { return {_mm512_castps_si512(a.value)}; }
GLN_INLINE Lanes float_of_bits(IntLanes a) { return {_mm512_castsi512_ps(a.value)}; }
GLN_INLINE IntLanes add_ints(IntLanes a, IntLanes b) {
  return {_mm512_add_epi32(a.value, b.value)};
}
GLN_INLINE IntLanes sub_ints(IntLanes a, IntLanes b) {
  return {_mm512_sub_epi32(a.value, b.value)};
}
template <int kBits>
GLN_INLINE IntLanes shift_left(IntLanes a) {
  return {_mm512_slli_epi32(a.value, kBits)};
}
template <int kBits>
GLN_INLINE IntLanes shift_right(IntLanes a) {
  return {_mm512_srai_epi32(a.value, kBits)};
}
GLN_INLINE Lanes to_float(IntLanes a) { return {_mm512_cvtepi32_ps(a.value)}; }

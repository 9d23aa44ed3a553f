// Sixteen float lanes in four NEON registers of 64-bit Arm.
//
// Included inside the namespace of one instruction set, after the standard and
// intrinsic headers. What each operation means is written in
// lanes_scalar-inl.hpp.

constexpr char kInstructionSetName[] = "neon";

// Thirty-two registers: six rows of four, four of columns and a broadcast.
constexpr int kProductGroups = 1;
constexpr int kProductRows = 6;
constexpr int kRunLanes = 4;

struct Lanes {
  float32x4_t part[4];
};
struct IntLanes {
  int32x4_t part[4];
};
struct Mask {
  uint32x4_t part[4];
};

GLN_INLINE Lanes broadcast(float x) {
  const float32x4_t v = vdupq_n_f32(x);
  return {{v, v, v, v}};
}
GLN_INLINE Lanes zero() { return broadcast(0.0f); }
GLN_INLINE Lanes load(const float* p) {
  return {{vld1q_f32(p), vld1q_f32(p + 4), vld1q_f32(p + 8), vld1q_f32(p + 12)}};
}
GLN_INLINE void store(float* p, Lanes a) {
  for (int i = 0; i < 4; ++i) vst1q_f32(p + 4 * i, a.part[i]);
}
// There are no masked loads and stores: what is short goes through the stack.
GLN_INLINE Lanes load_first(const float* p, std::size_t count) {
  float all[16] = {};
  for (std::size_t i = 0; i < count; ++i) all[i] = p[i];
  return load(all);
}
GLN_INLINE void store_first(float* p, Lanes a, std::size_t count) {
  float all[16];
  store(all, a);
  for (std::size_t i = 0; i < count; ++i) p[i] = all[i];
}

GLN_INLINE float first_lane(Lanes a) { return vgetq_lane_f32(a.part[0], 0); }

GLN_INLINE Lanes add(Lanes a, Lanes b) {
  for (int i = 0; i < 4; ++i) a.part[i] = vaddq_f32(a.part[i], b.part[i]);
  return a;
}
GLN_INLINE Lanes sub(Lanes a, Lanes b) {
  for (int i = 0; i < 4; ++i) a.part[i] = vsubq_f32(a.part[i], b.part[i]);
  return a;
}
GLN_INLINE Lanes mul(Lanes a, Lanes b) {
  for (int i = 0; i < 4; ++i) a.part[i] = vmulq_f32(a.part[i], b.part[i]);
  return a;
}
GLN_INLINE Lanes div(Lanes a, Lanes b) {
  for (int i = 0; i < 4; ++i) a.part[i] = vdivq_f32(a.part[i], b.part[i]);
  return a;
}
GLN_INLINE Lanes square_root(Lanes a) {
  for (int i = 0; i < 4; ++i) a.part[i] = vsqrtq_f32(a.part[i]);
  return a;
}
// A comparison and a choice: vminq and vmaxq answer NaN for NaN, and order the
// zeros, which x86 does not.
GLN_INLINE float32x4_t lesser(float32x4_t a, float32x4_t b) {
  return vbslq_f32(vcltq_f32(a, b), a, b);
}
GLN_INLINE float32x4_t larger(float32x4_t a, float32x4_t b) {
  return vbslq_f32(vcgtq_f32(a, b), a, b);
}
GLN_INLINE Lanes min(Lanes a, Lanes b) {
  for (int i = 0; i < 4; ++i) a.part[i] = lesser(a.part[i], b.part[i]);
  return a;
}
GLN_INLINE Lanes max(Lanes a, Lanes b) {
  for (int i = 0; i < 4; ++i) a.part[i] = larger(a.part[i], b.part[i]);
  return a;
}
GLN_INLINE Lanes absolute(Lanes a) {
  for (int i = 0; i < 4; ++i) a.part[i] = vabsq_f32(a.part[i]);
  return a;
}
GLN_INLINE Lanes multiply_add(Lanes a, Lanes b, Lanes c) {
  for (int i = 0; i < 4; ++i) c.part[i] = vfmaq_f32(c.part[i], a.part[i], b.part[i]);
  return c;
}
GLN_INLINE Lanes negative_multiply_add(Lanes a, Lanes b, Lanes c) {
  for (int i = 0; i < 4; ++i) c.part[i] = vfmsq_f32(c.part[i], a.part[i], b.part[i]);
  return c;
}

// The first two steps of the tree of sum(): lanes i and i+8, then i and i+4.
GLN_INLINE float32x4_t sum_to_four(Lanes a) {
  return vaddq_f32(vaddq_f32(a.part[0], a.part[2]), vaddq_f32(a.part[1], a.part[3]));
}
GLN_INLINE float sum(Lanes a) {
  const float32x4_t four = sum_to_four(a);
  return vpadds_f32(vadd_f32(vget_low_f32(four), vget_high_f32(four)));
}
GLN_INLINE float64x2_t precise_products(const float* a, const float* b) {
  return vmulq_f64(vcvt_f64_f32(vld1_f32(a)), vcvt_f64_f32(vld1_f32(b)));
}
// Lanes i and i+8 of two neighbours i.
GLN_INLINE float64x2_t precise_pairs(const float* a, const float* b) {
  return vaddq_f64(precise_products(a, b), precise_products(a + 8, b + 8));
}
GLN_INLINE float precise_dot(const float* a, const float* b) {
  const float64x2_t low = vaddq_f64(precise_pairs(a, b), precise_pairs(a + 4, b + 4));
  const float64x2_t high = vaddq_f64(precise_pairs(a + 2, b + 2), precise_pairs(a + 6, b + 6));
  return static_cast<float>(vpaddd_f64(vaddq_f64(low, high)));
}
GLN_INLINE float largest(Lanes a) {
  const float32x4_t four = larger(larger(a.part[0], a.part[2]), larger(a.part[1], a.part[3]));
  const float32x4_t two = larger(four, vextq_f32(four, four, 2));
  const float first = vgetq_lane_f32(two, 0);
  const float second = vgetq_lane_f32(two, 1);
  return first > second ? first : second;
}

// The tree of sum() on four groups at once; see lanes_avx512-inl.hpp.
GLN_INLINE float32x4_t fold_pairs(float32x4_t a, float32x4_t b) {
  return vaddq_f32(vcombine_f32(vget_low_f32(a), vget_low_f32(b)),
                   vcombine_f32(vget_high_f32(a), vget_high_f32(b)));
}
GLN_INLINE float32x4_t sum_four(const float* p, std::size_t stride) {
  const float32x4_t a = sum_to_four(load(p));
  const float32x4_t b = sum_to_four(load(p + stride));
  const float32x4_t c = sum_to_four(load(p + 2 * stride));
  const float32x4_t d = sum_to_four(load(p + 3 * stride));
  return vpaddq_f32(fold_pairs(a, b), fold_pairs(c, d));
}
GLN_INLINE Lanes sum_sixteen(const float* p, std::size_t stride) {
  return {{sum_four(p, stride), sum_four(p + 4 * stride, stride), sum_four(p + 8 * stride, stride),
           sum_four(p + 12 * stride, stride)}};
}

GLN_INLINE Mask greater(Lanes a, Lanes b) {
  Mask m;
  for (int i = 0; i < 4; ++i) m.part[i] = vcgtq_f32(a.part[i], b.part[i]);
  return m;
}
// Masks are narrowed to a byte a lane, of which each keeps its own bit.
GLN_INLINE std::uint32_t greater_bits(Lanes a, Lanes b) {
  const Mask m = greater(a, b);
  const uint16x8_t low = vcombine_u16(vmovn_u32(m.part[0]), vmovn_u32(m.part[1]));
  const uint16x8_t high = vcombine_u16(vmovn_u32(m.part[2]), vmovn_u32(m.part[3]));
  constexpr std::uint8_t kBits[8] = {1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x8_t bits = vld1_u8(kBits);
  return static_cast<std::uint32_t>(vaddv_u8(vand_u8(vmovn_u16(low), bits))) |
         static_cast<std::uint32_t>(vaddv_u8(vand_u8(vmovn_u16(high), bits))) << 8;
}
GLN_INLINE Mask equal(IntLanes a, IntLanes b) {
  Mask m;
  for (int i = 0; i < 4; ++i) m.part[i] = vceqq_s32(a.part[i], b.part[i]);
  return m;
}
GLN_INLINE Lanes select(Mask m, Lanes yes, Lanes no) {
  for (int i = 0; i < 4; ++i) no.part[i] = vbslq_f32(m.part[i], yes.part[i], no.part[i]);
  return no;
}

GLN_INLINE Lanes negative_multiply_add_where(Mask m, Lanes a, Lanes b, Lanes c) {
  return select(m, negative_multiply_add(a, b, c), c);
}

// One 4 × 4 part; see lanes_avx512-inl.hpp.
GLN_INLINE void transpose_four(const float* from, std::size_t stride, float* to) {
  const float32x4_t a = vld1q_f32(from);
  const float32x4_t b = vld1q_f32(from + stride);
  const float32x4_t c = vld1q_f32(from + 2 * stride);
  const float32x4_t d = vld1q_f32(from + 3 * stride);
  const float32x4_t ac_low = vzip1q_f32(a, c);
  const float32x4_t ac_high = vzip2q_f32(a, c);
  const float32x4_t bd_low = vzip1q_f32(b, d);
  const float32x4_t bd_high = vzip2q_f32(b, d);
  vst1q_f32(to, vzip1q_f32(ac_low, bd_low));
  vst1q_f32(to + 16, vzip2q_f32(ac_low, bd_low));
  vst1q_f32(to + 32, vzip1q_f32(ac_high, bd_high));
  vst1q_f32(to + 48, vzip2q_f32(ac_high, bd_high));
}
GLN_INLINE void transpose_sixteen(const float* from, std::size_t stride, float* to) {
  for (std::size_t row = 0; row < 16; row += 4) {
    for (std::size_t column = 0; column < 16; column += 4) {
      transpose_four(from + row * stride + column, stride, to + 16 * column + row);
    }
  }
}

GLN_INLINE IntLanes load_ints(const std::int32_t* p) {
  return {{vld1q_s32(p), vld1q_s32(p + 4), vld1q_s32(p + 8), vld1q_s32(p + 12)}};
}
GLN_INLINE int32x4_t widen(uint16x4_t a) { return vreinterpretq_s32_u32(vmovl_u16(a)); }
GLN_INLINE IntLanes load_shorts(const std::uint16_t* p) {
  return {{widen(vld1_u16(p)), widen(vld1_u16(p + 4)), widen(vld1_u16(p + 8)),
           widen(vld1_u16(p + 12))}};
}
GLN_INLINE void store_ints(std::int32_t* p, IntLanes a) {
  for (int i = 0; i < 4; ++i) vst1q_s32(p + 4 * i, a.part[i]);
}
GLN_INLINE IntLanes broadcast_int(std::int32_t x) {
  const int32x4_t v = vdupq_n_s32(x);
  return {{v, v, v, v}};
}
GLN_INLINE IntLanes bits_where(Mask m, std::int32_t bits) {
  IntLanes r = broadcast_int(bits);
  for (int i = 0; i < 4; ++i) r.part[i] = vandq_s32(r.part[i], vreinterpretq_s32_u32(m.part[i]));
  return r;
}
GLN_INLINE IntLanes bits_of(Lanes a) {
  IntLanes r;
  for (int i = 0; i < 4; ++i) r.part[i] = vreinterpretq_s32_f32(a.part[i]);
  return r;
}
GLN_INLINE Lanes float_of_bits(IntLanes a) {
  Lanes r;
  for (int i = 0; i < 4; ++i) r.part[i] = vreinterpretq_f32_s32(a.part[i]);
  return r;
}
GLN_INLINE IntLanes add_ints(IntLanes a, IntLanes b) {
  for (int i = 0; i < 4; ++i) a.part[i] = vaddq_s32(a.part[i], b.part[i]);
  return a;
}
GLN_INLINE IntLanes sub_ints(IntLanes a, IntLanes b) {
  for (int i = 0; i < 4; ++i) a.part[i] = vsubq_s32(a.part[i], b.part[i]);
  return a;
}
template <int kBits>
GLN_INLINE IntLanes shift_left(IntLanes a) {
  for (int i = 0; i < 4; ++i) a.part[i] = vshlq_n_s32(a.part[i], kBits);
  return a;
}
template <int kBits>
GLN_INLINE IntLanes shift_right(IntLanes a) {
  for (int i = 0; i < 4; ++i) a.part[i] = vshrq_n_s32(a.part[i], kBits);
  return a;
}
GLN_INLINE Lanes to_float(IntLanes a) {
  Lanes r;
  for (int i = 0; i < 4; ++i) r.part[i] = vcvtq_f32_s32(a.part[i]);
  return r;
}

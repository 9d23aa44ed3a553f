// Sixteen float lanes without any instruction-set extension.
//
// This is the definition that the other instruction sets must equal bit for
// bit. Included inside the namespace of one instruction set, after the standard
// headers; it includes nothing itself.
//
// A fused multiply-add rounds once. Where the target has no such instruction it
// is computed in double precision: the product of two floats is exact there,
// and the sum, where it matters, is rounded to odd before it is rounded to
// float, which makes two roundings equal to one (Boldo & Melquiond 2008, "Emulation of FMA and
// correctly rounded sums: proved algorithms using rounding to odd").

constexpr char kInstructionSetName[] = "scalar";

// Register budget of the kernels: how many lane groups a tile may keep live.
constexpr int kProductGroups = 1;  // lane groups of columns in one tile of a matrix product
constexpr int kProductRows = 4;    // rows in one such tile
constexpr int kRunLanes = 4;       // lane groups of a weight row held at once

// product + addend, whose rounded value is `total`, rounded to a float once.
inline float round_to_odd_sum(double product, double addend, double total) {
  // The exact error of the rounded sum (Knuth's two-sum).
  const double addend_part = total - product;
  const double error = (product - (total - addend_part)) + (addend - addend_part);
  std::uint64_t bits;
  __builtin_memcpy(&bits, &total, sizeof bits);
  // An inexact even result moves one step towards the exact sum. Where the sum
  // is infinite or NaN the error is NaN, which compares false.
  const bool inexact = error > 0.0 || error < 0.0;
  if (inexact && (bits & 1u) == 0) bits += (error > 0.0) == (total > 0.0) ? 1u : ~std::uint64_t{0};
  __builtin_memcpy(&total, &bits, sizeof total);
  return static_cast<float>(total);
}

GLN_INLINE float fused_multiply_add(float a, float b, float c) {
#if defined(__FP_FAST_FMAF) || defined(__aarch64__)
  return __builtin_fmaf(a, b, c);
#else
  const double product = static_cast<double>(a) * static_cast<double>(b);
  const double addend = static_cast<double>(c);
  const double total = product + addend;
  std::uint64_t bits;
  __builtin_memcpy(&bits, &total, sizeof bits);
  // Rounding the rounded sum again goes wrong only where it lies halfway between
  // two floats, which below float's normal range is another place.
  constexpr std::uint64_t kRoundedAway = 0x1FFFFFFFu;
  constexpr std::uint64_t kHalfway = 0x10000000u;
  constexpr std::uint64_t kMagnitude = 0x7FFFFFFFFFFFFFFFu;
  constexpr std::uint64_t kSmallestNormal = 0x3810000000000000u;  // 2^-126
  if (__builtin_expect((bits & kRoundedAway) != kHalfway && (bits & kMagnitude) >= kSmallestNormal,
                       1)) {
    return static_cast<float>(total);
  }
  return round_to_odd_sum(product, addend, total);
#endif
}

struct Lanes {
  float value[16];
};
struct IntLanes {
  std::int32_t value[16];
};
struct Mask {
  bool value[16];
};

GLN_INLINE Lanes broadcast(float x) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = x;
  return r;
}
GLN_INLINE Lanes zero() { return broadcast(0.0f); }

GLN_INLINE Lanes load(const float* p) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = p[i];
  return r;
}
// The first `count` (0 to 16) elements; the other lanes are zero.
GLN_INLINE Lanes load_first(const float* p, std::size_t count) {
  Lanes r = zero();
  for (std::size_t i = 0; i < count; ++i) r.value[i] = p[i];
  return r;
}
GLN_INLINE void store(float* p, const Lanes& a) {
  for (int i = 0; i < 16; ++i) p[i] = a.value[i];
}
GLN_INLINE void store_first(float* p, const Lanes& a, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) p[i] = a.value[i];
}

GLN_INLINE float first_lane(const Lanes& a) { return a.value[0]; }

GLN_INLINE Lanes add(const Lanes& a, const Lanes& b) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = a.value[i] + b.value[i];
  return r;
}
GLN_INLINE Lanes sub(const Lanes& a, const Lanes& b) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = a.value[i] - b.value[i];
  return r;
}
GLN_INLINE Lanes mul(const Lanes& a, const Lanes& b) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = a.value[i] * b.value[i];
  return r;
}
GLN_INLINE Lanes div(const Lanes& a, const Lanes& b) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = a.value[i] / b.value[i];
  return r;
}
// Where either is NaN, the second argument, as x86 does.
GLN_INLINE Lanes min(const Lanes& a, const Lanes& b) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = a.value[i] < b.value[i] ? a.value[i] : b.value[i];
  return r;
}
GLN_INLINE Lanes max(const Lanes& a, const Lanes& b) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = a.value[i] > b.value[i] ? a.value[i] : b.value[i];
  return r;
}
GLN_INLINE Lanes absolute(const Lanes& a) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = __builtin_fabsf(a.value[i]);
  return r;
}
// Correctly rounded, as IEEE 754 asks of every processor.
GLN_INLINE Lanes square_root(const Lanes& a) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = __builtin_sqrtf(a.value[i]);
  return r;
}
// a · b + c, rounded once.
GLN_INLINE Lanes multiply_add(const Lanes& a, const Lanes& b, const Lanes& c) {
  Lanes r;
  for (int i = 0; i < 16; ++i) {
    r.value[i] = fused_multiply_add(a.value[i], b.value[i], c.value[i]);
  }
  return r;
}
// c - a · b, rounded once.
GLN_INLINE Lanes negative_multiply_add(const Lanes& a, const Lanes& b, const Lanes& c) {
  Lanes r;
  for (int i = 0; i < 16; ++i) {
    r.value[i] = fused_multiply_add(-a.value[i], b.value[i], c.value[i]);
  }
  return r;
}

// c - a · b where the mask is set, else c.
GLN_INLINE Lanes negative_multiply_add_where(const Mask& m, const Lanes& a, const Lanes& b,
                                             const Lanes& c) {
  Lanes r;
  for (int i = 0; i < 16; ++i) {
    r.value[i] = m.value[i] ? fused_multiply_add(-a.value[i], b.value[i], c.value[i]) : c.value[i];
  }
  return r;
}

// The fixed tree: lanes i and i+8, then i and i+4, i and i+2, 0 and 1.
GLN_INLINE float sum(const Lanes& a) {
  float part[8];
  for (int i = 0; i < 8; ++i) part[i] = a.value[i] + a.value[i + 8];
  for (int i = 0; i < 4; ++i) part[i] = part[i] + part[i + 4];
  for (int i = 0; i < 2; ++i) part[i] = part[i] + part[i + 2];
  return part[0] + part[1];
}
// Σ a_i b_i over sixteen elements in double precision, by the same tree, rounded
// to a float at the end. The products are exact.
GLN_INLINE float precise_dot(const float* a, const float* b) {
  double part[16];
  for (int i = 0; i < 16; ++i) part[i] = static_cast<double>(a[i]) * static_cast<double>(b[i]);
  for (int i = 0; i < 8; ++i) part[i] = part[i] + part[i + 8];
  for (int i = 0; i < 4; ++i) part[i] = part[i] + part[i + 4];
  for (int i = 0; i < 2; ++i) part[i] = part[i] + part[i + 2];
  return static_cast<float>(part[0] + part[1]);
}
GLN_INLINE float largest(const Lanes& a) {
  float r = a.value[0];
  for (int i = 1; i < 16; ++i) r = a.value[i] > r ? a.value[i] : r;
  return r;
}
// sum() of sixteen lane groups at p, p + stride, …
GLN_INLINE Lanes sum_sixteen(const float* p, std::size_t stride) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = sum(load(p + stride * static_cast<std::size_t>(i)));
  return r;
}

// to[16 · column + row] = from[row · stride + column], sixteen of each.
GLN_INLINE void transpose_sixteen(const float* from, std::size_t stride, float* to) {
  for (std::size_t row = 0; row < 16; ++row) {
    for (std::size_t column = 0; column < 16; ++column) {
      to[16 * column + row] = from[row * stride + column];
    }
  }
}

// Bit i is set where a > b in lane i.
GLN_INLINE std::uint32_t greater_bits(const Lanes& a, const Lanes& b) {
  std::uint32_t bits = 0;
  for (int i = 0; i < 16; ++i) bits |= static_cast<std::uint32_t>(a.value[i] > b.value[i]) << i;
  return bits;
}

GLN_INLINE Mask greater(const Lanes& a, const Lanes& b) {
  Mask r;
  for (int i = 0; i < 16; ++i) r.value[i] = a.value[i] > b.value[i];
  return r;
}
GLN_INLINE Mask equal(const IntLanes& a, const IntLanes& b) {
  Mask r;
  for (int i = 0; i < 16; ++i) r.value[i] = a.value[i] == b.value[i];
  return r;
}
GLN_INLINE Lanes select(const Mask& m, const Lanes& yes, const Lanes& no) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = m.value[i] ? yes.value[i] : no.value[i];
  return r;
}

GLN_INLINE IntLanes load_ints(const std::int32_t* p) {
  IntLanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = p[i];
  return r;
}
GLN_INLINE IntLanes load_shorts(const std::uint16_t* p) {
  IntLanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = p[i];
  return r;
}
GLN_INLINE void store_ints(std::int32_t* p, const IntLanes& a) {
  for (int i = 0; i < 16; ++i) p[i] = a.value[i];
}
// `bits` where the mask is set, else 0.
GLN_INLINE IntLanes bits_where(const Mask& m, std::int32_t bits) {
  IntLanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = m.value[i] ? bits : 0;
  return r;
}
GLN_INLINE IntLanes broadcast_int(std::int32_t x) {
  IntLanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = x;
  return r;
}
GLN_INLINE IntLanes bits_of(const Lanes& a) {
  IntLanes r;
  __builtin_memcpy(&r, &a, sizeof r);
  return r;
}
GLN_INLINE Lanes float_of_bits(const IntLanes& a) {
  Lanes r;
  __builtin_memcpy(&r, &a, sizeof r);
  return r;
}
GLN_INLINE IntLanes add_ints(const IntLanes& a, const IntLanes& b) {
  IntLanes r;
  for (int i = 0; i < 16; ++i) {
    r.value[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(a.value[i]) +
                                           static_cast<std::uint32_t>(b.value[i]));
  }
  return r;
}
GLN_INLINE IntLanes sub_ints(const IntLanes& a, const IntLanes& b) {
  IntLanes r;
  for (int i = 0; i < 16; ++i) {
    r.value[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(a.value[i]) -
                                           static_cast<std::uint32_t>(b.value[i]));
  }
  return r;
}
template <int kBits>
GLN_INLINE IntLanes shift_left(const IntLanes& a) {
  IntLanes r;
  for (int i = 0; i < 16; ++i) {
    r.value[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(a.value[i]) << kBits);
  }
  return r;
}
// Keeps the sign: every compiler that we build with shifts arithmetically.
template <int kBits>
GLN_INLINE IntLanes shift_right(const IntLanes& a) {
  IntLanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = a.value[i] >> kBits;
  return r;
}
GLN_INLINE Lanes to_float(const IntLanes& a) {
  Lanes r;
  for (int i = 0; i < 16; ++i) r.value[i] = static_cast<float>(a.value[i]);
  return r;
}

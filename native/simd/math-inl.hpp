// Elementary functions on sixteen lanes, in arithmetic that every instruction
// set performs alike: additions, multiplications, fused multiply-adds, one
// division, integer shifts. Same bits everywhere, and no libm.
//
// Included after a lanes_*-inl.hpp, in its namespace.

// ln 2 in two parts: the first has few enough bits that n · kLn2High is exact.
constexpr float kLn2High = 0.693359375f;
constexpr float kLn2Low = -2.12194440e-4f;
constexpr float kLog2E = 1.44269504f;
// Adding 1.5 · 2^23 rounds a float of small magnitude to the nearest integer,
// which then stands in the low bits.
constexpr float kRoundingShift = 12582912.0f;
constexpr std::int32_t kRoundingShiftBits = 0x4B400000;
constexpr std::int32_t kExponentBias = 127;
// The bits of sqrt(1/2): where the mantissa's interval begins in log().
constexpr std::int32_t kSqrtHalfBits = 0x3F3504F3;

// e^x = scale · (1 + small), scale a power of two and small within ±(√2 - 1).
struct SplitExponential {
  Lanes small;
  Lanes scale;
};
constexpr float kLeastExponent = -87.0f;
constexpr float kMostExponent = 88.0f;

// For x in [kLeastExponent, kMostExponent]. Taylor's series to the seventh power
// on |r| <= ln(2)/2, where the first power left out is worth less than 6e-9.
GLN_INLINE SplitExponential split_exponential(Lanes x) {
  const Lanes shifted = multiply_add(x, broadcast(kLog2E), broadcast(kRoundingShift));
  const Lanes n = sub(shifted, broadcast(kRoundingShift));
  Lanes r = negative_multiply_add(n, broadcast(kLn2High), x);
  r = negative_multiply_add(n, broadcast(kLn2Low), r);
  Lanes p = broadcast(1.0f / 5040.0f);
  p = multiply_add(p, r, broadcast(1.0f / 720.0f));
  p = multiply_add(p, r, broadcast(1.0f / 120.0f));
  p = multiply_add(p, r, broadcast(1.0f / 24.0f));
  p = multiply_add(p, r, broadcast(1.0f / 6.0f));
  p = multiply_add(p, r, broadcast(0.5f));
  p = multiply_add(p, mul(r, r), r);
  const IntLanes exponent = sub_ints(bits_of(shifted), broadcast_int(kRoundingShiftBits));
  return {p, float_of_bits(shift_left<23>(add_ints(exponent, broadcast_int(kExponentBias))))};
}

// e^x for x in [-87, 88]; arguments outside are clamped to that. At most 1.5 ulp
// off.
GLN_INLINE Lanes exponential(Lanes x) {
  x = min(max(x, broadcast(kLeastExponent)), broadcast(kMostExponent));
  const SplitExponential split = split_exponential(x);
  return mul(add(split.small, broadcast(1.0f)), split.scale);
}

// ln x for positive, normal, finite x; at most 1 ulp off, and within 1e-7 of the
// truth around 1. x = 2^n · (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), and
// ln(1 + f) = f - f²/2 + s (f²/2 + R), s = f / (2 + f), R = s²(2/3 + 2/5 s² + …).
GLN_INLINE Lanes logarithm(Lanes x) {
  const IntLanes bits = bits_of(x);
  const IntLanes exponent = shift_right<23>(sub_ints(bits, broadcast_int(kSqrtHalfBits)));
  const Lanes n = to_float(exponent);
  const Lanes f = sub(float_of_bits(sub_ints(bits, shift_left<23>(exponent))), broadcast(1.0f));
  const Lanes s = div(f, add(f, broadcast(2.0f)));
  const Lanes z = mul(s, s);
  Lanes r = broadcast(2.0f / 11.0f);
  r = multiply_add(r, z, broadcast(2.0f / 9.0f));
  r = multiply_add(r, z, broadcast(2.0f / 7.0f));
  r = multiply_add(r, z, broadcast(2.0f / 5.0f));
  r = multiply_add(r, z, broadcast(2.0f / 3.0f));
  r = mul(r, z);
  const Lanes half_square = mul(mul(f, f), broadcast(0.5f));
  Lanes small = multiply_add(s, add(half_square, r), mul(n, broadcast(kLn2Low)));
  small = sub(small, half_square);
  return multiply_add(n, broadcast(kLn2High), add(small, f));
}

// 1 / (1 + e^-x), at most 3 ulp off for |x| <= 87.
GLN_INLINE Lanes logistic(Lanes x) {
  const Lanes one = broadcast(1.0f);
  return div(one, add(one, exponential(sub(zero(), x))));
}

// x limited to [-bound, bound]; NaN becomes -bound.
GLN_INLINE Lanes clamp(Lanes x, Lanes bound) { return min(max(x, sub(zero(), bound)), bound); }

// Seeded random numbers that are the same on every platform: integers by
// xoshiro256**, normal deviates by Marsaglia's polar method on nothing but
// additions, multiplications, divisions and square roots, which IEEE 754 defines
// to the bit. No libm.
#pragma once

#include <cstdint>

namespace gln {

// ln x for positive, normal x in double precision; within 4 ulp.
double natural_logarithm(double x);

// e^x for x from -700 to 700, clamped to that; within 2 ulp, of the same arithmetic.
double natural_exponential(double x);

// Every bit of the input moves every bit of the output: the finaliser of
// MurmurHash3 (A. Appleby, public domain).
inline std::uint64_t mix_bits(std::uint64_t bits) noexcept {
  bits = (bits ^ (bits >> 33)) * 0xff51afd7ed558ccdULL;
  bits = (bits ^ (bits >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return bits ^ (bits >> 33);
}

class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next_bits();
  // Uniform in [0, 1), a multiple of 2^-53.
  double next_uniform();
  // Normal with mean 0 and variance 1.
  double next_normal();

 private:
  std::uint64_t state_[4];
  double spare_ = 0.0;
  bool has_spare_ = false;
};

}  // namespace gln

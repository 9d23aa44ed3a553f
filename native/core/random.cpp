#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace gln {
namespace {

// The seeding generator that xoshiro's authors recommend (splitmix64): it
// spreads neighbouring seeds over the whole state.
std::uint64_t split_mix(std::uint64_t* state) {
  *state += 0x9E3779B97F4A7C15u;
  std::uint64_t z = *state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::uint64_t rotate_left(std::uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

constexpr double kLn2 = 0.69314718055994530942;
constexpr double kLn2High = 0.693147180369123816490;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kSqrtHalf = 0.70710678118654752440;
constexpr std::uint64_t kMantissaMask = 0x000FFFFFFFFFFFFFu;
constexpr std::uint64_t kHalfBits = 0x3FE0000000000000u;  // exponent of [0.5, 1)

}  // namespace

double natural_logarithm(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  int exponent = static_cast<int>(bits >> 52) - 1022;
  bits = (bits & kMantissaMask) | kHalfBits;
  double m;
  std::memcpy(&m, &bits, sizeof m);
  if (m < kSqrtHalf) {
    m *= 2.0;
    exponent -= 1;
  }
  // ln m = 2 artanh(s), s = (m - 1) / (m + 1), |s| < 0.172. The series is cut
  // where a term is worth less than 2^-53 of the sum.
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double series = 0.0;
  for (int power = 23; power >= 1; power -= 2) series = series * z + 1.0 / power;
  return exponent * kLn2 + 2.0 * s * series;
}

double natural_exponential(double x) {
  x = std::min(std::max(x, -700.0), 700.0);
  const double n = std::floor(x / kLn2 + 0.5);
  // n · kLn2High is exact: the last bits of kLn2High are zeros.
  const double r = (x - n * kLn2High) - n * kLn2Low;
  // Taylor's series on |r| <= ln(2) / 2, cut where a term is worth less than 2^-53.
  double series = 1.0;
  for (int power = 14; power >= 1; --power) series = 1.0 + series * r / power;
  const std::uint64_t bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(n) + 1023) << 52;
  double scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return series * scale;
}

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = split_mix(&seed);
}

std::uint64_t Random::next_bits() {
  const std::uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

double Random::next_uniform() { return static_cast<double>(next_bits() >> 11) * 0x1.0p-53; }

double Random::next_normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  for (;;) {
    const double u = 2.0 * next_uniform() - 1.0;
    const double v = 2.0 * next_uniform() - 1.0;
    const double square = u * u + v * v;
    // Rejecting tiny squares keeps the logarithm's argument a normal number.
    if (square >= 1.0 || square < 0x1.0p-100) continue;
    const double factor = std::sqrt(-2.0 * natural_logarithm(square) / square);
    spare_ = v * factor;
    has_spare_ = true;
    return u * factor;
  }
}

}  // namespace gln

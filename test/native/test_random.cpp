// Random numbers: the same everywhere for a seed, and of the right distribution.

#include <cmath>
#include <cstdint>

#include "check.hpp"
#include "core/random.hpp"

TEST(random_bits_repeat_for_a_seed) {
  gln::Random first(7), second(7), other(8);
  int differing = 0;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t bits = first.next_bits();
    CHECK(bits == second.next_bits());
    if (bits != other.next_bits()) ++differing;
  }
  CHECK(differing == 100);
}

TEST(uniforms_lie_in_the_half_open_unit_interval) {
  gln::Random random(1);
  double sum = 0.0;
  for (int i = 0; i < 100000; ++i) {
    const double u = random.next_uniform();
    CHECK(u >= 0.0 && u < 1.0);
    sum += u;
  }
  // Five standard deviations of the mean.
  CHECK_CLOSE(sum / 100000, 0.5, 5 * 0.2887 / std::sqrt(100000.0));
}

TEST(normals_have_the_first_four_moments) {
  gln::Random random(3);
  const int count = 100000;
  double moments[5] = {};
  for (int i = 0; i < count; ++i) {
    const double x = random.next_normal();
    double power = 1.0;
    for (int k = 1; k <= 4; ++k) moments[k] += (power *= x) / count;
  }
  const double unit = 5.0 / std::sqrt(count);
  CHECK_CLOSE(moments[1], 0.0, unit);
  CHECK_CLOSE(moments[2], 1.0, unit * std::sqrt(2.0));
  CHECK_CLOSE(moments[3], 0.0, unit * std::sqrt(15.0));
  CHECK_CLOSE(moments[4], 3.0, unit * std::sqrt(96.0));
}

TEST(natural_logarithm_is_within_its_bound) {
  gln::Random random(5);
  for (int i = 0; i < 10000; ++i) {
    const double x = std::ldexp(0.5 + random.next_uniform(), i % 200 - 100);
    const double expected = std::log(x);
    const double ulp = std::nextafter(std::fabs(expected), 1e300) - std::fabs(expected);
    CHECK_CLOSE(gln::natural_logarithm(x), expected, 4 * ulp);
  }
  CHECK(gln::natural_logarithm(1.0) == 0.0);
}

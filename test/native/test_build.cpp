// The assumptions that the build makes for every other file.

#include <cmath>
#include <limits>
#include <string>

#include "check.hpp"

TEST(language_is_seventeen) { CHECK(__cplusplus == 201703L); }

TEST(definitions_reach_every_file) {
  CHECK(std::string(GLN_VERSION).find('.') != std::string::npos);
  CHECK(std::string(GLN_SOURCES).find(".cpp") != std::string::npos);
  CHECK(NAPI_VERSION == 8);
}

// -ffp-contract=off: were a * b + c fused where the target can, this difference
// would be the product's rounding error instead of zero.
TEST(products_are_rounded_before_they_are_added) {
  volatile float a = 1.0f + std::numeric_limits<float>::epsilon();
  volatile float product = a * a;
  CHECK_CLOSE(a * a - product, 0.0, 0.0);
}

// No -ffast-math: a comparison with NaN is false, and NaN is recognised.
TEST(nan_behaves_as_the_standard_says) {
  volatile float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(!(nan == nan));
  CHECK(std::isnan(nan));
}

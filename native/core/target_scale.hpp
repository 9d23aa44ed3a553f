// Running mean and deviation of the targets that a regressor has learned, so that it
// works on numbers around 0 whatever the caller's units are.
#pragma once

#include <cstddef>

#include "core/preprocessing/stage.hpp"

namespace gln {

// Where targets lie: standardised = (target - mean) / deviation.
struct TargetUnits {
  double mean = 0.0;
  double deviation = 1.0;
};

class TargetScale {
 public:
  TargetScale() { statistics_.values.assign(3, 0.0); }

  // What the targets so far say. Before there are two different ones, their
  // magnitude stands in for the deviation.
  TargetUnits units() const noexcept;
  void add(double target) noexcept;

  // Count, mean, sum of squared differences.
  Statistics* statistics() noexcept { return &statistics_; }

 private:
  Statistics statistics_;
};

}  // namespace gln

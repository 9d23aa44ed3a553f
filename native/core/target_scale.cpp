#include "core/target_scale.hpp"

#include <cmath>

namespace gln {

TargetUnits TargetScale::units() const noexcept {
  const double count = statistics_.values[0];
  const double mean = statistics_.values[1];
  const double squares = statistics_.values[2];
  if (squares > 0.0) {
    const double deviation = std::sqrt(squares / count);
    if (deviation > 0.0) return {mean, deviation};
  }
  return {mean, mean != 0.0 ? std::fabs(mean) : 1.0};
}

// Welford's recurrence.
void TargetScale::add(double target) noexcept {
  double* values = statistics_.values.data();
  const double before = target - values[1];
  values[0] += 1.0;
  values[1] += before / values[0];
  values[2] += before * (target - values[1]);
  statistics_.changed = true;
}

}  // namespace gln

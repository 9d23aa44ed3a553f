#include "core/precise_base.hpp"

#include <algorithm>

#include "core/random.hpp"

namespace gln {
namespace {

// logit of above / (above + below), clipped.
float clipped_logit(double above, double below, double ratio) {
  if (above >= ratio * below) return static_cast<float>(natural_logarithm(ratio));
  if (below >= ratio * above) return static_cast<float>(-natural_logarithm(ratio));
  return static_cast<float>(natural_logarithm(above / below));
}

}  // namespace

void precise_base_logits(BasePredictor kind, const double* row, std::size_t size, double ratio,
                         float* logits) {
  switch (kind) {
    case BasePredictor::kMinMax: {
      const auto [low, high] = std::minmax_element(row, row + size);
      const bool constant = *low == *high;
      for (std::size_t i = 0; i < size; ++i) {
        logits[i] = constant ? 0.0f : clipped_logit(row[i] - *low, *high - row[i], ratio);
      }
      break;
    }
    case BasePredictor::kProbabilities:
      for (std::size_t i = 0; i < size; ++i) {
        const double p = std::clamp(row[i], 0.0, 1.0);
        logits[i] = clipped_logit(p, 1.0 - p, ratio);
      }
      break;
    case BasePredictor::kLogits:
      for (std::size_t i = 0; i < size; ++i) {
        logits[i] =
            static_cast<float>(std::clamp(row[i], -double{kLargestLogit}, double{kLargestLogit}));
      }
      break;
  }
}

}  // namespace gln

#include "core/switching.hpp"

#include <algorithm>
#include <cmath>

namespace gln {
namespace {

// Sums of four interleaved parts: the same order everywhere, and no long chain of
// additions.
constexpr std::size_t kParts = 4;

double weighted_sum(const double* a, const double* b, std::size_t size) noexcept {
  double parts[kParts] = {};
  std::size_t i = 0;
  for (; i + kParts <= size; i += kParts) {
    for (std::size_t k = 0; k < kParts; ++k) parts[k] += a[i + k] * b[i + k];
  }
  for (; i < size; ++i) parts[i % kParts] += a[i] * b[i];
  return (parts[0] + parts[1]) + (parts[2] + parts[3]);
}

// How far sums of saved weights may be from 1 by rounding.
constexpr double kSumTolerance = 1e-6;

}  // namespace

SwitchingMixture::SwitchingMixture(std::size_t experts, bool deferred)
    : weights_(experts, 1.0 / static_cast<double>(experts)) {
  if (deferred) next_ = weights_;
}

double SwitchingMixture::mix(const double* predictions) const noexcept {
  return weighted_sum(weights_.data(), predictions, weights_.size());
}

void SwitchingMixture::learn(const double* likelihoods, std::uint64_t row) noexcept {
  const std::size_t experts = weights_.size();
  if (experts == 1) return;
  double* weights = (next_.empty() ? weights_ : next_).data();
  const double total = weighted_sum(weights, likelihoods, experts);
  const double rate = 1.0 / (static_cast<double>(row) + 1.0);
  const double floor = rate / static_cast<double>(experts - 1);
  const double factor = (1.0 - rate - floor) / total;
  // With two experts and one row the factor is 0, and rounding may take it below.
  for (std::size_t i = 0; i < experts; ++i) {
    weights[i] = std::max(0.0, floor + factor * (weights[i] * likelihoods[i]));
  }
}

void SwitchingMixture::commit() noexcept {
  if (!next_.empty()) std::copy(next_.begin(), next_.end(), weights_.begin());
}

void SwitchingMixture::roll_back() noexcept {
  if (!next_.empty()) std::copy(weights_.begin(), weights_.end(), next_.begin());
}

bool SwitchingMixture::set(const double* weights) noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    if (!(weights[i] >= 0.0)) return false;
    sum += weights[i];
  }
  if (!(std::fabs(sum - 1.0) <= kSumTolerance)) return false;
  std::copy(weights, weights + weights_.size(), weights_.begin());
  roll_back();
  return true;
}

}  // namespace gln

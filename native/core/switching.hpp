// A Bayesian mixture of all neurons of a network that expects the best neuron to
// change now and then (Veness et al., arXiv 1712.01897, section 5).
//
// Early on the neurons of the first layers are the better ones, since they have
// fewer weights between them and the data; later those of the last layers are. A
// mixture follows whichever predicts best, at the price of a little likelihood.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gln {

class SwitchingMixture {
 public:
  // Over `experts` predictions, all of which count the same at first. With `deferred`,
  // what is learned counts from commit() on.
  SwitchingMixture(std::size_t experts, bool deferred);

  std::size_t experts() const noexcept { return weights_.size(); }
  // What each expert counts: sums to 1.
  const double* weights() const noexcept { return weights_.data(); }

  // Σ u_i · predictions_i.
  double mix(const double* predictions) const noexcept;

  // What the experts gave the target of row number `row` (from 1 on), above 0, up to
  // a common factor: u ← (1 - α) v + α (1 - v) / (experts - 1), where v_i is the
  // share of u_i · likelihoods_i in their sum and α = 1 / (row + 1).
  void learn(const double* likelihoods, std::uint64_t row) noexcept;

  void commit() noexcept;
  void roll_back() noexcept;

  // False, and nothing changes, unless they are at least 0 and sum to 1.
  bool set(const double* weights) noexcept;

  std::size_t bytes() const noexcept { return (weights_.size() + next_.size()) * sizeof(double); }

 private:
  std::vector<double> weights_;
  std::vector<double> next_;  // empty unless deferred
};

}  // namespace gln

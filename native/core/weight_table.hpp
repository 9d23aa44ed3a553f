// The weight rows of one layer, made when they are first needed.
//
// A neuron has one row for each of its 2^K contexts, but data visit few of them
// when K is large. All rows start from the same constant, so a context that was
// never learned in reads one shared row, and gets memory of its own with its
// first update.
#pragma once

#include <cstddef>
#include <vector>

#include "core/memory.hpp"

namespace gln {

// `Weight` is float or double.
template <typename Weight>
class BasicWeightTable {
 public:
  BasicWeightTable() = default;
  // `rows` rows of `inputs` weights, each `stride` weights apart in memory, all
  // equal to `initial` (padding: zero).
  BasicWeightTable(std::size_t rows, std::size_t inputs, std::size_t stride, Weight initial);

  // Row i, to read; valid until the table is destroyed. Untouched rows share
  // one address.
  Weight* const* rows() const noexcept { return rows_.data(); }
  std::size_t size() const noexcept { return rows_.size(); }
  bool touched(std::size_t row) const noexcept { return rows_[row] != initial_row_.data(); }
  std::size_t touched_count() const noexcept { return touched_count_; }

  // Gives row i memory of its own. Throws std::bad_alloc and changes nothing.
  void touch(std::size_t row) {
    if (!touched(row)) make_row(row);
  }

  // Frees every row's own memory: all are as at the beginning.
  void reset() noexcept;

  std::size_t bytes() const noexcept {
    return rows_.size() * sizeof(Weight*) + initial_row_.bytes() + chunk_bytes_;
  }

 private:
  void make_row(std::size_t row);

  std::size_t stride_ = 0;
  std::vector<Weight*> rows_;
  AlignedArray<Weight> initial_row_;
  std::vector<AlignedArray<Weight>> chunks_;
  std::size_t chunk_used_ = 0;  // weights handed out of the last chunk
  std::size_t chunk_bytes_ = 0;
  std::size_t touched_count_ = 0;
};

extern template class BasicWeightTable<float>;
extern template class BasicWeightTable<double>;

using WeightTable = BasicWeightTable<float>;
using DoubleWeightTable = BasicWeightTable<double>;

}  // namespace gln

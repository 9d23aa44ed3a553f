#include "core/weight_table.hpp"

#include <algorithm>
#include <cstring>

namespace gln {
namespace {

// A chunk grows with the table, so that small networks stay small and large ones
// ask rarely, up to the size of a huge page.
constexpr std::size_t kSmallestChunkRows = 4;
constexpr std::size_t kLargestChunkBytes = std::size_t{2} << 20;

}  // namespace

template <typename Weight>
BasicWeightTable<Weight>::BasicWeightTable(std::size_t rows, std::size_t inputs, std::size_t stride,
                                           Weight initial)
    : stride_(stride), initial_row_(stride) {
  std::fill_n(initial_row_.data(), inputs, initial);
  rows_.assign(rows, initial_row_.data());
}

template <typename Weight>
void BasicWeightTable<Weight>::make_row(std::size_t row) {
  if (chunks_.empty() || chunk_used_ + stride_ > chunks_.back().size()) {
    const std::size_t most_rows =
        std::max<std::size_t>(1, kLargestChunkBytes / (stride_ * sizeof(Weight)));
    const std::size_t wanted = std::max(kSmallestChunkRows, touched_count_ / 2);
    const std::size_t left = rows_.size() - touched_count_;
    const std::size_t chunk_rows = std::min({most_rows, wanted, left});
    chunks_.emplace_back(chunk_rows * stride_);
    chunk_bytes_ += chunks_.back().bytes();
    chunk_used_ = 0;
  }
  Weight* memory = chunks_.back().data() + chunk_used_;
  std::memcpy(memory, initial_row_.data(), stride_ * sizeof(Weight));
  rows_[row] = memory;
  chunk_used_ += stride_;
  ++touched_count_;
}

template <typename Weight>
void BasicWeightTable<Weight>::reset() noexcept {
  std::fill(rows_.begin(), rows_.end(), initial_row_.data());
  chunks_.clear();
  chunk_used_ = 0;
  chunk_bytes_ = 0;
  touched_count_ = 0;
}

template class BasicWeightTable<float>;
template class BasicWeightTable<double>;

}  // namespace gln

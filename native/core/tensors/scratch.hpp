// Memory that a call on tensors needs only while it runs: packed matrices and
// sums. Calls follow each other with the same shapes, so each thread keeps its own
// for the next one.
#pragma once

#include <cstddef>

#include "core/memory.hpp"

namespace gln {

// Floats that a piece of scratch memory takes, so that the next one begins at a
// cache line.
constexpr std::size_t scratch_size(std::size_t floats) noexcept {
  constexpr std::size_t kUnit = kAlignment / sizeof(float);
  return (floats + kUnit - 1) / kUnit * kUnit;
}

// A call's scratch memory. At most one at a time on a thread.
class Scratch {
 public:
  // `floats`: the sum of scratch_size() of all pieces. Throws std::bad_alloc.
  explicit Scratch(std::size_t floats);
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // The next piece, aligned to a cache line; what it holds is undefined.
  float* take(std::size_t floats) noexcept {
    float* piece = next_;
    next_ += scratch_size(floats);
    return piece;
  }

 private:
  AlignedArray<float> own_;
  float* next_;
};

}  // namespace gln

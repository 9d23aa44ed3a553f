#include "core/tensors/scratch.hpp"

namespace gln {
namespace {

// Floats that a thread keeps: 64 MiB. Calls that need more compute for so long
// that getting memory does not matter.
constexpr std::size_t kMostKept = std::size_t{1} << 24;

thread_local AlignedArray<float> kept;

}  // namespace

Scratch::Scratch(std::size_t floats) {
  if (floats > kMostKept) {
    own_ = AlignedArray<float>(floats);
    next_ = own_.data();
    return;
  }
  if (kept.size() < floats) {
    kept = AlignedArray<float>();  // before the new one: never both
    kept = AlignedArray<float>(floats);
  }
  next_ = kept.data();
}

}  // namespace gln

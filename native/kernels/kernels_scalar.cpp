// Kernels for no extension at all: runs on every processor.
// The only file that other platforms need besides their own set.
#include <cstddef>
#include <cstdint>

#include "kernels/instruction_sets.hpp"
#include "kernels/kernel_table.hpp"
#include "simd/inline.hpp"

namespace gln::scalar {
namespace {

#include "simd/lanes_scalar-inl.hpp"
#include "kernels/bodies-inl.hpp"

}  // namespace

const KernelTable& kernels() { return kTable; }

}  // namespace gln::scalar

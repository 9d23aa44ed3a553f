// Kernels for NEON, which every 64-bit Arm processor has: no target region is
// needed, and on other processors this file is empty.
#include "kernels/instruction_sets.hpp"

#if GLN_ARM64

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>

#include "kernels/kernel_table.hpp"
#include "simd/inline.hpp"

namespace gln::neon {
namespace {

#include "simd/lanes_neon-inl.hpp"
#include "kernels/bodies-inl.hpp"

}  // namespace

const KernelTable& kernels() { return kTable; }

}  // namespace gln::neon

#endif

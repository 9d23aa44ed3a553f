// Kernels for AVX2 with FMA; on other processors this file is empty.
// Headers come before the target region: what they define inline must stay code
// for every processor, since the linker may keep any one copy of it.
#include "kernels/instruction_sets.hpp"

#if GLN_X86

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "kernels/kernel_table.hpp"
#include "simd/inline.hpp"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

namespace gln::avx2 {
namespace {

#include "simd/lanes_avx2-inl.hpp"
#include "kernels/bodies-inl.hpp"

}  // namespace

const KernelTable& kernels() { return kTable; }

}  // namespace gln::avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif

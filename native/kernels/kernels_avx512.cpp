// Kernels for AVX-512 (F, BW, DQ, VL); on other processors this file is empty.
// Headers come before the target region: what they define inline must stay code
// for every processor, since the linker may keep any one copy of it.
#include "kernels/instruction_sets.hpp"

#if GLN_X86

// GCC 12 takes the deliberately undefined registers inside its own AVX-512
// header for mistakes of ours.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#include <cstddef>
#include <cstdint>

#include "kernels/kernel_table.hpp"
#include "simd/inline.hpp"

#if defined(__clang__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")
#endif

namespace gln::avx512 {
namespace {

#include "simd/lanes_avx512-inl.hpp"
#include "kernels/bodies-inl.hpp"

}  // namespace

const KernelTable& kernels() { return kTable; }

}  // namespace gln::avx512

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif

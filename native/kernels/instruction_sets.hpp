// Which instruction sets are compiled in, which the processor has, which runs.
#pragma once

#include <string>
#include <vector>

#include "kernels/kernel_table.hpp"

#if defined(__x86_64__) || defined(_M_X64)
#define GLN_X86 1
#else
#define GLN_X86 0
#endif
#if defined(__aarch64__) || defined(_M_ARM64)
#define GLN_ARM64 1
#else
#define GLN_ARM64 0
#endif

namespace gln {

namespace scalar {
const KernelTable& kernels();
}
#if GLN_X86
namespace avx2 {
const KernelTable& kernels();
}
namespace avx512 {
const KernelTable& kernels();
}
#endif
#if GLN_ARM64
namespace neon {
const KernelTable& kernels();
}
#endif

// The tables that this processor can run, worst first.
std::vector<const KernelTable*> available_kernels();

// The table that GLN_ISA names, or the best available one without it. Returns
// null, and says why, when the named set is unknown or not available.
const KernelTable* choose_kernels(std::string* problem);

}  // namespace gln

#include "kernels/instruction_sets.hpp"

#include <cstdlib>
#include <cstring>

#if GLN_X86
#include <cpuid.h>
#endif

namespace gln {
namespace {

#if GLN_X86

struct ProcessorFeatures {
  bool avx2 = false;
  bool avx512 = false;
};

// XCR0: which registers the operating system saves. Read by its encoding, since
// the intrinsic would need a target option of its own.
std::uint64_t saved_registers() {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<std::uint64_t>(high) << 32) | low;
}

// By cpuid, not __builtin_cpu_supports: that one does not link everywhere.
ProcessorFeatures processor_features() {
  ProcessorFeatures features;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return features;
  const bool fma = (c >> 12) & 1u;
  const bool osxsave = (c >> 27) & 1u;
  const bool avx = (c >> 28) & 1u;
  if (!osxsave || !avx) return features;
  const std::uint64_t saved = saved_registers();
  constexpr std::uint64_t kYmm = 0x06;  // SSE and AVX state
  constexpr std::uint64_t kZmm = 0xE6;  // and masks and the 512-bit registers
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return features;
  const bool avx2 = (b >> 5) & 1u;
  const bool avx512 = ((b >> 16) & 1u) && ((b >> 17) & 1u) && ((b >> 30) & 1u) && (b >> 31);
  features.avx2 = avx2 && fma && (saved & kYmm) == kYmm;
  features.avx512 = features.avx2 && avx512 && (saved & kZmm) == kZmm;
  return features;
}

#endif

}  // namespace

std::vector<const KernelTable*> available_kernels() {
  std::vector<const KernelTable*> tables{&scalar::kernels()};
#if GLN_X86
  const ProcessorFeatures features = processor_features();
  if (features.avx2) tables.push_back(&avx2::kernels());
  if (features.avx512) tables.push_back(&avx512::kernels());
#endif
#if GLN_ARM64
  tables.push_back(&neon::kernels());
#endif
  return tables;
}

const KernelTable* choose_kernels(std::string* problem) {
  const std::vector<const KernelTable*> tables = available_kernels();
  const char* wanted = std::getenv("GLN_ISA");
  if (wanted == nullptr || *wanted == '\0' || std::strcmp(wanted, "auto") == 0) {
    return tables.back();
  }
  std::string names;
  for (const KernelTable* table : tables) {
    if (std::strcmp(table->name, wanted) == 0) return table;
    names += names.empty() ? "" : ", ";
    names += table->name;
  }
  *problem = std::string("GLN_ISA: expected one of the instruction sets available here (") + names +
             ") or auto, got \"" + wanted + "\"";
  return nullptr;
}

}  // namespace gln

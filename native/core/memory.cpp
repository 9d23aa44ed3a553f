#include "core/memory.hpp"

#include <cstdlib>
#include <cstring>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(_WIN32)
#include <malloc.h>
#endif

namespace gln {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::size_t round_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

void* allocate_zeroed(std::size_t bytes) {
  const bool huge = bytes >= kHugePage / 2;
  const std::size_t alignment = huge ? kHugePage : kAlignment;
  const std::size_t size = round_up(bytes, alignment);
#if defined(_WIN32)
  void* p = _aligned_malloc(size, alignment);
#else
  void* p = nullptr;
  if (posix_memalign(&p, alignment, size) != 0) p = nullptr;
#endif
  if (p == nullptr) throw std::bad_alloc();
#if defined(__linux__)
  // Only advice: a system without huge pages goes on with small ones.
  if (huge) madvise(p, size, MADV_HUGEPAGE);
#endif
  std::memset(p, 0, size);
  return p;
}

void free_allocated(void* p) noexcept {
#if defined(_WIN32)
  _aligned_free(p);
#else
  std::free(p);
#endif
}

}  // namespace gln

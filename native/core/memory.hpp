// Zeroed memory in whole cache lines, and weight rows handed out from it.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace gln {

constexpr std::size_t kAlignment = 64;

// Zeroed memory; large pieces on huge pages where the system has them, since a
// network's rows are visited in no order and would miss the address caches.
// Throws std::bad_alloc.
void* allocate_zeroed(std::size_t bytes);
void free_allocated(void* p) noexcept;

struct AlignedFree {
  void operator()(void* p) const noexcept { free_allocated(p); }
};

// A fixed array of trivially copyable T, zeroed, aligned to a cache line.
template <typename T>
class AlignedArray {
 public:
  AlignedArray() = default;
  explicit AlignedArray(std::size_t size) : size_(size) {
    if (size == 0) return;
    if (size > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_alloc();
    data_.reset(static_cast<T*>(allocate_zeroed(size * sizeof(T))));
  }

  T* data() noexcept { return data_.get(); }
  const T* data() const noexcept { return data_.get(); }
  std::size_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept { return size_ * sizeof(T); }
  T& operator[](std::size_t i) noexcept { return data_.get()[i]; }
  const T& operator[](std::size_t i) const noexcept { return data_.get()[i]; }

 private:
  std::unique_ptr<T, AlignedFree> data_;
  std::size_t size_ = 0;
};

}  // namespace gln

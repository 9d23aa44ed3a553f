// Zeroed memory in whole cache lines, and weight rows handed out from it.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace gln {

constexpr std::size_t kAlignment = 64;

struct AlignedFree {
  void operator()(void* p) const noexcept { ::operator delete(p, std::align_val_t{kAlignment}); }
};

// A fixed array of trivially copyable T, zeroed, aligned to a cache line.
template <typename T>
class AlignedArray {
 public:
  AlignedArray() = default;
  explicit AlignedArray(std::size_t size) : size_(size) {
    if (size == 0) return;
    if (size > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_alloc();
    data_.reset(static_cast<T*>(::operator new(size * sizeof(T), std::align_val_t{kAlignment})));
    std::memset(static_cast<void*>(data_.get()), 0, size * sizeof(T));
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

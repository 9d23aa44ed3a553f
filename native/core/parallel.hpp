// One way to spread independent work over threads.
//
// Two builds stand behind it: a small pool of std::thread (the default, which
// needs no runtime library), and OpenMP where GLN_OPENMP is defined. What is
// computed never depends on which thread computes it.
#pragma once

#include <cstddef>

namespace gln {

// Calls task(context, first, last, worker) for ranges that together cover [0, count),
// each at most `grain` long, on at most `threads` threads, and returns when all
// are done. With one thread, or one range, the caller does it all and no thread
// is started. When the pool is busy with another call the caller also does it
// all: threads are never more than the largest number asked for.
// `worker` is below `threads`, and no two ranges run at once with the same.
// The task must not throw.
using RangeTask = void (*)(void* context, std::size_t first, std::size_t last, std::size_t worker);
void parallel_for(std::size_t threads, std::size_t count, std::size_t grain, RangeTask task,
                  void* context);

// Threads for a job of so many multiply-adds: below some 20 µs a second one costs
// more than it brings.
inline std::size_t threads_for(std::size_t threads, double operations) noexcept {
  constexpr double kSmallestParallelJob = 1e6;
  return operations < kSmallestParallelJob ? 1 : threads;
}

// The same for a callable.
template <typename Body>
void parallel_ranges(std::size_t threads, std::size_t count, std::size_t grain, Body& body) {
  parallel_for(
      threads, count, grain,
      [](void* context, std::size_t first, std::size_t last, std::size_t worker) {
        (*static_cast<Body*>(context))(first, last, worker);
      },
      &body);
}

// The pool lives as long as somebody retains it. The last release joins its
// threads: whoever unloads this code must have released by then.
void retain_threads();
void release_threads();

// Threads that the pool has started and not yet joined.
std::size_t started_threads();

bool built_with_openmp();

}  // namespace gln

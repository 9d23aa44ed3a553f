// Work spread over threads is done once each, whoever does it.

#include <atomic>
#include <vector>

#include "check.hpp"
#include "core/parallel.hpp"

namespace {

// Keeps the pool while a test needs it; the last holder joins its threads.
struct Holder {
  Holder() { gln::retain_threads(); }
  ~Holder() { gln::release_threads(); }
};

bool covers_once(std::size_t threads, std::size_t count, std::size_t grain) {
  std::vector<std::atomic<int>> visits(count);
  auto body = [&](std::size_t first, std::size_t last, std::size_t) {
    for (std::size_t i = first; i < last; ++i) ++visits[i];
  };
  gln::parallel_ranges(threads, count, grain, body);
  for (const std::atomic<int>& visit : visits) {
    if (visit != 1) return false;
  }
  return true;
}

}  // namespace

TEST(every_index_is_visited_once) {
  const Holder holder;
  for (std::size_t threads : {1, 2, 3, 8}) {
    for (std::size_t count : {0, 1, 7, 1000}) {
      for (std::size_t grain : {1, 3, 1000}) CHECK(covers_once(threads, count, grain));
    }
  }
}

TEST(one_thread_starts_none) {
  const Holder holder;
  CHECK(covers_once(1, 100, 1));
  CHECK(gln::started_threads() == 0);
}

TEST(a_task_may_ask_for_threads_itself) {
  const Holder holder;
  std::atomic<int> failures{0};
  auto body = [&](std::size_t first, std::size_t last, std::size_t) {
    for (std::size_t i = first; i < last; ++i) {
      if (!covers_once(4, 50, 5)) ++failures;
    }
  };
  gln::parallel_ranges(4, 16, 1, body);
  CHECK(failures == 0);
}

TEST(threads_end_with_the_last_release) {
  for (int round = 0; round < 3; ++round) {
    const Holder outer;
    {
      const Holder inner;
      CHECK(covers_once(4, 1000, 1));
    }
    CHECK(covers_once(4, 1000, 1));
  }
  CHECK(gln::started_threads() == 0);
}

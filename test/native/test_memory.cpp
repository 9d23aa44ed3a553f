// Aligned memory, and weight rows that come into being when they are touched.

#include <cstdint>
#include <new>

#include "check.hpp"
#include "core/memory.hpp"
#include "core/weight_table.hpp"

TEST(aligned_arrays_are_zeroed_whole_cache_lines) {
  const gln::AlignedArray<float> values(1000);
  CHECK(reinterpret_cast<std::uintptr_t>(values.data()) % gln::kAlignment == 0);
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == 0.0f);
  CHECK(gln::AlignedArray<float>(0).data() == nullptr);
}

TEST(aligned_arrays_of_impossible_size_throw) {
  bool thrown = false;
  try {
    gln::AlignedArray<double> values(static_cast<std::size_t>(-1) / 4);
  } catch (const std::bad_alloc&) {
    thrown = true;
  }
  CHECK(thrown);
}

TEST(untouched_weight_rows_share_one_row) {
  gln::WeightTable table(8, 5, 16, 0.2f);
  CHECK(table.touched_count() == 0);
  CHECK(table.rows()[0] == table.rows()[7]);
  for (int i = 0; i < 16; ++i) CHECK(table.rows()[3][i] == (i < 5 ? 0.2f : 0.0f));
}

TEST(a_touched_weight_row_is_its_own_and_starts_alike) {
  gln::WeightTable table(8, 5, 16, 0.2f);
  table.touch(3);
  table.touch(3);
  CHECK(table.touched_count() == 1);
  CHECK(table.touched(3) && !table.touched(2));
  CHECK(reinterpret_cast<std::uintptr_t>(table.rows()[3]) % gln::kAlignment == 0);
  for (int i = 0; i < 16; ++i) CHECK(table.rows()[3][i] == table.rows()[0][i]);
  table.rows()[3][0] = 9.0f;
  CHECK(table.rows()[0][0] == 0.2f);
  table.reset();
  CHECK(table.touched_count() == 0);
  CHECK(table.rows()[3][0] == 0.2f);
}

TEST(touched_weight_rows_never_overlap) {
  const std::size_t count = 3000;
  gln::WeightTable table(count, 30, 32, 0.0f);
  for (std::size_t i = 0; i < count; ++i) table.touch((i * 7) % count);
  for (std::size_t i = 0; i < count; ++i) {
    for (int k = 0; k < 32; ++k) table.rows()[i][k] = static_cast<float>(i);
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (int k = 0; k < 32; ++k) CHECK(table.rows()[i][k] == static_cast<float>(i));
  }
}

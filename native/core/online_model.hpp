// What queues and bindings ask of a model, whichever member of the family it is.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/run_request.hpp"

namespace gln {

class OnlineModel {
 public:
  OnlineModel() = default;
  virtual ~OnlineModel() = default;
  OnlineModel(const OnlineModel&) = delete;
  OnlineModel& operator=(const OnlineModel&) = delete;

  // Predicts every row and learns it after. Throws std::bad_alloc between
  // blocks: the rows counted by rows_seen() have then been learned whole.
  void run(const RunRequest& request);

  // The same in parts: reserve_rows(), then run_part() until all rows are done, then
  // finish(); or abandon(), after std::bad_alloc too, which undoes what is only half
  // done. Between parts calls that learn nothing may run, where divisible().
  virtual void reserve_rows(std::size_t rows) = 0;
  // Runs at most `most` rows from `first` on, and returns the row after the last:
  // parts of learning end where cuts change no bit. None may be run where that needs
  // more than `most` rows and `most` is below kChainRows.
  virtual std::size_t run_part(const RunRequest& request, std::size_t first, std::size_t most) = 0;
  virtual void finish(const RunRequest& request) = 0;
  virtual void abandon(const RunRequest& request, std::uint64_t rows_before) noexcept = 0;
  // False where a call's parts become final only together, and so must run together.
  virtual bool divisible(const RunRequest& request) const noexcept = 0;
  // Whether abandon() takes back all rows of a call that learns.
  virtual bool all_or_nothing() const noexcept = 0;
  // Rows that are worked on together, at most.
  virtual std::size_t block_rows() const noexcept = 0;
  // Bytes held outside the object itself.
  virtual std::size_t bytes() const noexcept = 0;

  // Rows learned so far.
  std::uint64_t rows_seen() const noexcept { return rows_seen_; }
  void set_rows_seen(std::uint64_t rows) noexcept { rows_seen_ = rows; }

 protected:
  std::uint64_t rows_seen_ = 0;
};

}  // namespace gln

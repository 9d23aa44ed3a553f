// The asynchronous calls of one model, in order and in slices.
//
// Learning calls follow each other. Predictions do not wait for them: those that
// wait when a slice of learning ends are answered before the next one, each whole
// and so from one state of the weights. Then learning goes on, however many
// predictions have come since.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

#include "core/executor.hpp"
#include "core/online_model.hpp"
#include "core/turnstile.hpp"

namespace gln {

// One asynchronous call. Who makes it keeps the memory that the request names.
class QueuedCall {
 public:
  enum class Outcome { kDone, kAborted, kDisposed, kNoMemory };

  explicit QueuedCall(const RunRequest& run) : request(run) {}
  virtual ~QueuedCall() = default;
  // Called once, on a thread of the executor, when nothing touches the memory any
  // more and the outcome is set. Must not throw.
  virtual void finished() = 0;

  const RunRequest request;
  std::atomic<bool> abort{false};  // asks to stop after the slice that runs
  Outcome outcome = Outcome::kDone;
  // Rows that were predicted and learned. With batches: all or none.
  std::size_t rows_done = 0;

 private:
  friend class ModelQueue;
  bool begun_ = false;
  std::uint64_t rows_before_ = 0;
};

class ModelQueue final : public SlicedTask {
 public:
  explicit ModelQueue(std::shared_ptr<OnlineModel> model);

  // Whether the queue had nothing to do before, and must be submitted to the
  // executor. With false there, take the call back by clear().
  bool add(std::shared_ptr<QueuedCall> call);
  void clear();

  // All calls end now, the running one after its slice.
  void dispose();

  bool run_slice() override;

  // The model to oneself, between two slices. Slices are short from then on, for
  // as long as such visits or predictions keep coming.
  void enter();
  void leave() { turnstile_.unlock(); }

  // As they were after the last slice; may be asked for at any time.
  std::uint64_t rows_seen() const noexcept { return rows_seen_.load(); }
  std::size_t bytes() const noexcept { return bytes_.load(); }

 private:
  using Calls = std::deque<std::shared_ptr<QueuedCall>>;
  // Seconds a row, as measured, for a kind of calls.
  struct Pace {
    double seconds_per_row = 0.0;
    std::size_t rows = 0;  // of the last slice
  };

  Calls& next_calls();
  bool run_part(QueuedCall& call);
  void run_rows(QueuedCall& call);
  void expect_looks();
  std::size_t slice_rows(const Pace& pace) const;
  void publish(bool learned_whole);

  const std::shared_ptr<OnlineModel> model_;
  Turnstile turnstile_;  // held while a slice runs

  std::mutex mutex_;  // guards the next three
  Calls learning_;
  Calls predicting_;
  std::size_t predictions_first_ = 0;  // how many go before the next slice of learning

  Pace learning_pace_;  // of the thread that runs the slice
  Pace predicting_pace_;
  std::atomic<bool> disposed_{false};
  std::atomic<std::uint64_t> rows_seen_;
  std::atomic<std::size_t> bytes_;
  std::atomic<std::int64_t> short_until_;  // ticks of the clock
};

}  // namespace gln

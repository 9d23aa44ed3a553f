#include "core/model_queue.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "kernels/kernel_table.hpp"

namespace gln {
namespace {

using Clock = std::chrono::steady_clock;

// What a prediction may have to wait for. Shorter slices cost throughput: wide
// networks learn many chains at once to keep their weights in cache.
constexpr double kSliceSeconds = 0.025;
// The same after nobody has looked at the network for so long.
constexpr double kQuietSliceSeconds = 0.25;
constexpr Clock::duration kQuiet = std::chrono::seconds(10);

// One preempted slice must not be followed by a much longer one.
constexpr std::size_t kMostGrowth = 4;

}  // namespace

ModelQueue::ModelQueue(std::shared_ptr<OnlineModel> model)
    : model_(std::move(model)),
      rows_seen_(model_->rows_seen()),
      bytes_(model_->bytes()),
      short_until_(Clock::now().time_since_epoch().count()) {}

void ModelQueue::enter() {
  expect_looks();
  turnstile_.lock();
}

void ModelQueue::expect_looks() {
  short_until_.store((Clock::now() + kQuiet).time_since_epoch().count());
}

bool ModelQueue::add(std::shared_ptr<QueuedCall> call) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool idle = learning_.empty() && predicting_.empty();
  if (idle) publish(true);
  if (call->request.targets) {
    // Predictions that were asked for earlier see nothing of it.
    if (learning_.empty()) predictions_first_ = predicting_.size();
    learning_.push_back(std::move(call));
  } else {
    expect_looks();
    predicting_.push_back(std::move(call));
  }
  return idle;
}

void ModelQueue::clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  learning_.clear();
  predicting_.clear();
}

void ModelQueue::dispose() { disposed_.store(true); }

ModelQueue::Calls& ModelQueue::next_calls() {
  if (learning_.empty()) return predicting_;
  return predictions_first_ > 0 ? predicting_ : learning_;
}

bool ModelQueue::run_slice() {
  std::shared_ptr<QueuedCall> call;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    call = next_calls().front();
  }
  const bool finished = run_part(*call);
  const bool learning = static_cast<bool>(call->request.targets);
  bool more = true;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (finished) {
      (learning ? learning_ : predicting_).pop_front();
      if (!learning && predictions_first_ > 0) --predictions_first_;
    }
    if (learning) predictions_first_ = predicting_.size();
    more = !learning_.empty() || !predicting_.empty();
  }
  if (finished) call->finished();
  return more;
}

// Whether the call has come to its end.
bool ModelQueue::run_part(QueuedCall& call) {
  const std::lock_guard<Turnstile> turn(turnstile_);
  if (!call.begun_) {
    call.begun_ = true;
    call.rows_before_ = model_->rows_seen();
  }
  const bool batch = call.request.targets && model_->all_or_nothing();
  try {
    const bool disposed = disposed_.load();
    if (disposed || call.abort.load()) {
      call.outcome = disposed ? QueuedCall::Outcome::kDisposed : QueuedCall::Outcome::kAborted;
      model_->abandon(call.request, call.rows_before_);
    } else {
      run_rows(call);
      if (call.rows_done < call.request.rows) {
        publish(!batch);
        return false;
      }
      model_->finish(call.request);
    }
  } catch (const std::bad_alloc&) {
    call.outcome = QueuedCall::Outcome::kNoMemory;
    model_->abandon(call.request, call.rows_before_);
  }
  if (batch && call.outcome != QueuedCall::Outcome::kDone) call.rows_done = 0;
  publish(true);
  return true;
}

void ModelQueue::run_rows(QueuedCall& call) {
  const RunRequest& request = call.request;
  Pace& pace = request.targets ? learning_pace_ : predicting_pace_;
  const std::size_t first = call.rows_done;
  const std::size_t left = request.rows - first;
  const std::size_t last =
      first + (model_->divisible(request) ? std::min(left, slice_rows(pace)) : left);
  const Clock::time_point begin = Clock::now();
  model_->reserve_rows(request.rows);
  // A slice has several parts where some of its rows are only predicted.
  for (std::size_t row = first; row < last; row = call.rows_done) {
    call.rows_done = model_->run_part(request, row, last - row);
    if (call.rows_done == row) break;
  }
  const std::size_t rows = call.rows_done - first;
  // Single rows are learned in another way, and say nothing about blocks.
  if (rows < kChainRows) return;
  pace.seconds_per_row =
      std::chrono::duration<double>(Clock::now() - begin).count() / static_cast<double>(rows);
  pace.rows = rows;
}

// Whole chains, and whole blocks where that is many.
std::size_t ModelQueue::slice_rows(const Pace& pace) const {
  if (pace.rows == 0) return kChainRows;
  const bool quiet = Clock::now().time_since_epoch().count() > short_until_.load();
  const double seconds = quiet ? kQuietSliceSeconds : kSliceSeconds;
  const double affordable = seconds / std::max(pace.seconds_per_row, 1e-9);
  const std::size_t most = kMostGrowth * std::max(pace.rows, kChainRows);
  const std::size_t rows =
      affordable < static_cast<double>(most) ? static_cast<std::size_t>(affordable) : most;
  const std::size_t block = model_->block_rows();
  const std::size_t unit = rows >= block ? std::max(block, kChainRows) : kChainRows;
  return std::max(rows / unit * unit, kChainRows);
}

void ModelQueue::publish(bool learned_whole) {
  if (learned_whole) rows_seen_.store(model_->rows_seen());
  bytes_.store(model_->bytes());
}

}  // namespace gln

// What the JavaScript object of a model and its asynchronous calls share.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/model_queue.hpp"
#include "core/online_model.hpp"

namespace gln::binding {

// Touched by the thread of JavaScript alone, but for what the pointers lead to.
struct ModelState {
  std::shared_ptr<OnlineModel> model;  // null once disposed
  // Asynchronous calls; null until the first one.
  std::shared_ptr<ModelQueue> queue;
  // Those that JavaScript has not been told the end of. Without any, no other
  // thread has to do with the model, and calls need no lock.
  std::size_t unfinished = 0;
  bool still = false;               // a call of JavaScript holds the turnstile already
  std::int64_t reported_bytes = 0;  // what V8 was told of

  std::uint64_t rows_seen() const {
    return unfinished > 0 ? queue->rows_seen() : model->rows_seen();
  }
  std::size_t bytes() const {
    if (!model) return 0;
    return unfinished > 0 ? queue->bytes() : model->bytes();
  }
};

// The model to oneself: between two slices of an asynchronous call.
class Visit {
 public:
  explicit Visit(const ModelState& state) {
    if (state.unfinished == 0 || state.still) return;
    queue_ = state.queue;
    queue_->enter();
  }
  ~Visit() {
    if (queue_) queue_->leave();
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  std::shared_ptr<ModelQueue> queue_;
};

// Without this V8 takes a model for a small object and never hurries to
// collect it.
inline void report_memory(Napi::BasicEnv env, ModelState& state) {
  const std::int64_t bytes = static_cast<std::int64_t>(state.bytes());
  if (bytes != state.reported_bytes) {
    Napi::MemoryManagement::AdjustExternalMemory(env, bytes - state.reported_bytes);
    state.reported_bytes = bytes;
  }
}

// What calls that change a model throw while asynchronous ones are unfinished.
constexpr const char* kBusyMessage =
    "model: expected no asynchronous call in progress where it is to be changed";

}  // namespace gln::binding

#include "binding/async_calls.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "binding/arguments.hpp"

namespace gln::binding {

struct AsyncCalls::Call final : QueuedCall {
  Call(const RunRequest& run, napi_threadsafe_function back) : QueuedCall(run), way_back(back) {}

  // The call itself is kept by AsyncCalls, to whom the pointer is only a name: the
  // way back may lead nowhere by the time that it is read.
  void finished() override { napi_call_threadsafe_function(way_back, this, napi_tsfn_nonblocking); }

  const napi_threadsafe_function way_back;
  std::shared_ptr<ModelState> state;
  napi_ref kept = nullptr;
  napi_ref done = nullptr;
};

AsyncCalls::AsyncCalls() : executor_(std::max(1u, std::thread::hardware_concurrency())) {}

void AsyncCalls::install(Napi::Env env) { env.SetInstanceData(new AsyncCalls()); }

AsyncCalls& AsyncCalls::of(Napi::Env env) { return *env.GetInstanceData<AsyncCalls>(); }

// The hook comes after the way back, and so before it when the environment ends.
void AsyncCalls::prepare(Napi::Env env) {
  if (way_back_ != nullptr) return;
  napi_threadsafe_function created = nullptr;
  const Napi::String name = Napi::String::New(env, "gated-linear-networks");
  NAPI_THROW_IF_FAILED_VOID(
      env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                           nullptr, on_finished, &created));
  // Only calls that are unfinished keep the process alive.
  NAPI_THROW_IF_FAILED_VOID(env, napi_unref_threadsafe_function(env, created));
  env_ = env;
  NAPI_THROW_IF_FAILED_VOID(
      env, napi_add_env_cleanup_hook(
               env, [](void* self) { static_cast<AsyncCalls*>(self)->clean_up(); }, this));
  way_back_ = created;
}

void AsyncCalls::clean_up() {
  executor_.stop();
  for (auto& [call, keeper] : unfinished_) {
    napi_delete_reference(env_, call->kept);
    napi_delete_reference(env_, call->done);
    // The queue holds the call, and the call, by its state, the queue.
    if (call->state->queue) call->state->queue->clear();
    call->state.reset();
  }
  unfinished_.clear();
}

Napi::Value AsyncCalls::start(Napi::Env env, const std::shared_ptr<ModelState>& state,
                              const RunRequest& request, Napi::Object kept, Napi::Function done) {
  prepare(env);
  auto call = std::make_shared<Call>(request, way_back_);
  call->state = state;
  const Napi::Function abort = Napi::Function::New(
      env, [call](const Napi::CallbackInfo&) { call->abort.store(true); }, "abort");
  auto queue = state->queue ? state->queue : std::make_shared<ModelQueue>(state->model);
  auto kept_reference = Napi::Persistent(kept);
  auto done_reference = Napi::Persistent(done);
  unfinished_.emplace(call.get(), call);
  if (queue->add(call) && !executor_.submit(queue)) {
    queue->clear();
    unfinished_.erase(call.get());
    throw make_error(env, "ERR_GLN_MEMORY", "no thread could be started");
  }
  if (unfinished_.size() == 1) napi_ref_threadsafe_function(env, way_back_);
  state->queue = std::move(queue);
  ++state->unfinished;
  call->kept = kept_reference;
  call->done = done_reference;
  kept_reference.SuppressDestruct();
  done_reference.SuppressDestruct();
  return abort;
}

// Raw Node-API: what goes wrong here, while an environment ends, is nobody's to hear.
void AsyncCalls::on_finished(napi_env env, napi_value, void*, void* data) {
  void* calls = nullptr;
  if (env == nullptr || napi_get_instance_data(env, &calls) != napi_ok) return;
  static_cast<AsyncCalls*>(calls)->settle(env, static_cast<Call*>(data));
}

void AsyncCalls::settle(napi_env env, Call* finished) {
  const auto found = unfinished_.find(finished);
  if (found == unfinished_.end()) return;
  const std::shared_ptr<Call> call = std::move(found->second);
  unfinished_.erase(found);
  if (unfinished_.empty()) napi_unref_threadsafe_function(env, way_back_);
  // The function that aborts it may keep the call for long, but not the network.
  const std::shared_ptr<ModelState> state = std::move(call->state);
  --state->unfinished;
  report_memory(Napi::BasicEnv(env), *state);

  napi_value done = nullptr;
  napi_value undefined = nullptr;
  napi_value arguments[2] = {nullptr, nullptr};
  napi_get_reference_value(env, call->done, &done);
  napi_delete_reference(env, call->done);
  napi_delete_reference(env, call->kept);
  const bool ready =
      done != nullptr && napi_get_undefined(env, &undefined) == napi_ok &&
      napi_create_uint32(env, static_cast<std::uint32_t>(call->outcome), &arguments[0]) ==
          napi_ok &&
      napi_create_double(env, static_cast<double>(call->rows_done), &arguments[1]) == napi_ok;
  if (ready) napi_call_function(env, undefined, done, 2, arguments, nullptr);
}

}  // namespace gln::binding

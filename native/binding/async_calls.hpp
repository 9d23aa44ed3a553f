// Asynchronous calls of networks: from JavaScript to a thread of the addon, and
// their ends back to JavaScript.
//
// One for each environment (the main thread, a worker). Its threads are joined in
// a clean-up hook that runs before Node takes away the way back, so that no thread
// ever calls into an environment that is gone.
#pragma once

#include <napi.h>

#include <memory>
#include <unordered_map>

#include "binding/model_state.hpp"
#include "core/executor.hpp"
#include "core/model_queue.hpp"

namespace gln::binding {

class AsyncCalls {
 public:
  // To be called once for each environment, before `of`.
  static void install(Napi::Env env);
  static AsyncCalls& of(Napi::Env env);

  AsyncCalls();

  // Queues a call. `done(outcome, rows)` is called at its end, always later than
  // this returns; `kept` holds all whose memory the request names. Returns a
  // JavaScript function that aborts the call.
  Napi::Value start(Napi::Env env, const std::shared_ptr<ModelState>& state,
                    const RunRequest& request, Napi::Object kept, Napi::Function done);

 private:
  struct Call;

  void prepare(Napi::Env env);
  void clean_up();
  void settle(napi_env env, Call* finished);
  static void on_finished(napi_env env, napi_value, void* context, void* data);

  Executor executor_;
  napi_env env_ = nullptr;
  napi_threadsafe_function way_back_ = nullptr;  // made for the first call
  std::unordered_map<Call*, std::shared_ptr<Call>> unfinished_;
};

}  // namespace gln::binding

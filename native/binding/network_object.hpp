// The JavaScript class `Network` around gln::Network.
#pragma once

#include <napi.h>

#include <memory>

#include "core/network.hpp"

namespace gln::binding {

// What the JavaScript object and its bound single-row function share.
struct NetworkState {
  std::unique_ptr<Network> network;  // null once disposed
  // Memory of the bound arrays, which the function object keeps alive.
  const float* bound_base = nullptr;
  const float* bound_side_info = nullptr;
  float* bound_probabilities = nullptr;
  std::int64_t reported_bytes = 0;  // what V8 was told of
};

class NetworkObject : public Napi::ObjectWrap<NetworkObject> {
 public:
  // The class; instances use `kernels` for their life.
  static Napi::Function define(Napi::Env env, const KernelTable* kernels);

  explicit NetworkObject(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv env) override;

 private:
  Napi::Value run(const Napi::CallbackInfo& info);
  void bind(const Napi::CallbackInfo& info);
  void layer_logits(const Napi::CallbackInfo& info);
  void contexts(const Napi::CallbackInfo& info);
  Napi::Value get_layer(const Napi::CallbackInfo& info);
  void set_layer(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);
  Napi::Value rows_seen(const Napi::CallbackInfo& info);
  void set_rows_seen(const Napi::CallbackInfo& info, const Napi::Value& value);
  Napi::Value memory(const Napi::CallbackInfo& info);

  Network& network(Napi::Env env);
  void report_memory(Napi::BasicEnv env);

  std::shared_ptr<NetworkState> state_;
};

}  // namespace gln::binding

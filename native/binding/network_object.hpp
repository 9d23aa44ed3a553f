// The JavaScript class `Network` around gln::Network.
#pragma once

#include <napi.h>

#include <memory>

#include "binding/model_object.hpp"
#include "core/network.hpp"

namespace gln::binding {

struct BoundRow;

class NetworkObject : public ModelObject<NetworkObject> {
 public:
  // The class; instances use `kernels` for their life.
  static Napi::Function define(Napi::Env env, const KernelTable* kernels);

  explicit NetworkObject(const Napi::CallbackInfo& info);

  static constexpr std::uint32_t kRunArguments = 8;
  RunRequest read_request(const Napi::CallbackInfo& info);
  double first_bad(const RunRequest& request);

 private:
  void bind(const Napi::CallbackInfo& info);
  void layer_logits(const Napi::CallbackInfo& info);
  void contexts(const Napi::CallbackInfo& info);
  Napi::Value explain(const Napi::CallbackInfo& info);
  Napi::Value get_layer(const Napi::CallbackInfo& info);
  void set_layer(const Napi::CallbackInfo& info);
  Napi::Value get_rows(const Napi::CallbackInfo& info);
  void set_rows(const Napi::CallbackInfo& info);
  Napi::Value get_planes(const Napi::CallbackInfo& info);
  void set_planes(const Napi::CallbackInfo& info);
  Napi::Value statistics(const Napi::CallbackInfo& info);
  void set_statistics(const Napi::CallbackInfo& info, const Napi::Value& value);
  Napi::Value mixture(const Napi::CallbackInfo& info);
  void set_mixture(const Napi::CallbackInfo& info, const Napi::Value& value);

  Network& network(Napi::Env env) const { return static_cast<Network&>(model(env)); }
  Network& idle_network(Napi::Env env) const { return static_cast<Network&>(idle_model(env)); }

  std::shared_ptr<BoundRow> bound_;
};

}  // namespace gln::binding

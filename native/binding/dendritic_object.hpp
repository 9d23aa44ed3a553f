// The JavaScript class `DendriticNetwork` around gln::DendriticNetwork.
#pragma once

#include <napi.h>

#include "binding/model_object.hpp"
#include "core/dendritic_network.hpp"

namespace gln::binding {

class DendriticObject : public ModelObject<DendriticObject> {
 public:
  // The class; instances use `kernels` for their life.
  static Napi::Function define(Napi::Env env, const KernelTable* kernels);

  explicit DendriticObject(const Napi::CallbackInfo& info);

  static constexpr std::uint32_t kRunArguments = 6;
  RunRequest read_request(const Napi::CallbackInfo& info);
  double first_bad(const RunRequest& request);

 private:
  Napi::Value get_layer(const Napi::CallbackInfo& info);
  void set_layer(const Napi::CallbackInfo& info);
  Napi::Value statistics(const Napi::CallbackInfo& info);
  void set_statistics(const Napi::CallbackInfo& info, const Napi::Value& value);

  DendriticNetwork& network(Napi::Env env) const {
    return static_cast<DendriticNetwork&>(model(env));
  }
  DendriticNetwork& idle_network(Napi::Env env) const {
    return static_cast<DendriticNetwork&>(idle_model(env));
  }
};

}  // namespace gln::binding

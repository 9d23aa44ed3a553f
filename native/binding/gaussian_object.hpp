// The JavaScript class `GaussianNetwork` around gln::GaussianNetwork.
#pragma once

#include <napi.h>

#include "binding/model_object.hpp"
#include "core/gaussian_network.hpp"

namespace gln::binding {

class GaussianObject : public ModelObject<GaussianObject> {
 public:
  // The class; instances use `kernels` for their life.
  static Napi::Function define(Napi::Env env, const KernelTable* kernels);

  explicit GaussianObject(const Napi::CallbackInfo& info);

  static constexpr std::uint32_t kRunArguments = 7;
  RunRequest read_request(const Napi::CallbackInfo& info);
  double first_bad(const RunRequest& request);

 private:
  void layer_predictions(const Napi::CallbackInfo& info);
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

  GaussianNetwork& network(Napi::Env env) const {
    return static_cast<GaussianNetwork&>(model(env));
  }
  GaussianNetwork& idle_network(Napi::Env env) const {
    return static_cast<GaussianNetwork&>(idle_model(env));
  }
};

}  // namespace gln::binding

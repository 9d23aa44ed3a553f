#include "binding/network_object.hpp"

#include <algorithm>

#include "binding/network_options.hpp"

namespace gln::binding {

// Memory of the arrays of single-row calls, which the function object keeps alive.
struct BoundRow {
  std::shared_ptr<ModelState> state;
  const float* base = nullptr;
  const float* side_info = nullptr;
  float* probabilities = nullptr;
};

namespace {

// Floats of a layer's parameter arrays.
struct LayerLengths {
  std::size_t weights;
  std::size_t hyperplanes;
  std::size_t bias;
};

LayerLengths layer_lengths(const Network& model, std::size_t layer) {
  const NetworkOptions& options = model.options();
  const Network::LayerShape shape = model.layer_shape(layer);
  const std::size_t planes = shape.gated * options.context_map_size;
  return {options.networks * shape.neurons * shape.contexts * shape.inputs,
          planes * options.side_info_size, planes};
}

// The bound single-row call, in raw Node-API: it is what a service calls for
// every request, and the wrappers would cost more than a small network.
napi_value run_bound(napi_env env, napi_callback_info info) {
  std::size_t count = 2;
  napi_value arguments[2];
  void* data = nullptr;
  napi_get_cb_info(env, info, &count, arguments, nullptr, &data);
  const BoundRow& row = **static_cast<std::shared_ptr<BoundRow>*>(data);
  const ModelState& state = *row.state;
  if (!state.model || row.base == nullptr) {
    napi_throw_error(env, "ERR_GLN_DISPOSED", "the network is disposed or not bound");
    return nullptr;
  }
  // A target below zero means: only predict.
  std::int32_t target = -1;
  double rate = 0.0;
  if (count < 2 || napi_get_value_int32(env, arguments[0], &target) != napi_ok ||
      napi_get_value_double(env, arguments[1], &rate) != napi_ok) {
    napi_throw_type_error(env, "ERR_GLN_TYPE", "runBound: expected two numbers");
    return nullptr;
  }
  Network& network = static_cast<Network&>(*state.model);
  std::uint32_t chosen = 0;
  RunRequest request;
  request.base = row.base;
  request.side_info = row.side_info;
  request.rows = 1;
  request.rate = rate;
  request.classes = &chosen;
  request.probabilities = row.probabilities;
  if (target >= 0) {
    if (state.unfinished > 0) {
      napi_throw_error(env, "ERR_GLN_BUSY", kBusyMessage);
      return nullptr;
    }
    if (static_cast<std::size_t>(target) >= network.class_count()) {
      napi_throw_range_error(env, "ERR_GLN_LABEL", "runBound: the target is no class");
      return nullptr;
    }
    request.targets = {Targets::Type::kInt32, &target};
  }
  try {
    const Visit visit(state);
    network.run(request);
  } catch (const std::bad_alloc&) {
    napi_throw_error(env, "ERR_GLN_MEMORY", "memory could not be had");
    return nullptr;
  }
  napi_value result = nullptr;
  napi_create_uint32(env, chosen, &result);
  return result;
}

void add_run_bound(Napi::Env env, Napi::Object object, const std::shared_ptr<BoundRow>& row) {
  auto holder = std::make_unique<std::shared_ptr<BoundRow>>(row);
  napi_value function = nullptr;
  NAPI_THROW_IF_FAILED_VOID(env, napi_create_function(env, "runBound", NAPI_AUTO_LENGTH, run_bound,
                                                      holder.get(), &function));
  // The function owns a share of the row: it stays valid whoever keeps it.
  NAPI_THROW_IF_FAILED_VOID(env, napi_add_finalizer(
                                     env, function, holder.get(),
                                     [](napi_env, void* data, void*) {
                                       delete static_cast<std::shared_ptr<BoundRow>*>(data);
                                     },
                                     nullptr, nullptr));
  holder.release();
  object.Set("runBound", Napi::Value(env, function));
}

}  // namespace

Napi::Function NetworkObject::define(Napi::Env env, const KernelTable* kernels) {
  std::vector<Property> properties = shared_properties();
  properties.insert(
      properties.end(),
      {
          InstanceMethod<&NetworkObject::bind>("bind"),
          InstanceMethod<&NetworkObject::layer_logits>("layerLogits"),
          InstanceMethod<&NetworkObject::contexts>("contexts"),
          InstanceMethod<&NetworkObject::explain>("explain"),
          InstanceMethod<&NetworkObject::get_layer>("getLayer"),
          InstanceMethod<&NetworkObject::set_layer>("setLayer"),
          InstanceMethod<&NetworkObject::get_rows>("getRows"),
          InstanceMethod<&NetworkObject::set_rows>("setRows"),
          InstanceMethod<&NetworkObject::get_planes>("getPlanes"),
          InstanceMethod<&NetworkObject::set_planes>("setPlanes"),
          InstanceAccessor<&NetworkObject::statistics, &NetworkObject::set_statistics>(
              "statistics"),
          InstanceAccessor<&NetworkObject::mixture, &NetworkObject::set_mixture>("mixture"),
      });
  return DefineClass(env, "Network", properties, const_cast<KernelTable*>(kernels));
}

NetworkObject::NetworkObject(const Napi::CallbackInfo& info)
    : ModelObject(info), bound_(std::make_shared<BoundRow>()) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) {
    throw make_error(env, "ERR_GLN_TYPE", "options: expected an object");
  }
  const NetworkOptions options = read_options(info[0].As<Napi::Object>());
  const auto* kernels = static_cast<const KernelTable*>(info.Data());
  hold(env, guarded(env, [&] { return std::make_shared<Network>(options, *kernels); }));
  bound_->state = state_;
  add_run_bound(env, info.This().As<Napi::Object>(), bound_);
}

RunRequest NetworkObject::read_request(const Napi::CallbackInfo& info) {
  return read_run(info, network(info.Env()).options());
}

double NetworkObject::first_bad(const RunRequest& request) {
  return first_bad_target(request, network(Env()).class_count());
}

void NetworkObject::bind(const Napi::CallbackInfo& info) {
  const NetworkOptions& options = network(info.Env()).options();
  bound_->base = float_view(info[0], "base", options.input_size).data;
  bound_->side_info = float_view(info[1], "sideInfo", options.side_input_size).data;
  bound_->probabilities = float_view(info[2], "probabilities", options.networks).data;
  // The function must not outlive the arrays that it reads.
  Napi::Object function = info.This().As<Napi::Object>().Get("runBound").As<Napi::Object>();
  for (std::uint32_t i = 0; i < 3; ++i) function.Set(i, info[i]);
}

void NetworkObject::layer_logits(const Napi::CallbackInfo& info) {
  Network& model = network(info.Env());
  RunRequest request;
  read_rows(info[0], info[1], model.options(), 1, &request);
  float* out = float_view(info[2], "out", model.neuron_count()).data;
  const Visit visit(*state_);
  guarded(info.Env(), [&] { model.layer_logits(request, out); });
}

void NetworkObject::contexts(const Napi::CallbackInfo& info) {
  Network& model = network(info.Env());
  RunRequest request;
  read_rows(info[0], info[1], model.options(), 1, &request);
  std::uint32_t* out = uint32_view(info[2], "out", model.neuron_count()).data;
  const Visit visit(*state_);
  guarded(info.Env(), [&] { model.contexts(request, out); });
}

Napi::Value NetworkObject::explain(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Network& model = network(env);
  const NetworkOptions& options = model.options();
  RunRequest request;
  read_rows(info[0], info[1], options, 1, &request);
  const std::size_t chosen = integer(info[2], "network", 0, options.networks - 1);
  double* weights = double_view(info[3], "weights", options.base_size).data;
  float* base_logits = float_view(info[4], "baseLogits", options.base_size).data;
  float logit = 0.0f;
  double constant = 0.0;
  {
    const Visit visit(*state_);
    guarded(env, [&] { constant = model.explain(request, chosen, weights, base_logits, &logit); });
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("logit", static_cast<double>(logit));
  result.Set("constant", constant);
  return result;
}

Napi::Value NetworkObject::get_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Network& model = network(env);
  const std::size_t layer = integer(info[0], "layer", 0, model.layer_count() - 1);
  const LayerLengths lengths = layer_lengths(model, layer);
  const auto array = [&](std::size_t length) { return Napi::Float32Array::New(env, length); };
  Napi::Float32Array weights = array(lengths.weights);
  Napi::Float32Array hyperplanes = array(lengths.hyperplanes);
  Napi::Float32Array bias = array(lengths.bias);
  const Visit visit(*state_);
  model.get_layer(layer, weights.Data(), hyperplanes.Data(), bias.Data());
  Napi::Object result = Napi::Object::New(env);
  result.Set("weights", weights);
  result.Set("hyperplanes", hyperplanes);
  result.Set("hyperplaneBias", bias);
  return result;
}

void NetworkObject::set_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Network& model = idle_network(env);
  const std::size_t layer = integer(info[0], "layer", 0, model.layer_count() - 1);
  const LayerLengths lengths = layer_lengths(model, layer);
  if (model.options().hadamard) {
    throw make_error(env, "ERR_GLN_OPTION", "structured hyperplanes cannot be set");
  }
  const Napi::Object from = object_argument(info[1], "parameters");
  const float* weights = float_view(from.Get("weights"), "weights", lengths.weights).data;
  const float* hyperplanes =
      float_view(from.Get("hyperplanes"), "hyperplanes", lengths.hyperplanes).data;
  const float* bias = float_view(from.Get("hyperplaneBias"), "hyperplaneBias", lengths.bias).data;
  guarded(env, [&] { model.set_layer(layer, weights, hyperplanes, bias); });
  report_memory(env, *state_);
}

Napi::Value NetworkObject::statistics(const Napi::CallbackInfo& info) {
  StatisticsLog& statistics = network(info.Env()).statistics();
  Napi::Float64Array values = Napi::Float64Array::New(info.Env(), statistics.size());
  const Visit visit(*state_);
  statistics.get(values.Data());
  return values;
}

void NetworkObject::set_statistics(const Napi::CallbackInfo& info, const Napi::Value& value) {
  StatisticsLog& statistics = idle_network(info.Env()).statistics();
  statistics.set(double_view(value, "statistics", statistics.size()).data);
}

Napi::Value NetworkObject::mixture(const Napi::CallbackInfo& info) {
  const SwitchingMixture& mixture = network(info.Env()).mixture();
  Napi::Float64Array weights = Napi::Float64Array::New(info.Env(), mixture.experts());
  const Visit visit(*state_);
  std::copy(mixture.weights(), mixture.weights() + mixture.experts(), weights.Data());
  return weights;
}

void NetworkObject::set_mixture(const Napi::CallbackInfo& info, const Napi::Value& value) {
  SwitchingMixture& mixture = idle_network(info.Env()).mixture();
  if (!mixture.set(double_view(value, "mixture", mixture.experts()).data)) {
    throw make_error(info.Env(), "ERR_GLN_FORMAT",
                     "mixture: expected numbers of at least 0 that sum to 1");
  }
}

}  // namespace gln::binding

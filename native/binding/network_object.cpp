#include "binding/network_object.hpp"

#include <algorithm>
#include <utility>

#include "binding/arguments.hpp"
#include "binding/network_options.hpp"

namespace gln::binding {
namespace {

constexpr std::int32_t kNothingWrong = -1;

// The first target that is no class, or kNothingWrong.
double first_bad_target(const Targets& targets, std::size_t rows, std::size_t classes) {
  for (std::size_t row = 0; row < rows; ++row) {
    if (targets.at(row) >= classes) return static_cast<double>(row);
  }
  return kNothingWrong;
}

// Rows in single or double precision.
void read_base(const Napi::Value& value, std::size_t length, RunRequest* request) {
  if (value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array) {
    request->precise_base = double_view(value, "base", length).data;
  } else {
    request->base = float_view(value, "base", length).data;
  }
}

Targets read_targets(const Napi::Value& value, std::size_t rows) {
  if (!given(value)) return {};
  if (value.IsTypedArray()) {
    switch (value.As<Napi::TypedArray>().TypedArrayType()) {
      case napi_uint8_array:
        return {Targets::Type::kUint8, uint8_view(value, "targets", rows).data};
      case napi_int32_array:
        return {Targets::Type::kInt32, int32_view(value, "targets", rows).data};
      default:
        break;
    }
  }
  return {Targets::Type::kUint32, uint32_view(value, "targets", rows).data};
}

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
  NetworkState& state = **static_cast<std::shared_ptr<NetworkState>*>(data);
  if (!state.network || state.bound_base == nullptr) {
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
  std::uint32_t chosen = 0;
  RunRequest request;
  request.base = state.bound_base;
  request.side_info = state.bound_side_info;
  request.rows = 1;
  request.rate = static_cast<float>(rate);
  request.classes = &chosen;
  request.probabilities = state.bound_probabilities;
  if (target >= 0) {
    if (static_cast<std::size_t>(target) >= state.network->class_count()) {
      napi_throw_range_error(env, "ERR_GLN_LABEL", "runBound: the target is no class");
      return nullptr;
    }
    request.targets = {Targets::Type::kInt32, &target};
  }
  try {
    state.network->run(request);
  } catch (const std::bad_alloc&) {
    napi_throw_error(env, "ERR_GLN_MEMORY", "memory could not be had");
    return nullptr;
  }
  napi_value result = nullptr;
  napi_create_uint32(env, chosen, &result);
  return result;
}

void add_run_bound(Napi::Env env, Napi::Object object, const std::shared_ptr<NetworkState>& state) {
  auto holder = std::make_unique<std::shared_ptr<NetworkState>>(state);
  napi_value function = nullptr;
  NAPI_THROW_IF_FAILED_VOID(env, napi_create_function(env, "runBound", NAPI_AUTO_LENGTH, run_bound,
                                                      holder.get(), &function));
  // The function owns a share of the state: it stays valid whoever keeps it.
  NAPI_THROW_IF_FAILED_VOID(env, napi_add_finalizer(
                                     env, function, holder.get(),
                                     [](napi_env, void* data, void*) {
                                       delete static_cast<std::shared_ptr<NetworkState>*>(data);
                                     },
                                     nullptr, nullptr));
  holder.release();
  object.Set("runBound", Napi::Value(env, function));
}

}  // namespace

Napi::Function NetworkObject::define(Napi::Env env, const KernelTable* kernels) {
  return DefineClass(
      env, "Network",
      {
          InstanceMethod<&NetworkObject::run>("run"),
          InstanceMethod<&NetworkObject::bind>("bind"),
          InstanceMethod<&NetworkObject::layer_logits>("layerLogits"),
          InstanceMethod<&NetworkObject::contexts>("contexts"),
          InstanceMethod<&NetworkObject::get_layer>("getLayer"),
          InstanceMethod<&NetworkObject::set_layer>("setLayer"),
          InstanceMethod<&NetworkObject::dispose>("dispose"),
          InstanceAccessor<&NetworkObject::rows_seen, &NetworkObject::set_rows_seen>("rowsSeen"),
          InstanceAccessor<&NetworkObject::memory>("memory"),
      },
      const_cast<KernelTable*>(kernels));
}

NetworkObject::NetworkObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<NetworkObject>(info), state_(std::make_shared<NetworkState>()) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) {
    throw make_error(env, "ERR_GLN_TYPE", "options: expected an object");
  }
  const NetworkOptions options = read_options(info[0].As<Napi::Object>());
  const auto* kernels = static_cast<const KernelTable*>(info.Data());
  guarded(env, [&] { state_->network = std::make_unique<Network>(options, *kernels); });
  add_run_bound(env, info.This().As<Napi::Object>(), state_);
  report_memory(env);
}

void NetworkObject::Finalize(Napi::BasicEnv env) {
  state_->network.reset();
  report_memory(env);
}

Network& NetworkObject::network(Napi::Env env) {
  if (!state_->network) throw make_error(env, "ERR_GLN_DISPOSED", "the model was disposed");
  return *state_->network;
}

// Without this V8 takes a network for a small object and never hurries to
// collect it.
void NetworkObject::report_memory(Napi::BasicEnv env) {
  const std::int64_t bytes =
      state_->network ? static_cast<std::int64_t>(state_->network->bytes()) : 0;
  if (bytes != state_->reported_bytes) {
    Napi::MemoryManagement::AdjustExternalMemory(env, bytes - state_->reported_bytes);
    state_->reported_bytes = bytes;
  }
}

Napi::Value NetworkObject::run(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Network& model = network(env);
  const NetworkOptions& options = model.options();
  const std::size_t rows =
      static_cast<std::size_t>(integer(info[2], "rows", 0, std::uint64_t{1} << 40));
  RunRequest request;
  request.rows = rows;
  read_base(info[0], rows * options.base_size, &request);
  request.side_info = float_view(info[1], "sideInfo", rows * options.side_info_size).data;
  request.targets = read_targets(info[3], rows);
  if (info[4].IsNumber()) {
    request.rate = static_cast<float>(number(info[4], "rates"));
  } else {
    request.rates = float_view(info[4], "rates", rows).data;
  }
  if (given(info[5])) request.classes = uint32_view(info[5], "classes", rows).data;
  if (given(info[6])) {
    request.probabilities = float_view(info[6], "probabilities", rows * options.networks).data;
  }
  if (given(info[7])) request.logits = float_view(info[7], "logits", rows * options.networks).data;
  if (request.targets) {
    const double bad = first_bad_target(request.targets, rows, model.class_count());
    if (bad != kNothingWrong) return Napi::Number::New(env, bad);
  }
  guarded(env, [&] { model.run(request); });
  report_memory(env);
  return Napi::Number::New(env, kNothingWrong);
}

void NetworkObject::bind(const Napi::CallbackInfo& info) {
  const NetworkOptions& options = network(info.Env()).options();
  state_->bound_base = float_view(info[0], "base", options.base_size).data;
  state_->bound_side_info = float_view(info[1], "sideInfo", options.side_info_size).data;
  state_->bound_probabilities = float_view(info[2], "probabilities", options.networks).data;
  // The function must not outlive the arrays that it reads.
  Napi::Object function = info.This().As<Napi::Object>().Get("runBound").As<Napi::Object>();
  for (std::uint32_t i = 0; i < 3; ++i) function.Set(i, info[i]);
}

void NetworkObject::layer_logits(const Napi::CallbackInfo& info) {
  Network& model = network(info.Env());
  const NetworkOptions& options = model.options();
  RunRequest request;
  request.rows = 1;
  read_base(info[0], options.base_size, &request);
  request.side_info = float_view(info[1], "sideInfo", options.side_info_size).data;
  model.layer_logits(request, float_view(info[2], "out", model.neuron_count()).data);
}

void NetworkObject::contexts(const Napi::CallbackInfo& info) {
  Network& model = network(info.Env());
  const float* side_info = float_view(info[0], "sideInfo", model.options().side_info_size).data;
  model.contexts(side_info, uint32_view(info[1], "out", model.neuron_count()).data);
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
  model.get_layer(layer, weights.Data(), hyperplanes.Data(), bias.Data());
  Napi::Object result = Napi::Object::New(env);
  result.Set("weights", weights);
  result.Set("hyperplanes", hyperplanes);
  result.Set("hyperplaneBias", bias);
  return result;
}

void NetworkObject::set_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Network& model = network(env);
  const std::size_t layer = integer(info[0], "layer", 0, model.layer_count() - 1);
  const LayerLengths lengths = layer_lengths(model, layer);
  if (model.options().hadamard) {
    throw make_error(env, "ERR_GLN_OPTION", "structured hyperplanes cannot be set");
  }
  if (!info[1].IsObject()) throw make_error(env, "ERR_GLN_TYPE", "parameters: expected an object");
  const Napi::Object from = info[1].As<Napi::Object>();
  const float* weights = float_view(from.Get("weights"), "weights", lengths.weights).data;
  const float* hyperplanes =
      float_view(from.Get("hyperplanes"), "hyperplanes", lengths.hyperplanes).data;
  const float* bias = float_view(from.Get("hyperplaneBias"), "hyperplaneBias", lengths.bias).data;
  guarded(env, [&] { model.set_layer(layer, weights, hyperplanes, bias); });
  report_memory(env);
}

void NetworkObject::dispose(const Napi::CallbackInfo& info) {
  state_->network.reset();
  state_->bound_base = nullptr;
  report_memory(info.Env());
}

Napi::Value NetworkObject::rows_seen(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(network(info.Env()).rows_seen()));
}

void NetworkObject::set_rows_seen(const Napi::CallbackInfo& info, const Napi::Value& value) {
  network(info.Env()).set_rows_seen(integer(value, "rowsSeen", 0, (std::uint64_t{1} << 53) - 1));
}

Napi::Value NetworkObject::memory(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const double bytes = state_->network ? static_cast<double>(state_->network->bytes()) : 0.0;
  return Napi::Number::New(env, bytes);
}

}  // namespace gln::binding

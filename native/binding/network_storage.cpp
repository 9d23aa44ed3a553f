// What a network is saved as, as typed arrays. Types are checked with the lengths,
// and what the arrays hold by the core: files come from anywhere.
#include "binding/arguments.hpp"
#include "binding/network_object.hpp"

namespace gln::binding {
namespace {

struct PlaneLengths {
  std::size_t values;
  std::size_t bias;
};

PlaneLengths plane_lengths(const Network& model, std::size_t layer) {
  const std::size_t planes = model.layer_shape(layer).gated * model.options().context_map_size;
  return {planes * model.options().side_info_size, planes};
}

std::size_t layer_index(const Napi::Value& value, const Network& model) {
  return integer(value, "layer", 0, model.layer_count() - 1);
}

}  // namespace

Napi::Value NetworkObject::get_rows(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Network& model = network(env);
  const Visit visit(*state_);
  const std::size_t layer = layer_index(info[0], model);
  const Network::LayerShape shape = model.layer_shape(layer);
  const std::size_t rows = model.learned_rows(layer);
  Napi::BigInt64Array which = Napi::BigInt64Array::New(env, rows);
  Napi::Float32Array weights = Napi::Float32Array::New(env, rows * shape.inputs);
  Napi::Float32Array bounds =
      Napi::Float32Array::New(env, model.options().networks * shape.neurons);
  model.get_rows(layer, which.Data(), weights.Data(), bounds.Data());
  Napi::Object result = Napi::Object::New(env);
  result.Set("which", which);
  result.Set("weights", weights);
  result.Set("bounds", bounds);
  return result;
}

void NetworkObject::set_rows(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Network& model = idle_network(env);
  const std::size_t layer = layer_index(info[0], model);
  const Network::LayerShape shape = model.layer_shape(layer);
  const Napi::Object from = object_argument(info[1], "state");
  const Napi::Value given = from.Get("which");
  const std::size_t rows = given.IsTypedArray() ? given.As<Napi::TypedArray>().ElementLength() : 0;
  const auto* which = exact_view<std::int64_t>(given, "which", napi_bigint64_array, rows);
  const auto* weights =
      exact_view<float>(from.Get("weights"), "weights", napi_float32_array, rows * shape.inputs);
  const auto* bounds = exact_view<float>(from.Get("bounds"), "bounds", napi_float32_array,
                                         model.options().networks * shape.neurons);
  guarded(env, [&] {
    const char* wrong = model.set_rows(layer, which, rows, weights, bounds);
    if (wrong != nullptr) {
      throw make_error(env, "ERR_GLN_FORMAT", "layers." + std::to_string(layer) + "." + wrong);
    }
  });
  report_memory(env, *state_);
}

Napi::Value NetworkObject::get_planes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Network& model = network(env);
  const Visit visit(*state_);
  Napi::Object result = Napi::Object::New(env);
  if (model.options().hadamard) {
    HadamardPlanes& planes = model.gates().structured();
    Napi::Int8Array signs = Napi::Int8Array::New(env, planes.sign_count());
    Napi::Float32Array bias = Napi::Float32Array::New(env, planes.plane_count());
    Napi::Float32Array thresholds = Napi::Float32Array::New(env, planes.plane_count());
    planes.get_random(signs.Data(), bias.Data(), thresholds.Data());
    result.Set("signs", signs);
    result.Set("bias", bias);
    result.Set("thresholds", thresholds);
    return result;
  }
  const std::size_t layer = layer_index(info[0], model);
  const PlaneLengths lengths = plane_lengths(model, layer);
  Napi::Float32Array hyperplanes = Napi::Float32Array::New(env, lengths.values);
  Napi::Float32Array bias = Napi::Float32Array::New(env, lengths.bias);
  model.get_planes(layer, hyperplanes.Data(), bias.Data());
  result.Set("hyperplanes", hyperplanes);
  result.Set("hyperplaneBias", bias);
  return result;
}

void NetworkObject::set_planes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Network& model = idle_network(env);
  const Napi::Object from = object_argument(info[1], "state");
  if (model.options().hadamard) {
    HadamardPlanes& planes = model.gates().structured();
    const auto* signs =
        exact_view<std::int8_t>(from.Get("signs"), "signs", napi_int8_array, planes.sign_count());
    const auto* bias =
        exact_view<float>(from.Get("bias"), "bias", napi_float32_array, planes.plane_count());
    const auto* thresholds = exact_view<float>(from.Get("thresholds"), "thresholds",
                                               napi_float32_array, planes.plane_count());
    if (!planes.set_random(signs, bias, thresholds)) {
      throw make_error(env, "ERR_GLN_FORMAT", "gates.signs: expected 1 and -1 alone");
    }
    return;
  }
  const std::size_t layer = layer_index(info[0], model);
  const PlaneLengths lengths = plane_lengths(model, layer);
  const auto* hyperplanes =
      exact_view<float>(from.Get("hyperplanes"), "hyperplanes", napi_float32_array, lengths.values);
  const auto* bias = exact_view<float>(from.Get("hyperplaneBias"), "hyperplaneBias",
                                       napi_float32_array, lengths.bias);
  model.set_planes(layer, hyperplanes, bias);
}

}  // namespace gln::binding

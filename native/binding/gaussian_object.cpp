#include "binding/gaussian_object.hpp"

#include <algorithm>
#include <string>

#include "binding/gaussian_options.hpp"

namespace gln::binding {
namespace {

// Numbers of a layer's parameter arrays.
struct LayerLengths {
  std::size_t weights;
  std::size_t hyperplanes;
  std::size_t bias;
};

LayerLengths layer_lengths(const GaussianNetwork& model, std::size_t layer) {
  const GaussianOptions& options = model.options();
  const GaussianNetwork::LayerShape shape = model.layer_shape(layer);
  const std::size_t planes = shape.neurons * options.context_map_size;
  return {shape.neurons * shape.contexts * shape.inputs, planes * options.side_info_size, planes};
}

std::size_t layer_index(const Napi::Value& value, const GaussianNetwork& model) {
  return integer(value, "layer", 0, model.layer_count() - 1);
}

void read_rows(const Napi::Value& base, const Napi::Value& side_info,
               const GaussianOptions& options, std::size_t rows, RunRequest* request) {
  request->rows = rows;
  request->side_info = float_view(side_info, "sideInfo", rows * options.side_input_size).data;
  const std::size_t length = rows * options.input_size;
  const bool doubles =
      base.IsTypedArray() && base.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array;
  if (doubles && options.base_stages.empty()) {
    request->precise_base = double_view(base, "base", length).data;
  } else {
    request->base = float_view(base, "base", length).data;
  }
}

}  // namespace

Napi::Function GaussianObject::define(Napi::Env env, const KernelTable* kernels) {
  std::vector<Property> properties = shared_properties();
  properties.insert(
      properties.end(),
      {
          InstanceMethod<&GaussianObject::layer_predictions>("layerPredictions"),
          InstanceMethod<&GaussianObject::contexts>("contexts"),
          InstanceMethod<&GaussianObject::explain>("explain"),
          InstanceMethod<&GaussianObject::get_layer>("getLayer"),
          InstanceMethod<&GaussianObject::set_layer>("setLayer"),
          InstanceMethod<&GaussianObject::get_rows>("getRows"),
          InstanceMethod<&GaussianObject::set_rows>("setRows"),
          InstanceMethod<&GaussianObject::get_planes>("getPlanes"),
          InstanceMethod<&GaussianObject::set_planes>("setPlanes"),
          InstanceAccessor<&GaussianObject::statistics, &GaussianObject::set_statistics>(
              "statistics"),
          InstanceAccessor<&GaussianObject::mixture, &GaussianObject::set_mixture>("mixture"),
      });
  return DefineClass(env, "GaussianNetwork", properties, const_cast<KernelTable*>(kernels));
}

GaussianObject::GaussianObject(const Napi::CallbackInfo& info) : ModelObject(info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) {
    throw make_error(env, "ERR_GLN_TYPE", "options: expected an object");
  }
  const GaussianOptions options = read_gaussian_options(info[0].As<Napi::Object>());
  const auto* kernels = static_cast<const KernelTable*>(info.Data());
  hold(env, guarded(env, [&] { return std::make_shared<GaussianNetwork>(options, *kernels); }));
}

// base, sideInfo, rows, targets, rates, means, variances.
RunRequest GaussianObject::read_request(const Napi::CallbackInfo& info) {
  const std::size_t rows =
      static_cast<std::size_t>(integer(info[2], "rows", 0, std::uint64_t{1} << 40));
  RunRequest request;
  read_rows(info[0], info[1], network(info.Env()).options(), rows, &request);
  request.targets = read_real_targets(info[3], rows);
  if (info[4].IsNumber()) {
    request.rate = number(info[4], "rates");
  } else {
    request.rates = float_view(info[4], "rates", rows).data;
  }
  request.means = double_view(info[5], "means", rows).data;
  request.variances = double_view(info[6], "variances", rows).data;
  return request;
}

double GaussianObject::first_bad(const RunRequest& request) {
  return first_bad_real_target(request, kLargestFloat);
}

void GaussianObject::layer_predictions(const Napi::CallbackInfo& info) {
  GaussianNetwork& model = network(info.Env());
  RunRequest request;
  read_rows(info[0], info[1], model.options(), 1, &request);
  double* means = double_view(info[2], "means", model.neuron_count()).data;
  double* variances = double_view(info[3], "variances", model.neuron_count()).data;
  const Visit visit(*state_);
  guarded(info.Env(), [&] { model.layer_predictions(request, means, variances); });
}

void GaussianObject::contexts(const Napi::CallbackInfo& info) {
  GaussianNetwork& model = network(info.Env());
  RunRequest request;
  read_rows(info[0], info[1], model.options(), 1, &request);
  std::uint32_t* out = uint32_view(info[2], "out", model.neuron_count()).data;
  const Visit visit(*state_);
  guarded(info.Env(), [&] { model.contexts(request, out); });
}

Napi::Value GaussianObject::explain(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  GaussianNetwork& model = network(env);
  RunRequest request;
  read_rows(info[0], info[1], model.options(), 1, &request);
  const std::size_t size = model.options().base_size;
  double* weights = double_view(info[2], "weights", size).data;
  double* base_means = double_view(info[3], "baseMeans", size).data;
  double mean = 0.0;
  double constant = 0.0;
  {
    const Visit visit(*state_);
    guarded(env, [&] { constant = model.explain(request, weights, base_means, &mean); });
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("mean", mean);
  result.Set("constant", constant);
  return result;
}

Napi::Value GaussianObject::get_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  GaussianNetwork& model = network(env);
  const std::size_t layer = layer_index(info[0], model);
  const LayerLengths lengths = layer_lengths(model, layer);
  Napi::Float64Array weights = Napi::Float64Array::New(env, lengths.weights);
  Napi::Float32Array hyperplanes = Napi::Float32Array::New(env, lengths.hyperplanes);
  Napi::Float32Array bias = Napi::Float32Array::New(env, lengths.bias);
  const Visit visit(*state_);
  model.get_weights(layer, weights.Data());
  model.get_planes(layer, hyperplanes.Data(), bias.Data());
  Napi::Object result = Napi::Object::New(env);
  result.Set("weights", weights);
  result.Set("hyperplanes", hyperplanes);
  result.Set("hyperplaneBias", bias);
  return result;
}

void GaussianObject::set_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  GaussianNetwork& model = idle_network(env);
  const std::size_t layer = layer_index(info[0], model);
  const LayerLengths lengths = layer_lengths(model, layer);
  const Napi::Object from = object_argument(info[1], "parameters");
  const double* weights = double_view(from.Get("weights"), "weights", lengths.weights).data;
  const float* hyperplanes =
      float_view(from.Get("hyperplanes"), "hyperplanes", lengths.hyperplanes).data;
  const float* bias = float_view(from.Get("hyperplaneBias"), "hyperplaneBias", lengths.bias).data;
  guarded(env, [&] { model.set_weights(layer, weights); });
  model.set_planes(layer, hyperplanes, bias);
  report_memory(env, *state_);
}

Napi::Value GaussianObject::get_rows(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  GaussianNetwork& model = network(env);
  const Visit visit(*state_);
  const std::size_t layer = layer_index(info[0], model);
  const std::size_t rows = model.learned_rows(layer);
  Napi::BigInt64Array which = Napi::BigInt64Array::New(env, rows);
  Napi::Float64Array weights = Napi::Float64Array::New(env, rows * model.layer_shape(layer).inputs);
  model.get_rows(layer, which.Data(), weights.Data());
  Napi::Object result = Napi::Object::New(env);
  result.Set("which", which);
  result.Set("weights", weights);
  return result;
}

void GaussianObject::set_rows(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  GaussianNetwork& model = idle_network(env);
  const std::size_t layer = layer_index(info[0], model);
  const Napi::Object from = object_argument(info[1], "state");
  const Napi::Value given = from.Get("which");
  const std::size_t rows = given.IsTypedArray() ? given.As<Napi::TypedArray>().ElementLength() : 0;
  const auto* which = exact_view<std::int64_t>(given, "which", napi_bigint64_array, rows);
  const auto* weights = exact_view<double>(from.Get("weights"), "weights", napi_float64_array,
                                           rows * model.layer_shape(layer).inputs);
  guarded(env, [&] {
    const char* wrong = model.set_rows(layer, which, rows, weights);
    if (wrong != nullptr) {
      throw make_error(env, "ERR_GLN_FORMAT", "layers." + std::to_string(layer) + "." + wrong);
    }
  });
  report_memory(env, *state_);
}

Napi::Value GaussianObject::get_planes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  GaussianNetwork& model = network(env);
  const Visit visit(*state_);
  const std::size_t layer = layer_index(info[0], model);
  const LayerLengths lengths = layer_lengths(model, layer);
  Napi::Float32Array hyperplanes = Napi::Float32Array::New(env, lengths.hyperplanes);
  Napi::Float32Array bias = Napi::Float32Array::New(env, lengths.bias);
  model.get_planes(layer, hyperplanes.Data(), bias.Data());
  Napi::Object result = Napi::Object::New(env);
  result.Set("hyperplanes", hyperplanes);
  result.Set("hyperplaneBias", bias);
  return result;
}

void GaussianObject::set_planes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  GaussianNetwork& model = idle_network(env);
  const std::size_t layer = layer_index(info[0], model);
  const LayerLengths lengths = layer_lengths(model, layer);
  const Napi::Object from = object_argument(info[1], "state");
  const auto* hyperplanes = exact_view<float>(from.Get("hyperplanes"), "hyperplanes",
                                              napi_float32_array, lengths.hyperplanes);
  const auto* bias = exact_view<float>(from.Get("hyperplaneBias"), "hyperplaneBias",
                                       napi_float32_array, lengths.bias);
  model.set_planes(layer, hyperplanes, bias);
}

Napi::Value GaussianObject::statistics(const Napi::CallbackInfo& info) {
  StatisticsLog& statistics = network(info.Env()).statistics();
  Napi::Float64Array values = Napi::Float64Array::New(info.Env(), statistics.size());
  const Visit visit(*state_);
  statistics.get(values.Data());
  return values;
}

void GaussianObject::set_statistics(const Napi::CallbackInfo& info, const Napi::Value& value) {
  StatisticsLog& statistics = idle_network(info.Env()).statistics();
  statistics.set(double_view(value, "statistics", statistics.size()).data);
}

Napi::Value GaussianObject::mixture(const Napi::CallbackInfo& info) {
  const SwitchingMixture& mixture = network(info.Env()).mixture();
  Napi::Float64Array weights = Napi::Float64Array::New(info.Env(), mixture.experts());
  const Visit visit(*state_);
  std::copy(mixture.weights(), mixture.weights() + mixture.experts(), weights.Data());
  return weights;
}

void GaussianObject::set_mixture(const Napi::CallbackInfo& info, const Napi::Value& value) {
  SwitchingMixture& mixture = idle_network(info.Env()).mixture();
  if (!mixture.set(double_view(value, "mixture", mixture.experts()).data)) {
    throw make_error(info.Env(), "ERR_GLN_FORMAT",
                     "mixture: expected numbers of at least 0 that sum to 1");
  }
}

}  // namespace gln::binding

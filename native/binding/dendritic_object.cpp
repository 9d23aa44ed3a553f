#include "binding/dendritic_object.hpp"

#include "binding/shared_options.hpp"
#include "binding/stage_options.hpp"

namespace gln::binding {
namespace {

// How many numbers the network would have.
double total_size(const DendriticOptions& options) {
  const double branches = static_cast<double>(options.branches);
  const double values = static_cast<double>(options.value_size);
  double inputs = values;
  double total = inputs;
  for (const std::size_t neurons : options.layer_sizes) {
    const double all = static_cast<double>(options.networks) * static_cast<double>(neurons);
    total += all * branches * (inputs + values + 2 * kLaneCount);
    inputs = static_cast<double>(neurons);
  }
  return total;
}

DendriticOptions read_options(const Napi::Object& from) {
  const Napi::Env env = from.Env();
  const auto size = [&](const char* name, std::uint64_t least, std::uint64_t most) {
    return static_cast<std::size_t>(integer(from.Get(name), name, least, most));
  };
  DendriticOptions options;
  options.input_size = options.value_size = size("inputSize", 1, kLargestSize);
  options.stages = read_stages(from.Get("stages"), &options.value_size);
  options.networks = size("networks", 1, kLargestSize);
  options.branches = size("branches", 1, kMostBranches);
  options.shared_weights = boolean(from.Get("sharedWeights"), "sharedWeights");
  options.regression = boolean(from.Get("regression"), "regression");
  options.standardize_targets = boolean(from.Get("standardizeTargets"), "standardizeTargets");
  options.bias = boolean(from.Get("bias"), "bias");
  options.gate_bias = number(from.Get("gateBias"), "gateBias");
  options.pred_clipping = number(from.Get("predClipping"), "predClipping");
  options.weight_clipping = number(from.Get("weightClipping"), "weightClipping");
  options.seed = integer(from.Get("seed"), "seed", 0, kLargestSeed);
  options.threads = size("threads", 1, kLargestThreads);
  options.randomize = boolean(from.Get("randomize"), "randomize");
  if (!(options.pred_clipping > 0.0 && options.pred_clipping < 0.5)) {
    throw make_error(env, "ERR_GLN_OPTION", "predClipping: expected a number in (0, 0.5)");
  }
  if (!(options.weight_clipping > 0.0)) {
    throw make_error(env, "ERR_GLN_OPTION", "weightClipping: expected a positive number");
  }
  if (options.regression ? options.networks > 1 : options.standardize_targets) {
    throw make_error(env, "ERR_GLN_OPTION", "regression: expected one network that says so");
  }
  options.layer_sizes = read_layer_sizes(from);
  check_total_size(env, total_size(options));
  return options;
}

// Floats of a layer's parameter arrays.
struct LayerLengths {
  std::size_t weights;
  std::size_t hyperplanes;
  std::size_t bias;
};

LayerLengths layer_lengths(const DendriticNetwork& model, std::size_t layer) {
  const DendriticNetwork::LayerShape shape = model.layer_shape(layer);
  const std::size_t branches = shape.neurons * model.options().branches;
  return {branches * shape.inputs, branches * model.options().value_size, branches};
}

}  // namespace

Napi::Function DendriticObject::define(Napi::Env env, const KernelTable* kernels) {
  std::vector<Property> properties = shared_properties();
  properties.insert(
      properties.end(),
      {
          InstanceMethod<&DendriticObject::get_layer>("getLayer"),
          InstanceMethod<&DendriticObject::set_layer>("setLayer"),
          InstanceAccessor<&DendriticObject::statistics, &DendriticObject::set_statistics>(
              "statistics"),
      });
  return DefineClass(env, "DendriticNetwork", properties, const_cast<KernelTable*>(kernels));
}

DendriticObject::DendriticObject(const Napi::CallbackInfo& info) : ModelObject(info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) {
    throw make_error(env, "ERR_GLN_TYPE", "options: expected an object");
  }
  const DendriticOptions options = read_options(info[0].As<Napi::Object>());
  const auto* kernels = static_cast<const KernelTable*>(info.Data());
  hold(env, guarded(env, [&] { return std::make_shared<DendriticNetwork>(options, *kernels); }));
}

// input, rows, targets, rates, classes, predictions.
RunRequest DendriticObject::read_request(const Napi::CallbackInfo& info) {
  const DendriticOptions& options = network(info.Env()).options();
  RunRequest request;
  request.rows = static_cast<std::size_t>(integer(info[1], "rows", 0, std::uint64_t{1} << 32));
  request.base = float_view(info[0], "input", request.rows * options.input_size).data;
  request.targets = options.regression ? read_real_targets(info[2], request.rows)
                                       : read_class_targets(info[2], request.rows);
  read_rates(info[3], &request);
  if (options.regression) {
    request.means = double_view(info[5], "predictions", request.rows).data;
    return request;
  }
  if (given(info[4])) request.classes = uint32_view(info[4], "classes", request.rows).data;
  if (given(info[5])) {
    request.probabilities =
        float_view(info[5], "predictions", request.rows * options.networks).data;
  }
  return request;
}

double DendriticObject::first_bad(const RunRequest& request) {
  const DendriticNetwork& model = network(Env());
  return model.options().regression ? first_bad_real_target(request, kLargestTarget)
                                    : first_bad_target(request, model.class_count());
}

Napi::Value DendriticObject::get_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const DendriticNetwork& model = network(env);
  const std::size_t layer = integer(info[0], "layer", 0, model.layer_count() - 1);
  const LayerLengths lengths = layer_lengths(model, layer);
  Napi::Float32Array weights = Napi::Float32Array::New(env, lengths.weights);
  Napi::Float32Array hyperplanes = Napi::Float32Array::New(env, lengths.hyperplanes);
  Napi::Float32Array bias = Napi::Float32Array::New(env, lengths.bias);
  const Visit visit(*state_);
  model.get_layer(layer, weights.Data(), hyperplanes.Data(), bias.Data());
  Napi::Object result = Napi::Object::New(env);
  result.Set("weights", weights);
  result.Set("hyperplanes", hyperplanes);
  result.Set("hyperplaneBias", bias);
  return result;
}

void DendriticObject::set_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  DendriticNetwork& model = idle_network(env);
  const std::size_t layer = integer(info[0], "layer", 0, model.layer_count() - 1);
  const LayerLengths lengths = layer_lengths(model, layer);
  if (!info[1].IsObject()) throw make_error(env, "ERR_GLN_TYPE", "parameters: expected an object");
  const Napi::Object from = info[1].As<Napi::Object>();
  const float* weights = float_view(from.Get("weights"), "weights", lengths.weights).data;
  const float* hyperplanes =
      float_view(from.Get("hyperplanes"), "hyperplanes", lengths.hyperplanes).data;
  const float* bias = float_view(from.Get("hyperplaneBias"), "hyperplaneBias", lengths.bias).data;
  model.set_layer(layer, weights, hyperplanes, bias);
}

Napi::Value DendriticObject::statistics(const Napi::CallbackInfo& info) {
  StatisticsLog& statistics = network(info.Env()).statistics();
  Napi::Float64Array values = Napi::Float64Array::New(info.Env(), statistics.size());
  const Visit visit(*state_);
  statistics.get(values.Data());
  return values;
}

void DendriticObject::set_statistics(const Napi::CallbackInfo& info, const Napi::Value& value) {
  StatisticsLog& statistics = idle_network(info.Env()).statistics();
  statistics.set(double_view(value, "statistics", statistics.size()).data);
}

}  // namespace gln::binding

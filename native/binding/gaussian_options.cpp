#include "binding/gaussian_options.hpp"

#include <string>

#include "binding/arguments.hpp"
#include "binding/stage_options.hpp"
#include "core/options.hpp"

namespace gln::binding {
namespace {

constexpr std::uint64_t kLargestSize = std::uint64_t{1} << 31;
constexpr std::uint64_t kLargestSeed = (std::uint64_t{1} << 53) - 1;
constexpr std::uint64_t kLargestThreads = 1024;
constexpr double kSmallestVariance = 1e-12;
constexpr double kLargestVariance = 1e12;
constexpr double kLargestWeight = 1e6;
constexpr double kLargestMean = 1e60;

// Sizes are products of the options; none may come near the range of size_t.
void check_total_size(Napi::Env env, const GaussianOptions& options) {
  constexpr double kLargestTotal = 1e13;
  const double contexts = static_cast<double>(std::size_t{1} << options.context_map_size);
  const double planes =
      static_cast<double>(options.context_map_size) * static_cast<double>(options.side_info_size);
  double inputs = static_cast<double>(options.base_size);
  double total = inputs;
  for (const std::size_t neurons : options.layer_sizes) {
    inputs += static_cast<double>(options.bias_length + kDoubleLanes);
    total += static_cast<double>(neurons) * (contexts * inputs + planes + kChainRows);
    inputs = static_cast<double>(neurons);
  }
  if (!(total < kLargestTotal)) {
    throw make_error(env, "ERR_GLN_MEMORY", "a network of that size has no room in any memory");
  }
}

// Means and gradients stay finite while these are what is allowed.
double within(const Napi::Object& from, const char* name, double least, double most) {
  const double value = number(from.Get(name), name);
  if (!(value >= least && value <= most)) {
    throw make_error(from.Env(), "ERR_GLN_OPTION",
                     std::string(name) + ": expected a number in its range");
  }
  return value;
}

}  // namespace

GaussianOptions read_gaussian_options(const Napi::Object& from) {
  const Napi::Env env = from.Env();
  const auto size = [&](const char* name, std::uint64_t least, std::uint64_t most) {
    return static_cast<std::size_t>(integer(from.Get(name), name, least, most));
  };
  GaussianOptions options;
  options.input_size = options.base_size = size("inputSize", 1, kLargestSize);
  options.side_input_size = options.side_info_size = size("sideInputSize", 1, kLargestSize);
  options.base_stages = read_stages(from.Get("baseStages"), &options.base_size);
  options.side_stages = read_stages(from.Get("sideStages"), &options.side_info_size);
  options.side_from_base = boolean(from.Get("sideFromBase"), "sideFromBase");
  if (options.side_from_base) options.side_info_size = options.base_size;
  options.context_map_size = size("contextMapSize", 0, kLargestContextMapSize);
  options.context_bias = boolean(from.Get("contextBias"), "contextBias");
  options.context_bias_scale = number(from.Get("contextBiasScale"), "contextBiasScale");
  options.gate_features = size("gateFeatures", 0, kLargestSize);
  options.bias_length = size("biasLength", 0, kLargestSize);
  options.bias_max_mean = within(from, "biasMaxMean", -kLargestFloat, kLargestFloat);
  options.bias_variance = within(from, "biasVariance", kSmallestVariance, kLargestVariance);
  options.input_variance = within(from, "inputVariance", kSmallestVariance, kLargestVariance);
  options.min_variance = within(from, "minVariance", kSmallestVariance, kLargestVariance);
  options.max_variance = within(from, "maxVariance", options.min_variance, kLargestVariance);
  options.largest_mean = within(from, "largestMean", 0.0, kLargestMean);
  options.least_weight = within(from, "leastWeight", -kLargestWeight, kLargestWeight);
  options.largest_weight = within(from, "largestWeight", options.least_weight, kLargestWeight);
  options.standardize_targets = boolean(from.Get("standardizeTargets"), "standardizeTargets");
  options.robust = boolean(from.Get("robust"), "robust");
  options.switching = boolean(from.Get("switching"), "switching");
  options.seed = integer(from.Get("seed"), "seed", 0, kLargestSeed);
  options.threads = size("threads", 1, kLargestThreads);
  options.randomize = boolean(from.Get("randomize"), "randomize");

  const Napi::Value sizes = from.Get("layerSizes");
  if (!sizes.IsArray()) throw make_error(env, "ERR_GLN_TYPE", "layerSizes: expected an array");
  const Napi::Array layers = sizes.As<Napi::Array>();
  for (std::uint32_t i = 0; i < layers.Length(); ++i) {
    options.layer_sizes.push_back(
        static_cast<std::size_t>(integer(layers.Get(i), "layerSizes", 1, kLargestSize)));
  }
  if (options.layer_sizes.empty() || options.layer_sizes.back() != 1) {
    throw make_error(env, "ERR_GLN_OPTION", "layerSizes: expected the last layer to be 1");
  }
  const Napi::Value rates = from.Get("layerRates");
  if (given(rates)) {
    const Napi::Array factors = rates.IsArray() ? rates.As<Napi::Array>() : Napi::Array::New(env);
    for (std::uint32_t i = 0; i < factors.Length(); ++i) {
      options.layer_rates.push_back(number(factors.Get(i), "layerRates"));
    }
    if (options.layer_rates.size() != options.layer_sizes.size()) {
      throw make_error(env, "ERR_GLN_OPTION", "layerRates: expected one number a layer");
    }
  }
  check_total_size(env, options);
  return options;
}

}  // namespace gln::binding

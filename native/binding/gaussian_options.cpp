#include "binding/gaussian_options.hpp"

#include <string>

#include "binding/arguments.hpp"
#include "binding/shared_options.hpp"
#include "binding/stage_options.hpp"
#include "core/options.hpp"

namespace gln::binding {
namespace {

constexpr double kSmallestVariance = 1e-12;
constexpr double kLargestVariance = 1e12;
constexpr double kLargestWeight = 1e6;
constexpr double kLargestMean = 1e60;

// How many numbers the network would have.
double total_size(const GaussianOptions& options) {
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
  return total;
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

  options.layer_sizes = read_layer_sizes(from);
  options.layer_rates = read_layer_rates(from, options.layer_sizes.size());
  check_total_size(env, total_size(options));
  return options;
}

}  // namespace gln::binding

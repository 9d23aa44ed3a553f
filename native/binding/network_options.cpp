#include "binding/network_options.hpp"

#include "binding/arguments.hpp"
#include "binding/shared_options.hpp"
#include "binding/stage_options.hpp"

namespace gln::binding {
namespace {

// How many numbers the network would have.
double total_size(const NetworkOptions& options) {
  const double contexts = static_cast<double>(std::size_t{1} << options.context_map_size);
  const double planes =
      static_cast<double>(options.context_map_size) * static_cast<double>(options.side_info_size);
  double inputs = static_cast<double>(options.base_size);
  double total = inputs;
  for (const std::size_t neurons : options.layer_sizes) {
    const double all = static_cast<double>(options.networks) * static_cast<double>(neurons);
    total += all * (contexts * (inputs + kLaneCount) + planes + kChainRows);
    inputs = static_cast<double>(neurons);
  }
  return total;
}

}  // namespace

NetworkOptions read_options(const Napi::Object& from) {
  const Napi::Env env = from.Env();
  const auto size = [&](const char* name, std::uint64_t least, std::uint64_t most) {
    return static_cast<std::size_t>(integer(from.Get(name), name, least, most));
  };
  NetworkOptions options;
  options.input_size = options.base_size = size("inputSize", 1, kLargestSize);
  options.side_input_size = options.side_info_size = size("sideInputSize", 1, kLargestSize);
  options.base_stages = read_stages(from.Get("baseStages"), &options.base_size);
  options.side_stages = read_stages(from.Get("sideStages"), &options.side_info_size);
  options.side_from_base = boolean(from.Get("sideFromBase"), "sideFromBase");
  if (options.side_from_base) options.side_info_size = options.base_size;
  options.networks = size("networks", 1, kLargestSize);
  options.context_map_size = size("contextMapSize", 0, kLargestContextMapSize);
  options.threads = size("threads", 1, kLargestThreads);
  options.seed = integer(from.Get("seed"), "seed", 0, kLargestSeed);
  options.base_predictor = static_cast<BasePredictor>(size("basePredictor", 0, 2));
  options.bias = boolean(from.Get("bias"), "bias");
  options.context_bias = boolean(from.Get("contextBias"), "contextBias");
  options.share_contexts = boolean(from.Get("shareContexts"), "shareContexts");
  options.gate_features = size("gateFeatures", 0, kLargestSize);
  options.hadamard = boolean(from.Get("hadamard"), "hadamard");
  options.always_chained = boolean(from.Get("alwaysChained"), "alwaysChained");
  options.batch = boolean(from.Get("batch"), "batch");
  options.switching = boolean(from.Get("switching"), "switching");
  options.randomize = boolean(from.Get("randomize"), "randomize");
  options.context_bias_scale = number(from.Get("contextBiasScale"), "contextBiasScale");
  options.pred_clipping = number(from.Get("predClipping"), "predClipping");
  options.weight_clipping = number(from.Get("weightClipping"), "weightClipping");
  if (!(options.pred_clipping > 0.0 && options.pred_clipping < 0.5)) {
    throw make_error(env, "ERR_GLN_OPTION", "predClipping: expected a number in (0, 0.5)");
  }
  if (!(options.weight_clipping > 0.0)) {
    throw make_error(env, "ERR_GLN_OPTION", "weightClipping: expected a positive number");
  }

  options.layer_sizes = read_layer_sizes(from);
  const std::vector<double> rates = read_layer_rates(from, options.layer_sizes.size());
  options.layer_rates.assign(rates.begin(), rates.end());
  options.averaged_layers = size("averagedLayers", 0, options.layer_sizes.size() - 1);
  check_total_size(env, total_size(options));
  return options;
}

}  // namespace gln::binding

#include "binding/shared_options.hpp"

#include "binding/arguments.hpp"

namespace gln::binding {

std::vector<std::size_t> read_layer_sizes(const Napi::Object& from) {
  const Napi::Env env = from.Env();
  const Napi::Value given_sizes = from.Get("layerSizes");
  if (!given_sizes.IsArray()) {
    throw make_error(env, "ERR_GLN_TYPE", "layerSizes: expected an array");
  }
  const Napi::Array layers = given_sizes.As<Napi::Array>();
  std::vector<std::size_t> sizes;
  for (std::uint32_t i = 0; i < layers.Length(); ++i) {
    sizes.push_back(
        static_cast<std::size_t>(integer(layers.Get(i), "layerSizes", 1, kLargestSize)));
  }
  if (sizes.empty() || sizes.back() != 1) {
    throw make_error(env, "ERR_GLN_OPTION", "layerSizes: expected the last layer to be 1");
  }
  return sizes;
}

std::vector<double> read_layer_rates(const Napi::Object& from, std::size_t layers) {
  const Napi::Env env = from.Env();
  const Napi::Value given_rates = from.Get("layerRates");
  std::vector<double> rates;
  if (!given(given_rates)) return rates;
  const Napi::Array factors =
      given_rates.IsArray() ? given_rates.As<Napi::Array>() : Napi::Array::New(env);
  for (std::uint32_t i = 0; i < factors.Length(); ++i) {
    rates.push_back(number(factors.Get(i), "layerRates"));
  }
  if (rates.size() != layers) {
    throw make_error(env, "ERR_GLN_OPTION", "layerRates: expected one number a layer");
  }
  return rates;
}

void check_total_size(Napi::Env env, double total) {
  constexpr double kLargestTotal = 1e13;
  if (!(total < kLargestTotal)) {
    throw make_error(env, "ERR_GLN_MEMORY", "a network of that size has no room in any memory");
  }
}

}  // namespace gln::binding

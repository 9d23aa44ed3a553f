#include "binding/tensor_functions.hpp"

#include <cmath>

#include "binding/arguments.hpp"
#include "core/tensors/layers.hpp"

namespace gln::binding {
namespace {

using Info = Napi::CallbackInfo;

constexpr std::uint64_t kMostThreads = 1024;
// Of each dimension: the product of two of them does not overflow.
constexpr std::uint64_t kLongestDimension = std::uint64_t{1} << 31;

const TensorKernels& kernels_of(const Info& info) {
  return static_cast<const KernelTable*>(info.Data())->tensors;
}

LayerShape shape_at(const Info& info, std::size_t index) {
  const auto size = [&](std::size_t offset, const char* name) {
    return static_cast<std::size_t>(integer(info[index + offset], name, 1, kLongestDimension));
  };
  return {size(0, "rows"), size(1, "inputs"), size(2, "units")};
}

TensorCall call_at(const Info& info, std::size_t index) {
  const std::uint64_t threads = integer(info[index], "threads", 1, kMostThreads);
  return {kernels_of(info), static_cast<std::size_t>(threads)};
}

Activation activation_at(const Info& info, std::size_t index) {
  return static_cast<Activation>(integer(info[index], "activation", 0, kActivationCount - 1));
}

float* floats(const Napi::Value& value, const char* name, std::size_t length) {
  return float_view(value, name, length).data;
}

float* floats_or_null(const Napi::Value& value, const char* name, std::size_t length) {
  return given(value) ? floats(value, name, length) : nullptr;
}

// A number whose nearest float is finite.
float finite(const Napi::Value& value, const char* name) {
  const double x = number(value, name);
  const auto nearest = static_cast<float>(x);
  if (!std::isfinite(nearest)) {
    throw make_error(value.Env(), "ERR_GLN_OPTION",
                     std::string(name) + ": expected a finite number, got " + std::to_string(x));
  }
  return nearest;
}

void dense(const Info& info) {
  DenseForward layer = {};
  layer.shape = shape_at(info, 3);
  const auto [rows, inputs, units] = layer.shape;
  layer.activation = activation_at(info, 6);
  layer.input = floats(info[0], "input", rows * inputs);
  layer.kernel = floats(info[1], "kernel", inputs * units);
  layer.bias = floats_or_null(info[2], "bias", units);
  layer.output = floats(info[7], "output", rows * units);
  const TensorCall call = call_at(info, 8);
  guarded(info.Env(), [&] { gln::dense(call, layer); });
}

void dense_backward(const Info& info) {
  DenseBackward layer = {};
  layer.shape = shape_at(info, 4);
  const auto [rows, inputs, units] = layer.shape;
  layer.activation = activation_at(info, 7);
  layer.input = floats(info[0], "input", rows * inputs);
  layer.kernel = floats(info[1], "kernel", inputs * units);
  layer.output = floats(info[2], "output", rows * units);
  layer.output_gradient = floats(info[3], "outputGradient", rows * units);
  layer.input_gradient = floats_or_null(info[8], "inputGradient", rows * inputs);
  layer.kernel_gradient = floats(info[9], "kernelGradient", inputs * units);
  layer.bias_gradient = floats_or_null(info[10], "biasGradient", units);
  const TensorCall call = call_at(info, 11);
  guarded(info.Env(), [&] { gln::dense_backward(call, layer); });
}

void gated_linear_unit(const Info& info) {
  GatedForward layer = {};
  layer.shape = shape_at(info, 5);
  const auto [rows, inputs, units] = layer.shape;
  layer.input = floats(info[0], "input", rows * inputs);
  layer.kernel = floats(info[1], "kernel", inputs * units);
  layer.bias = floats_or_null(info[2], "bias", units);
  layer.gate_kernel = floats(info[3], "gateKernel", inputs * units);
  layer.gate_bias = floats_or_null(info[4], "gateBias", units);
  layer.linear = floats_or_null(info[8], "linear", rows * units);
  layer.gate = floats_or_null(info[9], "gate", rows * units);
  layer.output = floats(info[10], "output", rows * units);
  const TensorCall call = call_at(info, 11);
  guarded(info.Env(), [&] { gln::gated_linear_unit(call, layer); });
}

void gated_linear_unit_backward(const Info& info) {
  GatedBackward layer = {};
  layer.shape = shape_at(info, 6);
  const auto [rows, inputs, units] = layer.shape;
  layer.input = floats(info[0], "input", rows * inputs);
  layer.kernel = floats(info[1], "kernel", inputs * units);
  layer.gate_kernel = floats(info[2], "gateKernel", inputs * units);
  layer.linear = floats(info[3], "linear", rows * units);
  layer.gate = floats(info[4], "gate", rows * units);
  layer.output_gradient = floats(info[5], "outputGradient", rows * units);
  layer.input_gradient = floats_or_null(info[9], "inputGradient", rows * inputs);
  layer.kernel_gradient = floats(info[10], "kernelGradient", inputs * units);
  layer.bias_gradient = floats_or_null(info[11], "biasGradient", units);
  layer.gate_kernel_gradient = floats(info[12], "gateKernelGradient", inputs * units);
  layer.gate_bias_gradient = floats_or_null(info[13], "gateBiasGradient", units);
  const TensorCall call = call_at(info, 14);
  guarded(info.Env(), [&] { gln::gated_linear_unit_backward(call, layer); });
}

void activate(const Info& info) {
  const Activation activation = activation_at(info, 0);
  const View<float> input = float_view(info[1], "input", 1);
  float* output = floats(info[2], "output", input.length);
  kernels_of(info).activate(activation, input.data, output, input.length);
}

void activate_backward(const Info& info) {
  const Activation activation = activation_at(info, 0);
  const View<float> output = float_view(info[1], "output", 1);
  const float* output_gradient = floats(info[2], "outputGradient", output.length);
  float* input_gradient = floats(info[3], "inputGradient", output.length);
  kernels_of(info).activation_gradient(activation, output.data, output_gradient, input_gradient,
                                       output.length);
}

void adam(const Info& info) {
  const View<float> parameters = float_view(info[0], "parameters", 1);
  const float* gradients = floats(info[1], "gradients", parameters.length);
  float* mean = floats(info[2], "mean", parameters.length);
  float* variance = floats(info[3], "variance", parameters.length);
  AdamRule rule = {};
  rule.step = finite(info[4], "stepSize");
  // In double precision: 1 - 0.999 as a difference of floats is 5e-5 too small.
  finite(info[5], "beta1");
  rule.mean_share = static_cast<float>(1.0 - number(info[5], "beta1"));
  finite(info[6], "beta2");
  rule.variance_share = static_cast<float>(1.0 - number(info[6], "beta2"));
  rule.epsilon = finite(info[7], "epsilon");
  kernels_of(info).adam(rule, gradients, parameters.data, mean, variance, parameters.length);
}

void sgd(const Info& info) {
  const View<float> parameters = float_view(info[0], "parameters", 1);
  const float* gradients = floats(info[1], "gradients", parameters.length);
  float* velocity = floats_or_null(info[2], "velocity", parameters.length);
  const float rate = finite(info[3], "rate");
  const float momentum = finite(info[4], "momentum");
  kernels_of(info).descend(gradients, parameters.data, velocity, rate, momentum, parameters.length);
}

template <void (*kFunction)(const Info&)>
void set(Napi::Object& object, const char* name, void* data) {
  object.Set(name, Napi::Function::New<kFunction>(object.Env(), name, data));
}

}  // namespace

Napi::Object tensor_functions(Napi::Env env, const KernelTable* kernels) {
  Napi::Object result = Napi::Object::New(env);
  void* data = const_cast<KernelTable*>(kernels);
  set<dense>(result, "dense", data);
  set<dense_backward>(result, "denseBackward", data);
  set<gated_linear_unit>(result, "gatedLinearUnit", data);
  set<gated_linear_unit_backward>(result, "gatedLinearUnitBackward", data);
  set<activate>(result, "activate", data);
  set<activate_backward>(result, "activateBackward", data);
  set<adam>(result, "adam", data);
  set<sgd>(result, "sgd", data);
  return result;
}

}  // namespace gln::binding

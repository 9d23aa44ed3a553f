// The addon's entry: what `require` of the binary returns.

#include <napi.h>

#include <string>

#include "binding/arguments.hpp"
#include "binding/async_calls.hpp"
#include "binding/dendritic_object.hpp"
#include "binding/fit_functions.hpp"
#include "binding/format_functions.hpp"
#include "binding/gaussian_object.hpp"
#include "binding/kernel_functions.hpp"
#include "binding/measure_functions.hpp"
#include "binding/network_object.hpp"
#include "binding/preprocessor_object.hpp"
#include "binding/tensor_functions.hpp"
#include "core/parallel.hpp"
#include "kernels/instruction_sets.hpp"

namespace gln::binding {
namespace {

std::string compiler() {
#if defined(__clang__)
  return std::string("clang ") + __clang_version__;
#elif defined(__GNUC__)
  return std::string("gcc ") + __VERSION__;
#else
  return "unknown";
#endif
}

Napi::Array split(Napi::Env env, const std::string& text) {
  Napi::Array parts = Napi::Array::New(env);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    parts.Set(parts.Length(), text.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return parts;
}

Napi::Value build_info(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto* kernels = static_cast<const KernelTable*>(info.Data());
  Napi::Array available = Napi::Array::New(env);
  for (const KernelTable* table : available_kernels()) {
    available.Set(available.Length(), Napi::String::New(env, table->name));
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("version", GLN_VERSION);
  result.Set("napiVersion", Napi::Number::New(env, NAPI_VERSION));
  result.Set("compiler", compiler());
  result.Set("openmp", Napi::Boolean::New(env, built_with_openmp()));
  result.Set("available", available);
  result.Set("isa", kernels->name);
  result.Set("sources", split(env, GLN_SOURCES));
  return result;
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  std::string problem;
  const KernelTable* kernels = choose_kernels(&problem);
  if (kernels == nullptr) throw make_error(env, "ERR_GLN_ISA", problem);

  // Every thread of JavaScript that loads the addon holds the pool; the last one
  // to go joins its threads.
  retain_threads();
  const napi_status status =
      napi_add_env_cleanup_hook(env, [](void*) { release_threads(); }, nullptr);
  if (status != napi_ok) release_threads();
  AsyncCalls::install(env);

  exports.Set("buildInfo",
              Napi::Function::New<build_info>(env, "buildInfo", const_cast<KernelTable*>(kernels)));
  exports.Set("Network", NetworkObject::define(env, kernels));
  exports.Set("DendriticNetwork", DendriticObject::define(env, kernels));
  exports.Set("GaussianNetwork", GaussianObject::define(env, kernels));
  exports.Set("Preprocessor", PreprocessorObject::define(env, kernels));
  exports.Set("fit", fit_functions(env, kernels));
  exports.Set("kernels", kernel_functions(env, kernels));
  exports.Set("measure", measure_functions(env, kernels));
  exports.Set("tensors", tensor_functions(env, kernels));
  exports.Set("format", format_functions(env));
  return exports;
}

}  // namespace
}  // namespace gln::binding

// The macro wants a plain function.
static Napi::Object initialize_addon(Napi::Env env, Napi::Object exports) {
  return gln::binding::initialize(env, exports);
}

NODE_API_MODULE(gated_linear_networks, initialize_addon)
